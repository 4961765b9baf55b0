import { expect, test } from 'vitest';
import { namesIn, ofKind, parametersOf, valuesOf } from './parameters';

test('names are found in the text, not in what is quoted or remarked', () => {
  expect(namesIn("SELECT $since, '$no', \"$no\" -- $no\n, $city /* $no */ WHERE a > $since AND b = $1")).toEqual(['since', 'city']);
  expect(namesIn("SELECT 'it''s $no'")).toEqual([]);
});

test('what is known of a parameter stays while it stands in the text', () => {
  const known = [{ name: 'since', label: 'Since', kind: 'time' as const, default: '2026-11-01T00:00:00Z' }, { name: 'gone', label: 'Gone', kind: 'text' as const }];
  const now = parametersOf('SELECT $city, $since', known);
  expect(now.map((one) => one.name)).toEqual(['city', 'since']);
  expect(now[1]).toBe(known[0]);
  expect(valuesOf(now)).toEqual({ city: null, since: '2026-11-01T00:00:00Z' });
});

test('a value that does not fit another kind is dropped', () => {
  const text = { name: 'n', label: 'n', kind: 'text' as const, default: 'x' };
  expect(ofKind(text, 'number').default).toBeNull();
  expect(ofKind({ ...text, kind: 'integer', default: 3 }, 'number').default).toBe(3);
  expect(ofKind({ ...text, kind: 'number', default: 3.5 }, 'integer').default).toBeNull();
});
