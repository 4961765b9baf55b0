import { expect, test } from 'vitest';
import { type Condition, join, read, split, write } from './expression';

const SAID: [Condition, string][] = [
  [{ field: 'category', is: 'in', values: ['market'] }, "category == 'market'"],
  [{ field: 'category', is: 'in', values: ['market', "it's"] }, "category in ['market', 'it\\'s']"],
  [{ field: 'name', is: 'starts', values: ['春季'] }, "name.startsWith('春季')"],
  [{ field: 'name', is: '!=', values: ['a && b'] }, "name != 'a && b'"],
  [{ field: 'score', is: '>=', values: [15] }, 'score >= 15'],
  [{ field: 'score', is: '<', values: [-1.5] }, 'score < -1.5'],
  [{ field: 'ended', is: 'no', values: [] }, '!ended'],
  [{ field: 'urgent', is: 'yes', values: [] }, 'urgent'],
  [{ field: 'ends_on', is: 'absent', values: [] }, '!has(ends_on)'],
  [{ field: 'ends_on', is: 'has', values: [] }, 'has(ends_on)'],
  [{ field: 'ends_on', is: 'past', values: [] }, 'ends_on < now'],
  [{ field: 'ends_on', is: 'within', values: [7] }, 'ends_on >= now && ends_on <= now + days(7)'],
  [{ field: 'created_at', is: 'ago', values: [30] }, 'created_at >= now - days(30)'],
  [{ field: 'created_at', is: 'older', values: [30] }, 'created_at < now - days(30)'],
];

test.each(SAID)('%o is written and read back', (condition, source) => {
  expect(write(condition)).toBe(source);
  expect(read(source)).toEqual([condition]);
});

test('all conditions together are one expression, and come back in order', () => {
  const all = SAID.map(([condition]) => condition);
  expect(read(join(all))).toEqual(all);
  expect(join([])).toBeUndefined();
  expect(read(undefined)).toEqual([]);
});

test('what no chip can say is kept as it is written', () => {
  const source = "score > 3 * likelihood && (state == 'open' || has(due_on))";
  expect(split(source)).toHaveLength(2);
  expect(read(source)).toEqual([{ source: 'score > 3 * likelihood' }, { source: "(state == 'open' || has(due_on))" }]);
  expect(join([{ source: 'a || b' }, { field: 'ended', is: 'no', values: [] }])).toBe('(a || b) && !ended');
});
