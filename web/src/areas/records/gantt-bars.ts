import { valueOf } from './fields';
import type { Row } from './types';

const DAY_MS = 86_400_000;
const DAYS_AROUND = 3;
/** Scales: up to so many days the head shows days, weeks, months, quarters. */
const SCALES = [
  { unit: 'day', upTo: 45 },
  { unit: 'week', upTo: 200 },
  { unit: 'month', upTo: 800 },
  { unit: 'quarter', upTo: Infinity },
] as const;
export type Unit = (typeof SCALES)[number]['unit'];

/** A record as a bar: whole days, both counted. */
export interface Bar {
  row: Row;
  /** Days since 1970. */
  from: number;
  to: number;
  /** True where only one of the dates is known. */
  open: boolean;
  /** Bars that must end before this one begins. */
  after: string[];
}

/** A point in time as the day that it falls on in a zone; a day stays one. */
export function localDay(value: string, zone: string): string {
  if (!value.includes('T')) return value;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? '' : new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at);
}

/** The number of a day; a point in time is taken by its day in the zone. */
export function dayOf(value: unknown, zone = 'UTC'): number | undefined {
  const found = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})/.exec(localDay(value, zone)) : null;
  return found ? Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3])) / DAY_MS : undefined;
}

/** The day of a number, as `2026-11-28`. */
export const dateOf = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);

const listed = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : typeof value === 'string' && value ? [value] : []);

/** Rows with at least one of the dates, earliest first; the others have no place on the chart. */
export function barsOf(rows: Row[], from: string, to: string | undefined, dependsOn: string | undefined, zone = 'UTC'): Bar[] {
  const bars = rows.flatMap((row): Bar[] => {
    const [begin, end] = [dayOf(valueOf(row, from), zone), to ? dayOf(valueOf(row, to), zone) : undefined];
    const [first, last] = [begin ?? end, end ?? begin];
    if (first === undefined || last === undefined) return [];
    const open = to !== undefined && (begin === undefined || end === undefined);
    return [{ row, from: Math.min(first, last), to: Math.max(first, last), open, after: dependsOn ? listed(row.values[dependsOn]) : [] }];
  });
  return bars.sort((a, b) => a.from - b.from || a.to - b.to);
}

/** The span of all bars, with a little room, so that today is inside where it is near. */
export function spanOf(bars: Bar[], today: number): { first: number; last: number; unit: Unit } {
  const first = Math.min(today, ...bars.map((bar) => bar.from)) - DAYS_AROUND;
  const last = Math.max(today, ...bars.map((bar) => bar.to)) + DAYS_AROUND;
  return { first, last, unit: SCALES.find((scale) => last - first < scale.upTo)?.unit ?? 'quarter' };
}

/** The days at which a scale writes a mark. */
export function marks(first: number, last: number, unit: Unit): number[] {
  const found: number[] = [];
  for (let day = first; day <= last; day += 1) {
    const date = new Date(day * DAY_MS);
    const begins = { day: true, week: date.getUTCDay() === 1, month: date.getUTCDate() === 1, quarter: date.getUTCDate() === 1 && date.getUTCMonth() % 3 === 0 }[unit];
    if (begins) found.push(day);
  }
  // A head has room for about a dozen marks.
  const every = Math.ceil(found.length / 12);
  return found.filter((_, i) => i % every === 0);
}

/** Whether a bar begins before one that it depends on has ended. */
export function tooEarly(bar: Bar, bars: Bar[]): boolean {
  return bar.after.some((id) => bars.some((other) => other.row.id === id && other.to >= bar.from));
}
