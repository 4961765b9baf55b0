import type { Condition, EventCondition, EventFilter, Leaf } from '../contract';
import { childPath } from '../condition';
import { plain, standsAlone } from './plain';
import type { Words } from './words';

/** Stands where something is left to fill in. */
export const UNFILLED = '?';
const HOURS_OF_DAY = 24;

/** A condition in words. */
export interface Written {
  text: string;
  /** The line of each part, by the path by which the server names it. */
  lines: Map<string, number>;
}

interface Line {
  depth: number;
  path: string;
  text: string;
}

const quoted = (text: string) => JSON.stringify(text);

/** Writes the parts of conditions in the words of one language. */
class Writer {
  constructor(
    private readonly words: Words,
    private readonly nameOf: (id: string) => string | undefined,
  ) {}

  private items(values: string[] | undefined): string {
    return values?.length ? values.join(this.words.sign.item) : UNFILLED;
  }

  private money(minor: number): string {
    return (minor / 10 ** this.words.decimals).toFixed(this.words.decimals);
  }

  private bounds({ at_least, at_most }: { at_least?: number | null; at_most?: number | null }, show: (n: number) => string = String): string[] {
    const { key } = this.words;
    return [...(typeof at_least === 'number' ? [`${key.at_least} ${show(at_least)}`] : []), ...(typeof at_most === 'number' ? [`${key.at_most} ${show(at_most)}`] : [])];
  }

  private last(days: number | null | undefined): string[] {
    return typeof days === 'number' ? [`${this.words.key.last} ${days} ${this.words.unit.days}`] : [];
  }

  private window({ within_days, span }: Pick<Extract<Leaf, { type: 'did' }>, 'within_days' | 'span'>): string[] {
    const { key } = this.words;
    return [...this.last(within_days), ...(span?.from ? [`${key.since} ${span.from}`] : []), ...(span?.to ? [`${key.before} ${span.to}`] : [])];
  }

  private test({ column, op, value }: EventCondition): string {
    const { key, operator } = this.words;
    const said = typeof value === 'number' ? String(value) : typeof value === 'string' ? quoted(value) : UNFILLED;
    return `${key.where} ${this.words.column[column]} ${operator[op]}${standsAlone(op) ? '' : ` ${said}`}`;
  }

  private filter({ names, kinds, source_ids, where }: EventFilter): string[] {
    const { key, call } = this.words;
    const said = [
      ...(names ? [`${key.event} ${this.items(names.map(quoted))}`] : []),
      ...(kinds ? [`${key.kind} ${this.items(kinds.map((kind) => call[kind] ?? kind))}`] : []),
      ...(source_ids ? [`${key.source} ${this.items(source_ids)}`] : []),
      ...(where ?? []).map((one) => this.test(one)),
    ];
    return said.length ? said : [key.anything ?? ''];
  }

  private measured(leaf: Extract<Leaf, { type: 'did' }>): string[] {
    const measure = this.words.key[leaf.measure];
    const bounds = this.bounds(leaf);
    return (bounds.length ? bounds : [UNFILLED]).map((bound) => `${measure} ${bound}`);
  }

  /** What a condition says after its kind. */
  private parts(leaf: Leaf): string[] {
    const { words } = this;
    switch (leaf.type) {
      case 'text':
        return [`${words.text[leaf.field]} ${this.items(leaf.one_of.map(quoted))}`];
      case 'number':
        return [words.number[leaf.field] ?? leaf.field, ...this.bounds(leaf)];
      case 'flag':
        return [`${words.flag[leaf.field]} ${words.yes_no[leaf.is ? 'yes' : 'no']}`];
      case 'known_since':
        return [`${leaf.within_days} ${words.unit.days}`];
      case 'tier':
        return [this.items(leaf.one_of)];
      case 'consent':
        return [words.state[leaf.state] ?? '', words.channel[leaf.channel] ?? '', words.purpose[leaf.purpose] ?? '', ...(leaf.brand_id ? [`${words.key.brand} ${leaf.brand_id}`] : [])];
      case 'ordered':
        return [
          ...(leaf.what ? [`${words.goods[leaf.what.by]} ${quoted(leaf.what.value)}`] : []),
          `${words.key.at_least} ${leaf.at_least}`,
          ...this.last(leaf.within_days),
          ...(typeof leaf.total_at_least_minor === 'number' ? [`${words.key.total} ${this.money(leaf.total_at_least_minor)}`] : []),
        ];
      case 'redeemed':
        return [...(typeof leaf.campaign === 'string' ? [`${words.key.campaign} ${quoted(leaf.campaign)}`] : []), ...this.last(leaf.within_days)];
      case 'score': {
        const percent = leaf.which === 'p_alive' || leaf.which === 'churn';
        const show = (n: number) => (leaf.which === 'expected_value' ? this.money(n) : percent ? `${n}%` : String(n));
        return [words.score[leaf.which] ?? leaf.which, ...this.bounds(leaf, show)];
      }
      case 'persona':
        return [leaf.persona_id || UNFILLED];
      case 'in_segment':
        return [leaf.segment_id || UNFILLED];
      case 'did':
        return [...this.filter(leaf.what), ...this.measured(leaf), ...this.window(leaf)];
      case 'did_in_order': {
        const days = leaf.within_hours / HOURS_OF_DAY;
        const within = Number.isInteger(days) ? `${days} ${words.unit.days}` : `${leaf.within_hours} ${words.unit.hours}`;
        return [`${words.key.within} ${within}`, ...this.window(leaf)];
      }
    }
  }

  /** Names of what is named by its id, for readers alone. */
  private note(leaf: Leaf): string {
    const ids = leaf.type === 'persona' ? [leaf.persona_id] : leaf.type === 'in_segment' ? [leaf.segment_id] : leaf.type === 'consent' && leaf.brand_id ? [leaf.brand_id] : [];
    const names = ids.flatMap((id) => this.nameOf(id)?.replace(/\s+/g, ' ') ?? []);
    return names.length ? `  # ${names.join(' ')}` : '';
  }

  private said(head: string, parts: string[]): string {
    const { sign } = this.words;
    return `${this.words.head[head]}${parts.length ? sign.colon + parts.join(sign.part) : ''}`;
  }

  write(condition: Condition, path = '', depth = 0): Line[] {
    const line = (text: string): Line => ({ depth, path, text });
    if (condition.type === 'all' || condition.type === 'any') {
      return [line(this.said(condition.type, [])), ...condition.of.flatMap((child, place) => this.write(child, childPath(path, place), depth + 1))];
    }
    if (condition.type === 'not') return [line(this.said('not', [])), ...this.write(condition.of, childPath(path), depth + 1)];
    const own = line(this.said(condition.type, this.parts(condition)) + this.note(condition));
    const steps = condition.type === 'did_in_order' ? condition.steps : [];
    return [own, ...steps.map((step) => ({ depth: depth + 1, path, text: this.said('step', this.filter(step)) }))];
  }
}

/** Writes a condition so that people can read it, and `read` gives back the same. */
export function write(condition: Condition, words: Words, nameOf: (id: string) => string | undefined = () => undefined): Written {
  const written = new Writer(words, nameOf).write(plain(condition));
  const lines = new Map<string, number>();
  written.forEach(({ path }, i) => {
    if (!lines.has(path)) lines.set(path, i + 1);
  });
  return { text: written.map(({ depth, text }) => '  '.repeat(depth) + text).join('\n'), lines };
}
