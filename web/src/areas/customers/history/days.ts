import type { SegmentChange, SegmentSize } from '@/api/schema';

/** More changes than these are not sent. */
export const CHANGES_MAX = 1_000;

/** A day of a segment: how many people it had at its end, and how many came and went; absent where that is not known. */
export interface HistoryDay {
  day: string;
  members: number | null;
  entered: number | null;
  left: number | null;
}

const DAY_MS = 86_400_000;
const next = (day: string, by = 1) => new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);

/** The day of a moment, as the company's calendar has it. */
export function dayIn(timeZone: string): (at: string) => string {
  const words = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (at) => words.format(new Date(at));
}

/** The last `count` days up to `today`, as far as anything is known; a day without a change is as the one before it. */
export function daysOf({ sizes, changes }: { sizes: SegmentSize[]; changes: SegmentChange[] }, dayOf: (at: string) => string, today: string, count: number): HistoryDay[] {
  const known = new Map(sizes.map(({ day, members }) => [day, members]));
  const first = sizes.reduce((least, { day }) => (day < least ? day : least), today);
  const moved = new Map<string, { entered: number; left: number }>();
  for (const { change, at } of changes) {
    const day = dayOf(at);
    const before = moved.get(day) ?? { entered: 0, left: 0 };
    moved.set(day, { ...before, [change]: before[change] + 1 });
  }
  // Where the changes were cut off, the day of the last of them is not whole, and nothing is known of those before.
  const oldest = changes.length >= CHANGES_MAX ? [...moved.keys()].sort()[0] : undefined;
  const from = next(today, 1 - count);
  const days: HistoryDay[] = [];
  let members: number | null = null;
  for (let day = first < from ? first : from; day <= today; day = next(day)) {
    members = known.get(day) ?? members;
    if (day < from || day < first) continue;
    const all = oldest === undefined || day > oldest;
    const { entered, left } = moved.get(day) ?? { entered: 0, left: 0 };
    days.push({ day, members, entered: all ? entered : null, left: all ? left : null });
  }
  return days;
}
