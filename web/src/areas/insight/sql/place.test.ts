import { expect, test } from 'vitest';
import { markOf, offsetOf, placeIn, placeOf } from './place';

const TEXT = 'SELECT citty\nFROM profiles\nWHERE name = \'王😀\' AND x';

test('a place is found again, characters being counted as people count them', () => {
  for (const place of [{ line: 1, column: 1 }, { line: 1, column: 8 }, { line: 2, column: 6 }, { line: 3, column: 18 }]) expect(placeOf(TEXT, offsetOf(TEXT, place))).toEqual(place);
  expect(TEXT.slice(offsetOf(TEXT, { line: 3, column: 19 }), offsetOf(TEXT, { line: 3, column: 22 }))).toBe('AND');
});

test('what lies beyond ends where the line or the text ends', () => {
  expect(offsetOf('a\nb', { line: 1, column: 99 })).toBe(1);
  expect(offsetOf('a\nb', { line: 9, column: 1 })).toBe(2);
  expect(offsetOf('', { line: 1, column: 1 })).toBe(0);
});

test('the mark covers the word at the place, or the last one before the end', () => {
  const marked = (text: string, line: number, column: number) => {
    const { start, end } = markOf(text, { line, column });
    return text.slice(start, end);
  };
  expect(marked(TEXT, 1, 8)).toBe('citty');
  expect(marked(TEXT, 3, 12)).toBe('=');
  expect(marked('SELECT 1 FROM ', 1, 15)).toBe('FROM');
  expect(markOf('', { line: 1, column: 1 })).toEqual({ start: 0, end: 0 });
});

test('a refusal names a place or none', () => {
  expect(placeIn({ line: 2, column: 5, message: 'x' })).toEqual({ line: 2, column: 5 });
  expect(placeIn({ message: 'x' })).toBeUndefined();
});
