import type { RfmCell, RfmSegment } from '@/api/schema';
import type { Condition, ScoreField } from '../contract';
import { DIGITS } from './contract';

/** So many conditions fit side by side. */
const CONDITIONS_MAX = 20;

/** One field of the heat map. */
export interface HeatCell {
  recency: number;
  frequency: number;
  count: number;
}

/** How many people bought how recently and how often, whatever they spent; empty fields too. */
export function heat(cells: RfmCell[]): HeatCell[] {
  return DIGITS.flatMap((recency) =>
    DIGITS.map((frequency) => ({ recency, frequency, count: cells.filter((cell) => cell.recency === recency && cell.frequency === frequency).reduce((sum, cell) => sum + cell.count, 0) })),
  );
}

const between = (which: ScoreField, low: number, high = low): Condition => ({ type: 'score', which, at_least: low, at_most: high });

/** The people of one field of the heat map, as a condition. */
export function conditionOfCell({ recency, frequency }: Pick<HeatCell, 'recency' | 'frequency'>): Condition {
  return { type: 'all', of: [between('recency', recency), between('frequency', frequency)] };
}

/** The people of a segment, as a condition on their digits; undefined where that would be too long to read. */
export function conditionOfSegment(cells: RfmCell[], segment: RfmSegment): Condition | undefined {
  const own = cells.filter((cell) => cell.segment === segment && cell.count > 0);
  const fields = new Map<string, RfmCell[]>();
  for (const cell of own) {
    const key = `${cell.recency}/${cell.frequency}`;
    fields.set(key, [...(fields.get(key) ?? []), cell]);
  }
  const parts = [...fields.values()].flatMap((of) => runs(of.map(({ monetary }) => monetary)).map(([low, high]) => ({ cell: of[0] as RfmCell, low, high })));
  if (parts.length === 0 || parts.length > CONDITIONS_MAX) return undefined;
  return { type: 'any', of: parts.map(({ cell: { recency, frequency }, low, high }) => ({ type: 'all', of: [between('recency', recency), between('frequency', frequency), between('monetary', low, high)] })) };
}

/** Digits that follow each other, as first and last of each row of them. */
function runs(digits: number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const digit of [...digits].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && digit <= last[1] + 1) last[1] = digit;
    else found.push([digit, digit]);
  }
  return found;
}

/** The address at which a segment begins with a condition and a name. */
export function newSegment(definition: Condition, name: string): string {
  return `/customers/segments/new?${new URLSearchParams({ name, definition: JSON.stringify(definition) }).toString()}`;
}

/** How well the models predict beside "everybody goes on as before": the share of the error that they save. */
export function saved({ orders_mae, orders_mae_as_before }: { orders_mae: number; orders_mae_as_before: number }): number {
  return orders_mae_as_before > 0 ? 1 - orders_mae / orders_mae_as_before : 0;
}
