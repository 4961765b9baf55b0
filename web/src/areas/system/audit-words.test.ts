import { expect, test } from 'vitest';
import { changesOf } from './audit-words';

test('fields that changed are told with both values, bookkeeping is not', () => {
  expect(changesOf({ name: ['甲', '乙'], roles: [null, ['a']], version: [1, 2] })).toEqual([
    { field: 'name', was: '甲', is: '乙' },
    { field: 'roles', was: '–', is: '["a"]' },
  ]);
});

test('other facts are told as they are', () => {
  expect(changesOf({ format: 'csv', count: 3 })).toEqual([
    { field: 'format', is: 'csv' },
    { field: 'count', is: '3' },
  ]);
  expect(changesOf('legacy')).toEqual([{ field: '', is: 'legacy' }]);
  expect(changesOf(null)).toEqual([]);
});
