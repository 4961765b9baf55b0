import type { Dictionary } from './words';

/** Codes of what can be wrong with a text; their words stand in `conditions:fault`. */
export type FaultCode =
  | 'empty'
  | 'indent'
  | 'one_root'
  | 'children_needed'
  | 'one_child'
  | 'no_children'
  | 'unknown_head'
  | 'unknown_word'
  | 'text_needed'
  | 'number_needed'
  | 'whole_needed'
  | 'decimals'
  | 'id_needed'
  | 'time_needed'
  | 'left_over'
  | 'twice'
  | 'missing'
  | 'mixed';

/** What cannot be read, and in which line. */
export class Fault extends Error {
  constructor(
    readonly line: number,
    readonly code: FaultCode,
    readonly args: { [name: string]: string } = {},
  ) {
    super(`${line}: ${code}`);
  }
}

const NUMBER = /^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/i;
const TIME = /^[-+]?\d{4,6}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+]\d\d:\d\d)/i;
const ID = /^[\w-]+/;
const TEXT = /^"(?:[^"\\]|\\.)*"|^“[^”]*”/;
const LATIN = /[A-Za-z0-9_]/;
const CHUNK = /^[^\s:：;；,，、#]+/u;

/** Reads one line of text from left to right. */
export class Reader {
  private at = 0;

  constructor(
    private readonly text: string,
    readonly line: number,
  ) {}

  fault(code: FaultCode, args: { [name: string]: string } = {}): Fault {
    return new Fault(this.line, code, args);
  }

  private get rest(): string {
    while (/[\s\u3000]/.test(this.text[this.at] ?? '')) this.at += 1;
    return this.text.slice(this.at);
  }

  private take(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.rest)?.[0];
    if (found) this.at += found.length;
    return found;
  }

  /** What stands next, for whoever is told that it cannot be read. */
  next(): string {
    return CHUNK.exec(this.rest)?.[0] ?? this.rest.slice(0, 1);
  }

  get ended(): boolean {
    return this.rest === '' || this.rest.startsWith('#');
  }

  end(): void {
    if (!this.ended) throw this.fault('left_over', { word: this.next() });
  }

  /** A word of the dictionary or its code, the longest that fits; undefined where none does. */
  maybe<Code extends string>(words: { [K in Code]: string }): Code | undefined {
    const rest = this.rest.toLowerCase();
    let found: { code: Code; length: number } | undefined;
    for (const [code, word] of Object.entries(words) as [Code, string][]) {
      for (const spelled of [word.toLowerCase(), code]) {
        const cut = LATIN.test(spelled.at(-1) ?? '') && LATIN.test(rest[spelled.length] ?? '');
        if (spelled !== '' && rest.startsWith(spelled) && !cut && spelled.length > (found?.length ?? 0)) found = { code, length: spelled.length };
      }
    }
    if (found) this.at += found.length;
    return found?.code;
  }

  word<Code extends string>(words: { [K in Code]: string }): Code {
    const found = this.maybe(words);
    if (found === undefined) throw this.fault('unknown_word', { word: this.next(), words: Object.values(words).join(' · ') });
    return found;
  }

  /** A sign that parts what is said; true where it stood there. */
  colon(): boolean {
    return this.take(/^[:：]/) !== undefined;
  }
  part(): boolean {
    return this.take(/^[;；]/) !== undefined;
  }
  unfilled(): boolean {
    return this.take(/^[?？]/) !== undefined;
  }

  items<T>(one: () => T): T[] {
    if (this.unfilled()) return [];
    const found = [one()];
    while (this.take(/^[,，、]/)) found.push(one());
    return found;
  }

  string(): string {
    const found = this.take(TEXT);
    if (found === undefined) throw this.fault('text_needed', { word: this.next() });
    if (found.startsWith('“')) return found.slice(1, -1);
    try {
      return JSON.parse(found) as string;
    } catch {
      throw this.fault('text_needed', { word: found });
    }
  }

  number(): number {
    const found = this.take(NUMBER);
    if (found === undefined) throw this.fault('number_needed', { word: this.next() });
    return Number(found);
  }

  whole(): number {
    const found = this.number();
    if (!Number.isInteger(found)) throw this.fault('whole_needed', { word: String(found) });
    return found;
  }

  /** An amount of money in minor units. */
  money(decimals: number): number {
    const found = this.number();
    const minor = Math.round(found * 10 ** decimals);
    if (Math.abs(minor - found * 10 ** decimals) > 1e-4) throw this.fault('decimals', { word: String(found), decimals: String(decimals) });
    return minor;
  }

  percent(): number {
    const found = this.whole();
    this.take(/^[%％]/);
    return found;
  }

  id(): string {
    if (this.unfilled()) return '';
    const found = this.take(ID);
    if (found === undefined) throw this.fault('id_needed', { word: this.next() });
    return found;
  }

  time(): string {
    const found = this.take(TIME);
    if (found === undefined) throw this.fault('time_needed', { word: this.next() });
    return found;
  }

  /** A number or a text that a column is compared with. */
  value(): number | string | undefined {
    if (this.unfilled()) return undefined;
    return NUMBER.test(this.rest) ? this.number() : this.string();
  }

  /** Parts that begin with a word each, in any order; one that may stand once only does. */
  parts<Code extends string>(words: Dictionary, readers: { [K in Code]: () => void }, many: string[] = []): void {
    const codes = Object.keys(readers) as Code[];
    const allowed = Object.fromEntries(codes.map((code) => [code, words[code] ?? code])) as { [K in Code]: string };
    const seen = new Set<string>();
    while (!this.ended) {
      const code = this.word(allowed);
      if (seen.has(code) && !many.includes(code)) throw this.fault('twice', { word: allowed[code] });
      seen.add(code);
      readers[code]();
      if (!this.part()) break;
    }
  }
}
