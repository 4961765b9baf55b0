import { expect, test } from 'vitest';
import { cellKey, conditionOf, countsOf, headsOf, step, toneOfCell } from './matrix-cells';
import type { Field } from './types';

const rating: Field = { key: 'likelihood', kind: 'rating', title: 'L' };
const choice: Field = { key: 'kind', kind: 'choice', title: 'K', options: [{ id: 'a', title: 'A' }, { id: 'b', title: 'B' }] };

test('every step has its row, the highest on top, and nothing is lost', () => {
  expect(headsOf(rating, ['3', null], {}, 'none').map((head) => head.id)).toEqual(['5', '4', '3', '2', '1', '']);
  expect(headsOf(choice, ['b', 'old'], { old: 'Old' }, 'none').map((head) => head.title)).toEqual(['A', 'B', 'Old']);
});

test('counts of a cell are summed', () => {
  const counts = countsOf([{ by_value: '3', across_value: '4', records: 2 }, { by_value: '3', across_value: null, records: 1 }]);
  expect(counts.get(cellKey('3', '4'))).toBe(2);
  expect(counts.get(cellKey('3', ''))).toBe(1);
});

test('cells are coloured as risk registers are', () => {
  expect([toneOfCell('5', '3'), toneOfCell('2', '4'), toneOfCell('1', '5'), toneOfCell('a', '5')]).toEqual(['bad', 'warn', 'good', 'info']);
});

test('a cell opens its rows', () => {
  expect(conditionOf(rating, '3')).toBe('likelihood == 3');
  expect(conditionOf(choice, 'a')).toBe("kind == 'a'");
  expect(conditionOf(choice, '')).toBe('!has(kind)');
});

test('arrow keys stay inside', () => {
  expect(step('ArrowUp', { row: 0, column: 0 }, 5, 5)).toEqual({ row: 0, column: 0 });
  expect(step('ArrowRight', { row: 1, column: 3 }, 5, 5)).toEqual({ row: 1, column: 4 });
  expect(step('Enter', { row: 1, column: 3 }, 5, 5)).toBeUndefined();
});
