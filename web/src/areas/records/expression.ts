/** A comparison that a chip can say. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'starts' | 'has' | 'absent' | 'yes' | 'no' | 'past' | 'within' | 'ago' | 'older';

/** One condition of a list: a field, a comparison, values. */
export interface Condition {
  field: string;
  is: Comparison;
  values: (string | number)[];
}

/** A part of an expression: a condition that a chip can say, or the text of one that it cannot. */
export type Part = Condition | { source: string };

const NAME = '[a-z_][a-z0-9_]*';
const TEXT = "'(?:[^'\\\\]|\\\\.)*'";
const NUMBER = '-?\\d+(?:\\.\\d+)?';

const quote = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const unquote = (text: string) => text.slice(1, -1).replace(/\\(.)/g, '$1');
const literal = (value: string | number) => (typeof value === 'number' ? String(value) : quote(value));
const value = (text: string): string | number => (text.startsWith("'") ? unquote(text) : Number(text));

/** Writes one condition as the server reads it. */
export function write({ field, is, values }: Condition): string {
  const [first = ''] = values;
  switch (is) {
    case 'has':
      return `has(${field})`;
    case 'absent':
      return `!has(${field})`;
    case 'yes':
      return field;
    case 'no':
      return `!${field}`;
    case 'starts':
      return `${field}.startsWith(${quote(String(first))})`;
    case 'in':
      return values.length === 1 ? `${field} == ${literal(first)}` : `${field} in [${values.map(literal).join(', ')}]`;
    case 'past':
      return `${field} < now`;
    case 'within':
      return `${field} >= now && ${field} <= now + days(${first})`;
    case 'ago':
      return `${field} >= now - days(${first})`;
    case 'older':
      return `${field} < now - days(${first})`;
    default:
      return `${field} ${is} ${literal(first)}`;
  }
}

/** Writes conditions as one expression; nothing where there are none. */
export function join(parts: Part[]): string | undefined {
  const said = parts.map((part) => ('source' in part ? part.source : write(part)));
  const whole = said.length > 1 ? parts.map((part, i) => ('source' in part && /\|\||\?/.test(part.source) ? `(${said[i]})` : said[i])) : said;
  return whole.join(' && ') || undefined;
}

/** Splits at `&&` outside of brackets and texts. */
export function split(source: string): string[] {
  const parts: string[] = [];
  let [depth, from, quoted] = [0, 0, ''];
  for (let i = 0; i < source.length; i += 1) {
    const c = source.charAt(i);
    if (quoted) {
      if (c === '\\') i += 1;
      else if (c === quoted) quoted = '';
    } else if (c === "'" || c === '"') quoted = c;
    else if ('([{'.includes(c)) depth += 1;
    else if (')]}'.includes(c)) depth -= 1;
    else if (depth === 0 && source.startsWith('&&', i)) {
      parts.push(source.slice(from, i));
      from = i + 2;
      i += 1;
    }
  }
  return [...parts, source.slice(from)].map((part) => part.trim()).filter(Boolean);
}

type Said = Omit<Condition, 'field'>;
const SHAPES: [RegExp, (found: string[]) => Said][] = [
  [/^has\((?<field>NAME)\)$/, () => ({ is: 'has', values: [] })],
  [/^!\s*has\((?<field>NAME)\)$/, () => ({ is: 'absent', values: [] })],
  [/^(?<field>NAME)\.startsWith\((TEXT)\)$/, ([text = '']) => ({ is: 'starts', values: [unquote(text)] })],
  [/^(?<field>NAME)\s+in\s+\[(.*)\]$/, ([list = '']) => ({ is: 'in', values: (list.match(new RegExp(`${TEXT}|${NUMBER}`, 'g')) ?? []).map(value) })],
  [/^(?<field>NAME)\s*<\s*now$/, () => ({ is: 'past', values: [] })],
  [/^(?<field>NAME)\s*<=\s*now\s*\+\s*days\((\d+)\)$/, ([days]) => ({ is: 'within', values: [Number(days)] })],
  [/^(?<field>NAME)\s*>=\s*now\s*-\s*days\((\d+)\)$/, ([days]) => ({ is: 'ago', values: [Number(days)] })],
  [/^(?<field>NAME)\s*<\s*now\s*-\s*days\((\d+)\)$/, ([days]) => ({ is: 'older', values: [Number(days)] })],
  [/^(?<field>NAME)\s*==\s*(TEXT)$/, ([text = '']) => ({ is: 'in', values: [unquote(text)] })],
  [/^(?<field>NAME)\s*(==|!=|<=|>=|<|>)\s*(TEXT|NUMBER)$/, ([is, text = '']) => ({ is: is as Comparison, values: [value(text)] })],
  [/^!\s*(?<field>NAME)$/, () => ({ is: 'no', values: [] })],
  [/^(?<field>NAME)$/, () => ({ is: 'yes', values: [] })],
];
const READERS = SHAPES.map(([{ source }, make]) => ({ pattern: new RegExp(source.replaceAll('TEXT', TEXT).replaceAll('NUMBER', NUMBER).replaceAll('NAME', NAME)), make }));

function readOne(source: string): Part {
  for (const { pattern, make } of READERS) {
    const found = pattern.exec(source);
    const field = found?.groups?.field;
    if (found && field) return { field, ...make(found.slice(2)) };
  }
  return { source };
}

/** Reads an expression into what chips can say; the rest stays as it is written. */
export function read(source: string | null | undefined): Part[] {
  const pieces = split(source ?? '');
  return pieces.flatMap((piece, i) => {
    const part = readOne(piece);
    // "Within the next days" is written as two comparisons.
    const next = readOne(pieces[i + 1] ?? '');
    if (!('source' in next) && next.is === 'within' && piece === `${next.field} >= now`) return [];
    return [part];
  });
}
