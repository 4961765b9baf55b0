import type { FieldProblem } from '@/api/problem';
import { isEmpty, isWritten } from './fields';
import type { Field, Row, Values } from './types';

/** Without the rows of child tables in which nothing was written, and with nothing said as `null`. */
export function tidy(values: Values, fields: Field[]): Values {
  const tidied: Values = {};
  for (const field of fields) {
    if (!(field.key in values)) continue;
    const value = values[field.key];
    const text = typeof value === 'string' ? value.trim() : value;
    const rows = field.kind === 'table' && Array.isArray(text) ? (text as Values[]).filter((row) => Object.values(row).some((cell) => !isEmpty(cell))) : text;
    tidied[field.key] = isEmpty(rows) ? (Array.isArray(rows) ? [] : null) : rows;
  }
  return tidied;
}

/** True where two values say the same, nothing and an empty list included. */
export function same(a: unknown, b: unknown): boolean {
  if (isEmpty(a) && isEmpty(b)) return true;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Only what differs from the record as it was read. */
export function changes(row: Row, values: Values, fields: Field[]): Values {
  const after = tidy(values, fields);
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => !same(value, row.values[key])));
}

/** The fields of a form in which something is written; hidden ones are left alone. */
export function formFields(fields: Field[], masked: string[] = []): Field[] {
  return fields.filter((field) => isWritten(field) && field.readable !== false && !masked.includes(field.key));
}

/** What the server says of the values, by the field that it belongs to; what no field shows is returned as the rest. */
export function blame(problems: FieldProblem[], keys: string[], say: (problem: FieldProblem) => string): { beside: Map<string, string[]>; rest: FieldProblem[] } {
  const beside = new Map<string, string[]>();
  const rest: FieldProblem[] = [];
  for (const problem of problems) {
    const [key = '', ...inner] = problem.field.replace(/^values\./, '').split(/[.[\]]+/).filter(Boolean);
    if (!keys.includes(key)) {
      rest.push(problem);
      continue;
    }
    // A row of a table is named by its place, so that the message says which one.
    const place = inner.length && /^\d+$/.test(inner[0] ?? '') ? `${Number(inner[0]) + 1}: ` : '';
    beside.set(key, [...(beside.get(key) ?? []), place + say(problem)]);
  }
  return { beside, rest };
}
