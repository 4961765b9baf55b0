import type { InsightMeasurement } from '@/api/schema';

/** A length of windows: what the rate was before, and what it is after. */
export interface Pair {
  days: number;
  before: InsightMeasurement | undefined;
  after: InsightMeasurement | undefined;
}

/** The measurements by the length of their windows, the shortest first. */
export function pairsOf(measurements: InsightMeasurement[]): Pair[] {
  const lengths = [...new Set(measurements.map(({ days }) => days))].sort((a, b) => a - b);
  const find = (days: number, moment: InsightMeasurement['moment']) => measurements.find((one) => one.days === days && one.moment === moment);
  return lengths.map((days) => ({ days, before: find(days, 'before'), after: find(days, 'after') }));
}

/** How much a rate grew, in percentage points; undefined where one of them is not known. */
export function grown(before: number | null | undefined, after: number | null | undefined): number | undefined {
  return typeof before === 'number' && typeof after === 'number' ? after - before : undefined;
}

/** What two windows say: by how much the group's rate grew, and by how much everybody's did. */
export function saysOf({ before, after }: Pair): { group: number | undefined; everybody: number | undefined; waits: string | undefined } {
  return {
    group: grown(before?.rate, after?.rate),
    everybody: grown(before?.all_rate, after?.all_rate),
    waits: after && !after.measured_at ? after.window_until : undefined,
  };
}
