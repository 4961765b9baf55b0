import { describe, expect, it } from 'vitest';
import { levelOf, likely, lines, older, ordersOf, reach, reasons, speaks, timesOf } from './compare';
import type { Agreement, MatchSide } from './contract';

const side = (more: Partial<MatchSide> & { masked?: string[] }): MatchSide => ({ profile_id: 'a', source: 'shop', created_at: '2026-01-01T00:00:00Z', ...more });
const agreement = (field: Agreement['field'], weight: number, level = 2): Agreement => ({ field, level, levels: 2, weight });

describe('a comparison', () => {
  it('says which way a field speaks and how loud', () => {
    expect([9, 5, 1, 0.9, -0.9, -1, -5].map(speaks)).toEqual(['much_for', 'much_for', 'for', 'little', 'little', 'against', 'much_against']);
    expect(timesOf(5)).toBe(32);
    expect(timesOf(-3)).toBe(8);
  });

  it('says how far a field agrees', () => {
    expect([0, 1, 2, 3].map((level) => levelOf({ level, levels: 3 }))).toEqual(['differs', 'similar', 'similar', 'same']);
  });

  it('never says that something inferred is certain', () => {
    expect(likely(1)).toEqual({ how: 'over', share: 0.999 });
    expect(likely(0.9994)).toEqual({ how: 'about', share: 0.9994 });
    expect(likely(0)).toEqual({ how: 'under', share: 0.001 });
  });

  it('measures bars by the longest, and draws nothing large where all say little', () => {
    const all = [agreement('email', 10), agreement('city', -2.5)];
    expect(reach(10, all)).toBe(1);
    expect(reach(-2.5, all)).toBe(0.25);
    expect(reach(0.2, [agreement('city', 0.2)])).toBeCloseTo(0.2);
  });

  it('has a line for whatever is shown, hidden or compared, in the order in which people read', () => {
    const left = side({ city: 'Taipei', name: 'Wang', masked: ['mobile'] });
    const found = lines(left, side({ profile_id: 'b', member_number: '7' }), [agreement('born', 3), agreement('name', 4)]);
    expect(found.map(({ field, shown }) => [field, shown])).toEqual([
      ['name', true],
      ['mobile', true],
      ['member_number', true],
      ['born', false],
      ['city', true],
    ]);
    expect(found[0]?.agreement?.weight).toBe(4);
    expect(found[1]?.agreement).toBeUndefined();
  });

  it('names first what speaks loudest, and nothing that speaks against', () => {
    expect(reasons([agreement('city', 1.5), agreement('email', 9), agreement('born', -4, 0), agreement('district', 0.5)])).toEqual(['email', 'city']);
  });

  it('keeps who was known first, and of two of the same moment the lower id', () => {
    const early = side({ profile_id: 'z', created_at: '2026-01-01T08:00:00+08:00' });
    const late = side({ profile_id: 'a', created_at: '2026-01-01T00:00:00.001Z' });
    expect(older(late, early).profile_id).toBe('z');
    const same = side({ profile_id: 'b', created_at: '2026-01-01T00:00:00Z' });
    expect(older(early, same).profile_id).toBe('b');
  });

  it('adds up orders of all currencies, and tells no orders from orders that the reader may not see', () => {
    const sums = [
      { order_count: 2, last_at: '2026-03-01T00:00:00+08:00' },
      { order_count: 1, last_at: '2026-02-28T20:00:00Z' },
    ];
    expect(ordersOf(sums)).toEqual({ order_count: 3, last_order_at: '2026-02-28T20:00:00Z' });
    expect(ordersOf([])).toEqual({ order_count: 0, last_order_at: null });
    expect(ordersOf(null).order_count).toBeNull();
  });
});
