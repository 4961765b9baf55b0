import { expect, test } from 'vitest';
import { inserted, written } from './names';

test('only names that need it stand in quotes', () => {
  expect(['city', 'order', 'Order Completed', 'a"b', '城市'].map(written)).toEqual(['city', '"order"', '"Order Completed"', '"a""b"', '"城市"']);
});

test('a name never grows together with the words beside it', () => {
  expect(inserted('SELECT', 6, 6, 'city')).toEqual({ text: 'SELECT city', caret: 11 });
  expect(inserted('SELECT a,FROM x', 9, 9, 'city')).toEqual({ text: 'SELECT a, city FROM x', caret: 15 });
  expect(inserted('o.', 2, 2, 'city').text).toBe('o.city');
  expect(inserted('COUNT()', 6, 6, 'city').text).toBe('COUNT(city)');
});

test('a selection is replaced', () => {
  expect(inserted('SELECT xxx FROM t', 7, 10, 'city').text).toBe('SELECT city FROM t');
});
