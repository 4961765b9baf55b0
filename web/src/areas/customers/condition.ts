import type { Condition } from '@/api/schema';

/** The kinds that a person may add, groups last. */
export const KINDS = ['tier', 'ordered', 'redeemed', 'consent', 'text', 'number', 'flag', 'known_since', 'in_segment', 'any', 'all'] as const;
export type Kind = (typeof KINDS)[number];

/** How long a purchase counts unless somebody says otherwise. */
const DAYS_USUAL = 90;

/** A condition of a kind before anybody has said more. */
export function fresh(kind: Kind): Condition {
  switch (kind) {
    case 'all':
    case 'any':
      return { type: kind, of: [fresh('tier')] };
    case 'text':
      return { type: 'text', field: 'city', one_of: [] };
    case 'number':
      return { type: 'number', field: 'household_size', at_least: 1 };
    case 'flag':
      return { type: 'flag', field: 'has_email', is: true };
    case 'known_since':
      return { type: 'known_since', within_days: DAYS_USUAL };
    case 'tier':
      return { type: 'tier', one_of: ['A', 'B'] };
    case 'consent':
      return { type: 'consent', state: 'granted', channel: 'email', purpose: 'marketing' };
    case 'ordered':
      return { type: 'ordered', at_least: 1, within_days: DAYS_USUAL };
    case 'redeemed':
      return { type: 'redeemed' };
    case 'in_segment':
      return { type: 'in_segment', segment_id: '' };
  }
}

/** An example to start from: regular buyers of one department whom no coupon has reached yet. */
export function example(department: string): Condition {
  return {
    type: 'all',
    of: [
      { type: 'ordered', what: { by: 'department', value: department }, at_least: 2, within_days: DAYS_USUAL },
      { type: 'not', of: { type: 'redeemed' } },
      { type: 'tier', one_of: ['A', 'B'] },
    ],
  };
}

/** True where nothing is left to fill in, so that the server can be asked. */
export function whole(condition: Condition): boolean {
  switch (condition.type) {
    case 'all':
    case 'any':
      return condition.of.length > 0 && condition.of.every(whole);
    case 'not':
      return whole(condition.of);
    case 'text':
    case 'tier':
      return condition.one_of.length > 0;
    case 'number':
      return typeof condition.at_least === 'number' || typeof condition.at_most === 'number';
    case 'ordered':
      return !condition.what || condition.what.value.trim() !== '';
    case 'in_segment':
      return condition.segment_id !== '';
    default:
      return true;
  }
}

/** The path of a child, as the server names it. */
export function childPath(path: string, place?: number): string {
  const own = path === '' ? 'of' : `${path}.of`;
  return place === undefined ? own : `${own}.${place}`;
}
