import { expect, test } from 'vitest';
import { barsOf, dateOf, dayOf, marks, spanOf, tooEarly } from './gantt-bars';
import type { Row } from './types';

const row = (id: string, values: Row['values']) => ({ id, values }) as unknown as Row;
const ROWS = [
  row('b', { starts_on: '2026-12-01', ends_on: '2026-12-05', depends_on: 'a' }),
  row('a', { starts_on: '2026-11-20', ends_on: '2026-12-01' }),
  row('c', { ends_on: '2026-12-24T10:00:00Z', depends_on: ['a', 'b'] }),
  row('none', {}),
];

test('days are whole and come back', () => {
  expect(dateOf(dayOf('2026-02-28') ?? 0)).toBe('2026-02-28');
  expect(dayOf('2028-03-01')).toBe((dayOf('2028-02-28') ?? 0) + 2);
  expect(dayOf('')).toBeUndefined();
  expect(dayOf(null)).toBeUndefined();
});

test('bars stand in order and know what they wait for', () => {
  const bars = barsOf(ROWS, 'starts_on', 'ends_on', 'depends_on');
  expect(bars.map((bar) => bar.row.id)).toEqual(['a', 'b', 'c']);
  expect(bars.map((bar) => bar.open)).toEqual([false, false, true]);
  expect(bars[2]?.after).toEqual(['a', 'b']);
  expect(bars.map((bar) => tooEarly(bar, bars))).toEqual([false, true, false]);
});

test('the scale follows the span', () => {
  const bars = barsOf(ROWS, 'starts_on', 'ends_on', undefined);
  const today = dayOf('2026-11-28') ?? 0;
  const span = spanOf(bars, today);
  expect([dateOf(span.first), dateOf(span.last), span.unit]).toEqual(['2026-11-17', '2026-12-27', 'day']);
  expect(marks(span.first, span.last, 'day').length).toBeLessThanOrEqual(12);
  expect(marks(span.first, span.last, 'month').map(dateOf)).toEqual(['2026-12-01']);
  expect(spanOf(bars, today - 900).unit).toBe('quarter');
});
