import { DAYS_USUAL as EVENT_DAYS_USUAL, filterWhole, saysWhich, STEPS_MIN } from './condition-did';
import type { Condition, EventSpan } from './contract';

/** The kinds that a person may add, groups last. */
export const KINDS = ['tier', 'ordered', 'did', 'did_in_order', 'score', 'persona', 'redeemed', 'consent', 'text', 'number', 'flag', 'known_since', 'in_segment', 'any', 'all'] as const;
export type Kind = (typeof KINDS)[number];

/** How long a purchase counts unless somebody says otherwise. */
const DAYS_USUAL = 90;
/** From the first step to the last unless somebody says otherwise. */
const HOURS_USUAL = 24;

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
    case 'did':
      return { type: 'did', what: {}, measure: 'count', at_least: 1, within_days: EVENT_DAYS_USUAL };
    case 'did_in_order':
      return { type: 'did_in_order', steps: Array.from({ length: STEPS_MIN }, () => ({})), within_hours: HOURS_USUAL, within_days: EVENT_DAYS_USUAL };
    case 'score':
      return { type: 'score', which: 'recency', at_least: 4 };
    case 'persona':
      return { type: 'persona', persona_id: '' };
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

/** True where a period that is asked for has a beginning or an end. */
function timeWhole({ span }: { span?: EventSpan | null }): boolean {
  return !span || Boolean(span.from ?? span.to);
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
    case 'score':
      return typeof condition.at_least === 'number' || typeof condition.at_most === 'number';
    case 'ordered':
      return !condition.what || condition.what.value.trim() !== '';
    case 'in_segment':
      return condition.segment_id !== '';
    case 'persona':
      return condition.persona_id !== '';
    case 'did':
      return (typeof condition.at_least === 'number' || typeof condition.at_most === 'number') && filterWhole(condition.what) && timeWhole(condition);
    case 'did_in_order':
      return condition.steps.length >= STEPS_MIN && condition.steps.every((step) => saysWhich(step) && filterWhole(step)) && timeWhole(condition);
    default:
      return true;
  }
}

/** The path of a child, as the server names it. */
export function childPath(path: string, place?: number): string {
  const own = path === '' ? 'of' : `${path}.of`;
  return place === undefined ? own : `${own}.${place}`;
}
