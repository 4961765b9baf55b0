import { describe, expect, it } from 'vitest';
import { childPath, example, fresh, KINDS, whole } from './condition';
import { boundKind, boundOf, moved, windowKind } from './condition-did';
import type { LeafOf } from './contract';

describe('conditions', () => {
  it('knows what is left to fill in', () => {
    const unfinished = KINDS.filter((kind) => !whole(fresh(kind)));
    expect(unfinished).toEqual(['did_in_order', 'persona', 'text', 'in_segment']);
    expect(whole(example(''))).toBe(false);
    expect(whole(example('GROCERY'))).toBe(true);
    expect(whole({ type: 'not', of: { type: 'tier', one_of: [] } })).toBe(false);
  });

  it('waits for events that are not said yet', () => {
    const order = fresh('did_in_order') as LeafOf<'did_in_order'>;
    expect(whole({ ...order, steps: [{ names: ['Product Viewed'] }, {}] })).toBe(false);
    expect(whole({ ...order, steps: [{ names: ['Product Viewed'] }, { kinds: ['page'] }] })).toBe(true);
    expect(whole({ ...order, steps: [{ names: ['Product Viewed'] }, { where: [{ column: 'path', op: 'contains', value: '' }] }] })).toBe(false);
    expect(whole({ ...(fresh('did') as LeafOf<'did'>), within_days: null, span: {} })).toBe(false);
    expect(whole({ ...(fresh('did') as LeafOf<'did'>), within_days: null, span: { to: '2026-11-01T00:00:00Z' } })).toBe(true);
  });

  it('says bounds and times in as many ways as there are', () => {
    const did = fresh('did') as LeafOf<'did'>;
    for (const kind of ['at_least', 'at_most', 'between', 'never'] as const) expect(boundKind(boundOf(did, kind))).toBe(kind);
    expect(boundOf(boundOf({ ...did, at_least: 7 }, 'between'), 'at_least')).toEqual({ ...did, at_least: 7 });
    expect(boundOf(boundOf(did, 'never'), 'at_most').at_most).toBe(1);
    expect([windowKind(did), windowKind({ span: {} }), windowKind({})]).toEqual(['days', 'span', 'ever']);
  });

  it('moves a step by one place', () => {
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
  });

  it('names children as the server does', () => {
    expect(childPath('', 1)).toBe('of.1');
    expect(childPath('of.1')).toBe('of.1.of');
    expect(childPath('of.1', 0)).toBe('of.1.of.0');
  });
});
