import { expect, test } from 'vitest';
import type { Row } from '@/areas/records/types';
import { dutyOf, postsOf } from './raci';

const row = (values: object) => ({ values }) as Row;

test('a post may do a duty and answer for it; others are asked or told', () => {
  const { parts } = dutyOf(row({ post: '品牌总监', accountable_post: '品牌总监', others: [{ post: '法务', role: 'consulted' }] }));
  expect([...(parts.get('品牌总监') ?? [])]).toEqual(['responsible', 'accountable']);
  expect([...(parts.get('法务') ?? [])]).toEqual(['consulted']);
});

test('whoever answers for most stands first', () => {
  expect(postsOf([dutyOf(row({ post: 'b', accountable_post: 'a' })), dutyOf(row({ post: 'b' }))])).toEqual(['a', 'b']);
});
