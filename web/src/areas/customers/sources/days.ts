import type { SourceDay } from './contract';

const DAY_MS = 86_400_000;

/** The last days (UTC) up to today, oldest first; a day on which nothing arrived has zeros. */
export function wholeDays(known: SourceDay[], count: number, now = new Date()): Omit<SourceDay, 'last_at'>[] {
  const byDay = new Map(known.map((day) => [day.day, day]));
  return Array.from({ length: count }, (_, i) => {
    const day = new Date(now.getTime() - (count - 1 - i) * DAY_MS).toISOString().slice(0, 10);
    const { stored = 0, duplicates = 0, bots = 0 } = byDay.get(day) ?? {};
    return { day, stored, duplicates, bots };
  });
}
