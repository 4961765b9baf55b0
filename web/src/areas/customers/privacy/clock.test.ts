import { describe, expect, it } from 'vitest';
import type { LeakClock } from '@/api/schema';
import { clockOf, goneOf, hoursOf, leakClockOf } from './clock';

const NOW = Date.parse('2026-11-29T08:00:00Z');
const HOUR = 3_600_000;
const at = (hours: number) => new Date(NOW + hours * HOUR).toISOString();

describe('clock', () => {
  it('goes by what the server calls urgent', () => {
    expect(clockOf(at(240), 'none', NOW)).toEqual({ tone: 'info', says: 'left', ms: 240 * HOUR });
    expect(clockOf(at(48), 'due_soon', NOW)).toEqual({ tone: 'warn', says: 'soon', ms: 48 * HOUR });
    expect(clockOf(at(-5), 'overdue', NOW)).toEqual({ tone: 'bad', says: 'over', ms: 5 * HOUR });
  });

  it('is over once its time has passed, whatever was said before', () => {
    expect(clockOf(at(0), 'due_soon', NOW)).toMatchObject({ tone: 'bad', says: 'over' });
    expect(clockOf(at(-1), 'none', NOW)).toMatchObject({ tone: 'bad', says: 'over', ms: HOUR });
  });

  it('speaks in whole minutes and never of none', () => {
    expect(clockOf(new Date(NOW + 119_000).toISOString(), 'due_soon', NOW).ms).toBe(60_000);
    expect(clockOf(new Date(NOW + 5_000).toISOString(), 'due_soon', NOW).ms).toBe(60_000);
  });

  it('stops for a leak that the authority knows of, or need not know of', () => {
    const says = (clock: LeakClock) => leakClockOf({ clock, authority_due_at: at(10) }, NOW);
    expect(says('reported')).toEqual({ tone: 'good', says: 'reported', ms: 0 });
    expect(says('not_needed')).toEqual({ tone: 'quiet', says: 'not_needed', ms: 0 });
    expect(says('running')).toMatchObject({ tone: 'info', says: 'left' });
    expect(says('due_soon')).toMatchObject({ tone: 'warn', says: 'soon' });
    expect(leakClockOf({ clock: 'running', authority_due_at: at(-1) }, NOW)).toMatchObject({ tone: 'bad', says: 'over' });
  });

  it('knows how much of its time is gone', () => {
    const leak = { discovered_at: at(-18), authority_due_at: at(54) };
    expect(goneOf(leak, NOW)).toBe(0.25);
    expect(hoursOf(leak)).toBe(72);
    expect(goneOf(leak, NOW + 100 * HOUR)).toBe(1);
    expect(goneOf(leak, NOW - 100 * HOUR)).toBe(0);
  });
});
