import { describe, expect, it } from 'vitest';
import type { InsightMeasurement } from '@/api/schema';
import { grown, pairsOf, saysOf } from './rates';

const measured = (moment: InsightMeasurement['moment'], days: number, more: Partial<InsightMeasurement>): InsightMeasurement => ({ moment, days, window_from: '2026-10-01T00:00:00Z', window_until: '2026-10-31T00:00:00Z', measured_at: '2026-10-31T01:00:00Z', ...more });

describe('repeat-purchase rates of an insight', () => {
  it('stand in pairs, the shortest window first', () => {
    const pairs = pairsOf([measured('after', 90, {}), measured('before', 90, {}), measured('before', 30, {}), measured('after', 30, {})]);
    expect(pairs.map(({ days, before, after }) => [days, before?.moment, after?.moment])).toEqual([
      [30, 'before', 'after'],
      [90, 'before', 'after'],
    ]);
  });

  it('grow by percentage points, beside those of everybody', () => {
    const [pair] = pairsOf([measured('before', 30, { rate: 12, all_rate: 20 }), measured('after', 30, { rate: 15.5, all_rate: 19 })]);
    expect(pair && saysOf(pair)).toEqual({ group: 3.5, everybody: -1, waits: undefined });
  });

  it('say when the window ends that is not over', () => {
    const [pair] = pairsOf([measured('before', 30, { rate: 12 }), measured('after', 30, { measured_at: null, window_until: '2026-12-01T00:00:00Z' })]);
    expect(pair && saysOf(pair)).toEqual({ group: undefined, everybody: undefined, waits: '2026-12-01T00:00:00Z' });
  });

  it('are not nothing where nobody bought', () => {
    expect(grown(null, 3)).toBeUndefined();
    expect(grown(0, 0)).toBe(0);
    expect(pairsOf([])).toEqual([]);
  });
});
