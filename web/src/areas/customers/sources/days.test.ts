import { expect, test } from 'vitest';
import { wholeDays } from './days';

test('every day stands there once, also over the end of a month', () => {
  const known = [{ day: '2026-11-30', stored: 5, duplicates: 1, bots: 2, last_at: '2026-11-30T10:00:00Z' }];
  expect(wholeDays(known, 3, new Date('2026-12-01T23:59:59Z'))).toEqual([
    { day: '2026-11-29', stored: 0, duplicates: 0, bots: 0 },
    { day: '2026-11-30', stored: 5, duplicates: 1, bots: 2 },
    { day: '2026-12-01', stored: 0, duplicates: 0, bots: 0 },
  ]);
});
