import type { CalendarDay, CalendarSpec, DayHours, WeeklyHours } from '@/api/schema';

/** The days of the week as the server names them, Monday first. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type WeekdayName = (typeof WEEKDAYS)[number];

const HOURS = /^(\d{2}:\d{2})\s*[-–~]\s*(\d{2}:\d{2})$/;

/** Reads "09:00-12:00, 13:00-18:00"; nothing where a part is no pair of times. */
export function readHours(text: string): DayHours[] | undefined {
  const parts = text.split(/[,;，、；]/).map((part) => part.trim()).filter(Boolean);
  const hours = parts.map((part) => HOURS.exec(part));
  if (hours.some((found) => found === null)) return undefined;
  return hours.map((found) => ({ from: found?.[1] ?? '', to: found?.[2] ?? '' }));
}

/** Writes what `readHours` reads. */
export function writeHours(hours: DayHours[]): string {
  return hours.map(({ from, to }) => `${from}-${to}`).join(', ');
}

/** The hours of one weekday. */
export function hoursOf(weekly: WeeklyHours[], weekday: WeekdayName): DayHours[] {
  return weekly.filter((hours) => String(hours.weekday) === weekday).map(({ from, to }) => ({ from, to }));
}

/** An exception as the form holds it. */
export interface ExceptionRow {
  date: string;
  kind: 'closed' | 'hours' | 'make_up';
  hours?: string;
  weekday?: WeekdayName;
  name?: string;
}

/** A definition as the form holds it. */
export interface SpecForm {
  time_zone: string;
  china: boolean;
  week: Record<WeekdayName, string>;
  exceptions: ExceptionRow[];
}

/** Lays a definition out for the form. */
export function toForm(spec: CalendarSpec): SpecForm {
  const week = Object.fromEntries(WEEKDAYS.map((day) => [day, writeHours(hoursOf(spec.weekly, day))])) as SpecForm['week'];
  const exceptions = (spec.exceptions ?? []).map(({ date, name, rule }): ExceptionRow => {
    const base = { date, ...(name ? { name } : {}) };
    if (rule.kind === 'hours') return { ...base, kind: 'hours', hours: writeHours(rule.hours) };
    if (rule.kind === 'make_up') return { ...base, kind: 'make_up', weekday: String(rule.weekday) as WeekdayName };
    return { ...base, kind: 'closed' };
  });
  return { time_zone: spec.time_zone, china: Boolean(spec.holidays), week, exceptions };
}

/** Puts together what the form says. */
export function fromForm(form: SpecForm): CalendarSpec {
  const weekly = WEEKDAYS.flatMap((weekday) => (readHours(form.week[weekday] ?? '') ?? []).map((hours) => ({ weekday, ...hours })));
  const exceptions = (form.exceptions ?? []).map(({ date, kind, hours, weekday, name }) => {
    const rule = kind === 'hours' ? { kind, hours: readHours(hours ?? '') ?? [] } : kind === 'make_up' ? { kind, weekday: weekday ?? 'monday' } : { kind };
    return { date, rule, name: name?.trim() ?? '' };
  });
  return { time_zone: form.time_zone, holidays: form.china ? 'cn' : null, weekly, exceptions } as CalendarSpec;
}

/** A month as a calendar shows it: its days after as many blanks as there are before the first, from Monday. */
export function monthGrid(days: CalendarDay[], month: number): (CalendarDay | undefined)[] {
  const own = days.filter((day) => Number(day.date.slice(5, 7)) === month);
  const first = own[0];
  const before = first ? (new Date(`${first.date}T00:00:00Z`).getUTCDay() + 6) % 7 : 0;
  return [...Array.from({ length: before }, () => undefined), ...own];
}

/** A day as a moment at noon in UTC, to be written with UTC as its zone. */
export function noon(date: string): Date {
  return new Date(`${date}T12:00:00Z`);
}
