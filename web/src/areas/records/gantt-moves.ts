import { type Bar, dateOf } from './gantt-bars';
import type { RecordSchema, RecordView, Values } from './types';

/** What is taken hold of: the whole bar, or one of its ends. */
export type Grip = 'whole' | 'from' | 'to';

/** The first and the last day of a bar that was moved by so many days; an end never passes the other one. */
export function movedBy({ from, to }: Pick<Bar, 'from' | 'to'>, grip: Grip, days: number): { from: number; to: number } {
  if (grip === 'whole') return { from: from + days, to: to + days };
  if (grip === 'from') return { from: Math.min(from + days, to), to };
  return { from, to: Math.max(to + days, from) };
}

/** The fields that moving a bar writes; none where the view's dates are computed, or are points in time. */
export function datesOf(schema: RecordSchema, view: RecordView | undefined): { from?: string; to?: string } {
  const written = (key: string | null | undefined) => {
    const field = schema.fields.find((one) => one.key === key);
    return field && field.kind === 'date' && !field.read_only ? field.key : undefined;
  };
  const [from, to] = [written(view?.from), written(view?.to)];
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

/** What is sent: only the dates that differ now. */
export function valuesOf(bar: Pick<Bar, 'from' | 'to'>, next: { from: number; to: number }, fields: { from?: string; to?: string }): Values {
  return {
    ...(fields.from && next.from !== bar.from ? { [fields.from]: dateOf(next.from) } : {}),
    ...(fields.to && next.to !== bar.to ? { [fields.to]: dateOf(next.to) } : {}),
  };
}
