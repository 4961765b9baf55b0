import { expect, test } from 'vitest';
import { around, monthAfter, monthAsked, onDay, weeksOf } from './month';
import { dayOf } from './gantt-bars';

test('a month is shown in whole weeks from Monday', () => {
  const weeks = weeksOf('2026-11');
  expect(weeks[0]?.[0]).toBe('2026-10-26');
  expect(weeks.at(-1)?.at(-1)).toBe('2026-12-06');
  expect(weeksOf('2027-02')).toHaveLength(4);
});

test('months follow each other over the year', () => {
  expect(monthAfter('2026-12', 1)).toBe('2027-01');
  expect(monthAfter('2026-01', -1)).toBe('2025-12');
  expect(monthAsked('2026-13', '2026-11-28')).toBe('2026-11');
  expect(monthAsked('2027-03', '2026-11-28')).toBe('2027-03');
});

test('what is asked for reaches from the first to the last shown day', () => {
  expect(around('2026-11', '2026-11-28', 'due_on')).toBe('due_on >= now - days(34) && due_on < now + days(10)');
  expect(around('2027-02', '2026-11-28', 'due_on')).toBe('due_on >= now + days(64) && due_on < now + days(94)');
});

test('an entry stands on each of its days', () => {
  const bars = [{ from: dayOf('2026-11-27') ?? 0, to: dayOf('2026-11-29') ?? 0 }];
  expect(onDay(bars, '2026-11-28')).toHaveLength(1);
  expect(onDay(bars, '2026-11-30')).toHaveLength(0);
});
