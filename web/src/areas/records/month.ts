import { dateOf, dayOf } from './gantt-bars';

const WEEK = 7;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** The month of a day, as `2026-11`. */
export const monthOf = (day: string) => day.slice(0, 7);

/** The month that an address asks for; today's where it asks for none. */
export const monthAsked = (asked: string | null, today: string) => (asked && MONTH.test(asked) ? asked : monthOf(today));

/** A month later or earlier. */
export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** The weeks that show a month, from Monday on, days of its neighbours included. */
export function weeksOf(month: string): string[][] {
  const first = dayOf(`${month}-01`) ?? 0;
  const next = dayOf(`${monthAfter(month, 1)}-01`) ?? 0;
  // 1 January 1970 was a Thursday.
  const monday = first - ((((first + 3) % WEEK) + WEEK) % WEEK);
  const weeks: string[][] = [];
  for (let week = monday; week < next; week += WEEK) weeks.push(Array.from({ length: WEEK }, (_, i) => dateOf(week + i)));
  return weeks;
}

/** The expression that finds what begins, or ends, around a month; the days are counted from today because expressions know no dates. */
export function around(month: string, today: string, field: string): string {
  const weeks = weeksOf(month);
  const now = dayOf(today) ?? 0;
  // A day more at both ends: the company's midnight is not the reader's.
  const from = now - (dayOf(weeks[0]?.[0] ?? today) ?? now) + 1;
  const to = (dayOf(weeks.at(-1)?.at(-1) ?? today) ?? now) - now + 2;
  const say = (days: number) => (days < 0 ? `now - days(${-days})` : `now + days(${days})`);
  return `${field} >= ${say(-from)} && ${field} < ${say(to)}`;
}

/** What stands on a day: everything from its first to its last day. */
export function onDay<T extends { from: number; to: number }>(bars: T[], day: string): T[] {
  const number = dayOf(day) ?? 0;
  return bars.filter((bar) => bar.from <= number && number <= bar.to);
}
