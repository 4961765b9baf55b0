// Parameters of a question: `$name` in its text.
import type { QueryParameterKind } from '@/api/schema';
import type { QueryParameter, Value, Values } from './contract';

/** What is no name even if it looks like one: text, quoted names and remarks. */
const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** The names in the order in which they first stand. */
export function namesIn(sql: string): string[] {
  const found = sql.replaceAll(QUOTED, ' ').matchAll(/\$([a-z][a-z0-9_]{0,39})(?![A-Za-z0-9_$])/g);
  return [...new Set([...found].map(([, name = '']) => name))];
}

/** The parameters of a text: what is known of them is kept, new ones are texts without a value. */
export function parametersOf(sql: string, known: QueryParameter[]): QueryParameter[] {
  return namesIn(sql).map((name) => known.find((one) => one.name === name) ?? { name, label: name, kind: 'text', default: null });
}

/** A parameter of another kind; a value that does not fit it is dropped. */
export function ofKind(parameter: QueryParameter, kind: QueryParameterKind): QueryParameter {
  return { ...parameter, kind, default: fits(kind, parameter.default ?? null) ? parameter.default : null };
}

function fits(kind: QueryParameterKind, value: Value): boolean {
  if (value === null) return true;
  if (kind === 'integer') return Number.isInteger(value);
  if (kind === 'time') return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
  return typeof value === (kind === 'text' ? 'string' : kind);
}

/** What is filled in, by name. */
export function valuesOf(parameters: QueryParameter[]): Values {
  return Object.fromEntries(parameters.map((one) => [one.name, one.default ?? null]));
}
