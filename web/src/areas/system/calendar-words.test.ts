import { expect, test } from 'vitest';
import type { CalendarDay, CalendarSpec } from '@/api/schema';
import { fromForm, monthGrid, readHours, toForm, writeHours } from './calendar-words';

test('hours are read as people write them', () => {
  expect(readHours('09:00-12:00, 13:00-18:00')).toEqual([
    { from: '09:00', to: '12:00' },
    { from: '13:00', to: '18:00' },
  ]);
  expect(readHours('22:00 – 06:00')).toEqual([{ from: '22:00', to: '06:00' }]);
  expect(readHours('')).toEqual([]);
  expect(readHours('9-18')).toBeUndefined();
  expect(readHours('09:00-12:00, noon')).toBeUndefined();
  expect(writeHours([{ from: '09:00', to: '12:00' }])).toBe('09:00-12:00');
});

test('a definition comes through the form as it was', () => {
  const spec = {
    time_zone: 'Asia/Shanghai',
    holidays: 'cn',
    weekly: [
      { weekday: 'monday', from: '09:00', to: '12:00' },
      { weekday: 'monday', from: '13:00', to: '18:00' },
      { weekday: 'sunday', from: '22:00', to: '06:00' },
    ],
    exceptions: [
      { date: '2026-05-04', rule: { kind: 'closed' }, name: 'Stocktaking' },
      { date: '2026-05-09', rule: { kind: 'make_up', weekday: 'monday' }, name: '' },
      { date: '2026-05-10', rule: { kind: 'hours', hours: [{ from: '10:00', to: '12:00' }] }, name: '' },
    ],
  } as CalendarSpec;
  expect(fromForm(toForm(spec))).toEqual(spec);
});

test('a month begins under its weekday', () => {
  const day = (date: string) => ({ date, kind: 'open', minutes: 480 }) as CalendarDay;
  // 1 February 2026 is a Sunday.
  const grid = monthGrid([day('2026-01-31'), day('2026-02-01'), day('2026-02-02')], 2);
  expect(grid.map((one) => one?.date)).toEqual([undefined, undefined, undefined, undefined, undefined, undefined, '2026-02-01', '2026-02-02']);
});
