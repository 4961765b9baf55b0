import type { Leak, PrivacyUrgency } from '@/api/schema';
import type { Tone } from '@/parts/pill';

const MINUTE_MS = 60_000;
/** Days over which figures of access are shown. */
export const USUAL_DAYS = 30;

/** What a clock says beside its colour. */
export type ClockSays = 'left' | 'soon' | 'over' | 'reported' | 'not_needed';

export interface Clock {
  tone: Tone;
  says: ClockSays;
  /** How long still, or how long since, in whole minutes. */
  ms: number;
}

const TONES: Record<ClockSays, Tone> = { left: 'info', soon: 'warn', over: 'bad', reported: 'good', not_needed: 'quiet' };

/** Less than a minute is said as one: nothing is left of a clock only when it is over. */
const minutes = (ms: number) => Math.max(1, Math.floor(ms / MINUTE_MS)) * MINUTE_MS;

/** How a clock stands: the server says how urgent it is, and what it could not know yet is what passed since. */
export function clockOf(due_at: string, urgency: PrivacyUrgency | undefined, now: number): Clock {
  const left = Date.parse(due_at) - now;
  const says = left <= 0 || urgency === 'overdue' ? 'over' : urgency === 'due_soon' ? 'soon' : 'left';
  return { tone: TONES[says], says, ms: minutes(Math.abs(left)) };
}

/** How the clock of a leak stands, by which the authority has to know. */
export function leakClockOf({ clock, authority_due_at }: Pick<Leak, 'clock' | 'authority_due_at'>, now: number): Clock {
  if (clock === 'reported' || clock === 'not_needed') return { tone: TONES[clock], says: clock, ms: 0 };
  return clockOf(authority_due_at, clock === 'running' ? 'none' : clock, now);
}

/** How much of its time is gone, between nothing and all. */
export function goneOf({ discovered_at, authority_due_at }: Pick<Leak, 'discovered_at' | 'authority_due_at'>, now: number): number {
  const from = Date.parse(discovered_at);
  const whole = Date.parse(authority_due_at) - from;
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, (now - from) / whole));
}

/** How many hours the authority's clock has in all. */
export function hoursOf({ discovered_at, authority_due_at }: Pick<Leak, 'discovered_at' | 'authority_due_at'>): number {
  return Math.round((Date.parse(authority_due_at) - Date.parse(discovered_at)) / (60 * MINUTE_MS));
}
