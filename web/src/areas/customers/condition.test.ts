import { describe, expect, it } from 'vitest';
import { childPath, example, fresh, KINDS, whole } from './condition';

describe('conditions', () => {
  it('knows what is left to fill in', () => {
    const unfinished = KINDS.filter((kind) => !whole(fresh(kind)));
    expect(unfinished).toEqual(['text', 'in_segment']);
    expect(whole(example(''))).toBe(false);
    expect(whole(example('GROCERY'))).toBe(true);
    expect(whole({ type: 'not', of: { type: 'tier', one_of: [] } })).toBe(false);
  });

  it('names children as the server does', () => {
    expect(childPath('', 1)).toBe('of.1');
    expect(childPath('of.1')).toBe('of.1.of');
    expect(childPath('of.1', 0)).toBe('of.1.of.0');
  });
});
