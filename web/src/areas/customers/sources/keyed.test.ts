import { expect, test } from 'vitest';
import type { RecentEvent } from './contract';
import { keyed } from './keyed';

const event = (message_id: string, received_at: string): RecentEvent => ({ source_id: 's', message_id, received_at, happened_at: received_at, kind: 'track', name: '', node: 'n', properties: '{}' });

test('an event that was sent twice at once is two rows, and both keep their names as newer ones arrive', () => {
  const before = [event('m1', '2026-11-29T10:00:00Z'), event('m1', '2026-11-29T10:00:00Z')];
  const after = [event('m1', '2026-11-29T10:00:00Z'), ...before];
  const keys = (events: RecentEvent[]) => keyed(events).map((row) => row.key);
  expect(new Set(keys(after)).size).toBe(3);
  expect(keys(after).slice(1)).toEqual(keys(before));
});
