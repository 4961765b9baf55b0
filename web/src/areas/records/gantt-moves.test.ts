import { expect, test } from 'vitest';
import { movedBy, valuesOf } from './gantt-moves';

const bar = { from: 20_000, to: 20_004 };

test('the whole bar keeps its length, an end stops at the other one', () => {
  expect(movedBy(bar, 'whole', -3)).toEqual({ from: 19_997, to: 20_001 });
  expect(movedBy(bar, 'from', 9)).toEqual({ from: 20_004, to: 20_004 });
  expect(movedBy(bar, 'to', -9)).toEqual({ from: 20_000, to: 20_000 });
});

test('only what differs is written, as days', () => {
  expect(valuesOf(bar, { from: 20_000, to: 20_005 }, { from: 'starts_on', to: 'ends_on' })).toEqual({ ends_on: '2024-10-09' });
  expect(valuesOf(bar, { from: 20_001, to: 20_005 }, { to: 'ends_on' })).toEqual({ ends_on: '2024-10-09' });
  expect(valuesOf(bar, bar, { from: 'starts_on', to: 'ends_on' })).toEqual({});
});
