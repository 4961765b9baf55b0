import type { PersonaTrait } from '@/api/schema';

/** From here on groups are found again in other people; below the lower bound they are not to be relied on. */
const GOOD = 0.8;
const WEAK = 0.5;
/** A bar is full where something is this many times as frequent, or as rare. */
const TIMES_FULL = 4;

export type Stability = 'good' | 'fair' | 'weak' | 'unknown';

/** How far the groups are found again in halves of the people. */
export function stability(index: number | null | undefined): Stability {
  if (typeof index !== 'number') return 'unknown';
  return index >= GOOD ? 'good' : index < WEAK ? 'weak' : 'fair';
}

/** How a trait is drawn: to which side, and how long from 0 to 1. */
export interface Bar {
  side: 'more' | 'less';
  length: number;
}

/** The bar of a trait: by how many times it differs from everybody; without that, by its distance. */
export function barOf({ lift, distance }: Pick<PersonaTrait, 'lift' | 'distance'>): Bar {
  const side = distance < 0 ? 'less' : 'more';
  if (typeof lift !== 'number') return { side, length: 1 };
  // Below nothing there is no logarithm: a mean that is negative is as far off as can be.
  if (lift <= 0) return { side, length: 1 };
  return { side, length: Math.min(1, Math.abs(Math.log(lift)) / Math.log(TIMES_FULL)) };
}
