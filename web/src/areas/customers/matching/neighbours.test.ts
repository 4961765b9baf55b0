import { expect, it } from 'vitest';
import { afterwards, beside } from './neighbours';

it('goes to the neighbour and stops at the ends', () => {
  expect(beside(['a', 'b', 'c'], 'b', 1)).toBe('c');
  expect(beside(['a', 'b', 'c'], 'b', -1)).toBe('a');
  expect(beside(['a', 'b', 'c'], 'c', 1)).toBeUndefined();
  expect(beside(['a', 'b', 'c'], 'a', -1)).toBeUndefined();
  expect(beside(['a', 'b', 'c'], 'x', 1)).toBeUndefined();
});

it('goes on after a decision, back from the last one, and nowhere where it was the only one', () => {
  expect(afterwards(['a', 'b', 'c'], 'a')).toBe('b');
  expect(afterwards(['a', 'b', 'c'], 'c')).toBe('b');
  expect(afterwards(['a'], 'a')).toBeUndefined();
});
