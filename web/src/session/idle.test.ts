import { describe, expect, it } from 'vitest';
import { isIdle } from './idle';

describe('the idle lock', () => {
  it('locks once the minutes are over and not before', () => {
    expect(isIdle(0, 15 * 60_000 - 1, 15)).toBe(false);
    expect(isIdle(0, 15 * 60_000, 15)).toBe(true);
  });
});
