import { expect, test } from 'vitest';
import { nextSort, readState } from './state';

test('the address is the state of a list', () => {
  const params = new URLSearchParams('q=王&sort=-name&state=active&peek=7&stranger=1');
  expect(readState(params, ['state', 'department_id'])).toEqual({
    q: '王',
    sort: '-name',
    view: undefined,
    peek: '7',
    filters: { state: 'active' },
  });
});

test('a column is sorted up, then down, then not at all', () => {
  expect(nextSort(undefined, 'name')).toBe('name');
  expect(nextSort('name', 'name')).toBe('-name');
  expect(nextSort('-name', 'name')).toBeUndefined();
  expect(nextSort('-name', 'state')).toBe('state');
});
