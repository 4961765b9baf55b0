import { expect, test } from 'vitest';
import type { SqlKind } from '@/api/schema';
import { areDays, drawn, fitted, guess, isPie } from './charts';
import type { Value } from './contract';

const answer = (columns: { [name: string]: SqlKind }, rows: Value[][]) => ({ columns: Object.entries(columns).map(([name, kind]) => ({ name, kind })), rows });
const SALES = answer({ day: 'date', city: 'text', orders: 'integer' }, [['2026-11-01', '北京', 3], ['2026-11-01', '上海', 2], ['2026-11-02', '北京', 4]]);

test('an answer shows itself by its shape', () => {
  expect(guess(SALES)).toEqual({ kind: 'line', x: 'day', y: ['orders'], series: 'city' });
  expect(guess(answer({ city: 'text', people: 'integer', share: 'number' }, [['北京', 3, 0.5]]))).toEqual({ kind: 'bar', x: 'city', y: ['people', 'share'] });
  expect(guess(answer({ n: 'integer' }, [[7]]))).toEqual({ kind: 'number', y: ['n'] });
  expect(guess(answer({ city: 'text' }, [['北京']])).kind).toBe('table');
  expect(guess(answer({ n: 'integer' }, [[7], [8]])).kind).toBe('table');
  expect(guess(answer({ a: 'integer', b: 'integer' }, [[7, 1], [8, 2]]))).toEqual({ kind: 'bar', x: 'a', y: ['b'] });
});

test('a chart keeps what the answer still has', () => {
  expect(fitted({ kind: 'bar', x: 'day', y: ['orders', 'gone'], series: 'gone' }, SALES)).toEqual({ kind: 'bar', x: 'day', y: ['orders'] });
  expect(fitted({ kind: 'bar', x: 'gone', y: ['orders'] }, SALES)).toEqual({ kind: 'bar', x: 'day', y: ['orders'], series: 'city' });
  expect(fitted({ kind: 'bar', x: 'a', y: ['b'] }, answer({ city: 'text' }, [['北京']])).kind).toBe('table');
});

test('every series has a figure or a gap at every place', () => {
  const { labels, series, added } = drawn({ kind: 'line', x: 'day', y: ['orders'], series: 'city' }, SALES, 10);
  expect(labels).toEqual(['2026-11-01', '2026-11-02']);
  expect(series).toEqual([{ name: '北京', data: [3, 4] }, { name: '上海', data: [2, null] }]);
  expect(added).toBe(false);
});

test('rows of one place are added up, and that is said', () => {
  const { series, added, moreLabels } = drawn({ kind: 'bar', x: 'day', y: ['orders'] }, SALES, 1);
  expect(series).toEqual([{ name: 'orders', data: [5] }]);
  expect({ added, moreLabels }).toEqual({ added: true, moreLabels: 1 });
});

test('no pie of many slices or of figures below zero', () => {
  const pie = (rows: Value[][]) => isPie(drawn({ kind: 'pie', x: 'a', y: ['n'] }, answer({ a: 'text', n: 'integer' }, rows), 40));
  expect(pie([['x', 1], ['y', 2]])).toBe(true);
  expect(pie([['x', 1], ['y', -2]])).toBe(false);
  expect(pie([['w', 1], ['x', 1], ['y', 1], ['z', 1]])).toBe(false);
});

test('times cut to days are days', () => {
  expect(areDays(['2026-11-01T00:00:00Z', null, '2026-11-02T00:00:00.000Z'])).toBe(true);
  expect(areDays(['2026-11-01T00:00:00Z', '2026-11-02T09:30:00Z'])).toBe(false);
  expect(areDays([null])).toBe(false);
});
