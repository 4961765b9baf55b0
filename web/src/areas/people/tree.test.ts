import { expect, test } from 'vitest';
import { inOrder } from './tree';

test('children follow their parent and orphans stand at the top', () => {
  const rows = [
    { id: 'c', parent_id: 'a' },
    { id: 'a', parent_id: null },
    { id: 'd', parent_id: 'c' },
    { id: 'b', parent_id: 'elsewhere' },
  ];
  expect(inOrder(rows).map((row) => `${row.id}${row.depth}`)).toEqual(['a0', 'c1', 'd2', 'b0']);
});
