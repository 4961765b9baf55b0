import { describe, expect, it } from 'vitest';
import type { SegmentChange } from '@/api/schema';
import { CHANGES_MAX, dayIn, daysOf } from './days';

const utc = dayIn('UTC');
const change = (what: SegmentChange['change'], at: string): SegmentChange => ({ profile_id: 'p', change: what, at });

describe('days of a segment', () => {
  it('begin with the first that is known, and those without a change are as the day before', () => {
    const sizes = [{ day: '2026-11-28', members: 7 }, { day: '2026-11-25', members: 5 }];
    const changes = [change('entered', '2026-11-28T09:00:00Z'), change('entered', '2026-11-28T08:00:00Z'), change('left', '2026-11-26T08:00:00Z')];
    expect(daysOf({ sizes, changes }, utc, '2026-11-29', 30)).toEqual([
      { day: '2026-11-25', members: 5, entered: 0, left: 0 },
      { day: '2026-11-26', members: 5, entered: 0, left: 1 },
      { day: '2026-11-27', members: 5, entered: 0, left: 0 },
      { day: '2026-11-28', members: 7, entered: 2, left: 0 },
      { day: '2026-11-29', members: 7, entered: 0, left: 0 },
    ]);
  });

  it('know the size from before the days that are shown', () => {
    expect(daysOf({ sizes: [{ day: '2026-10-01', members: 3 }], changes: [] }, utc, '2026-11-29', 2)).toEqual([
      { day: '2026-11-28', members: 3, entered: 0, left: 0 },
      { day: '2026-11-29', members: 3, entered: 0, left: 0 },
    ]);
  });

  it('say nothing of days whose changes were cut off', () => {
    const changes = Array.from({ length: CHANGES_MAX }, (_, i) => change('entered', i < 3 ? '2026-11-29T01:00:00Z' : '2026-11-28T01:00:00Z'));
    expect(daysOf({ sizes: [{ day: '2026-11-27', members: 9 }], changes }, utc, '2026-11-29', 30).map(({ entered }) => entered)).toEqual([null, null, 3]);
  });

  it('are those of the company, not of the clock in Greenwich', () => {
    expect(dayIn('Asia/Shanghai')('2026-11-28T17:00:00Z')).toBe('2026-11-29');
  });
});
