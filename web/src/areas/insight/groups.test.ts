import { expect, test } from 'vitest';
import { linkOf } from './groups';
import type { TileGroups } from './metric-types';

const groups = (more: Partial<TileGroups> = {}): TileGroups => ({ type_id: 'risk', by: 'category', by_title: '', figure: 'count', cells: [], ...more });
const filterOf = (link: string) => new URL(link, 'http://x').searchParams.get('filter');

test('a group opens its own records', () => {
  expect(filterOf(linkOf(groups(), { by_value: 'legal', by_title: '', records: 1 }))).toBe("category == 'legal'");
});

test('numbers stay numbers, nothing is nothing, and the condition of the tile holds', () => {
  const cell = { by_value: '4', by_title: '', across_value: null, records: 1 };
  expect(filterOf(linkOf(groups({ by: 'likelihood', across: 'impact', filter: '!ended || x' }), cell))).toBe('(!ended || x) && likelihood == 4 && !has(impact)');
});
