import { describe, expect, it } from 'vitest';
import { FEATURES } from './contract';
import { barOf, stability } from './stable';

describe('personas', () => {
  it('are as stable as they are found again', () => {
    expect([0.95, 0.8, 0.79, 0.5, 0.49, -0.1, null, undefined].map(stability)).toEqual(['good', 'good', 'fair', 'fair', 'weak', 'weak', 'unknown', 'unknown']);
  });

  it('show more to one side and less to the other, twice as long for four times as for two', () => {
    expect(barOf({ lift: 2, distance: 0.7 })).toEqual({ side: 'more', length: 0.5 });
    expect(barOf({ lift: 0.5, distance: -0.7 })).toEqual({ side: 'less', length: 0.5 });
    expect(barOf({ lift: 40, distance: 2 }).length).toBe(1);
    expect(barOf({ lift: 1, distance: 0 }).length).toBe(0);
    expect(barOf({ lift: null, distance: 1 })).toEqual({ side: 'more', length: 1 });
    expect(barOf({ lift: 0, distance: -1 })).toEqual({ side: 'less', length: 1 });
  });

  it('offer each feature once', () => {
    const all = FEATURES.flatMap(({ features }) => features);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(18);
  });
});
