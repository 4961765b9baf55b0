import { expect, test } from 'vitest';
import { changedFields } from './audit-words';

test('only fields that changed are told', () => {
  expect(changedFields({ name: '甲', state: 'active', n: 1 }, { name: '乙', state: 'active', roles: ['a'], version: 2 })).toEqual([
    { field: 'name', was: '甲', is: '乙' },
    { field: 'n', was: '1', is: '–' },
    { field: 'roles', was: '–', is: '["a"]' },
  ]);
  expect(changedFields(null, null)).toEqual([]);
});
