// What conditions can say about people, with the parts that are about events, scores and personas.
import type { Condition as PlainCondition } from '@/api/schema';

export type EventCall = 'identify' | 'track' | 'page' | 'screen' | 'group' | 'alias';
export type EventColumn = 'name' | 'kind' | 'channel' | 'path' | 'product_id' | 'order_id' | 'currency' | 'value' | 'source_id';
export type EventOperator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'contains' | 'is_null' | 'not_null';
export type EventValue = number | string;
export type DidMeasure = 'count' | 'value';
export type ScoreField = 'recency' | 'frequency' | 'monetary' | 'p_alive' | 'churn' | 'expected_value';

/** A condition on one column of an event. */
export interface EventCondition {
  column: EventColumn;
  op: EventOperator;
  /** Absent for `is_null` and `not_null`. */
  value?: EventValue | null;
}

/** Which events are meant (事件条件): those that fit everything said here. */
export interface EventFilter {
  names?: string[];
  kinds?: EventCall[];
  source_ids?: string[];
  where?: EventCondition[];
}

/** When events happened: from, inclusive; to, exclusive. */
export interface EventSpan {
  from?: string | null;
  to?: string | null;
}

interface Window {
  within_days?: number | null;
  span?: EventSpan | null;
}

interface Bounds {
  at_least?: number | null;
  at_most?: number | null;
}

type OfEvents =
  | ({ type: 'did'; what: EventFilter; measure: DidMeasure } & Bounds & Window)
  | ({ type: 'did_in_order'; steps: EventFilter[]; within_hours: number } & Window)
  | ({ type: 'score'; which: ScoreField } & Bounds)
  | { type: 'persona'; persona_id: string };

/** A condition (条件) on a person that holds no others. */
export type Leaf = Exclude<PlainCondition, { type: 'all' | 'any' | 'not' | OfEvents['type'] }> | OfEvents;

/** A condition (条件) on a person. */
export type Condition = { type: 'all'; of: Condition[] } | { type: 'any'; of: Condition[] } | { type: 'not'; of: Condition } | Leaf;

export type LeafOf<K extends Leaf['type']> = Extract<Leaf, { type: K }>;

export const EVENT_CALLS: EventCall[] = ['track', 'page', 'screen', 'identify', 'group', 'alias'];
/** The columns that somebody may be asked for; name, kind and source have fields of their own. */
export const EVENT_COLUMNS: EventColumn[] = ['path', 'product_id', 'order_id', 'channel', 'currency', 'value', 'name', 'kind', 'source_id'];
export const EVENT_OPERATORS: EventOperator[] = ['eq', 'ne', 'contains', 'lt', 'le', 'gt', 'ge', 'is_null', 'not_null'];
export const SCORE_FIELDS: ScoreField[] = ['recency', 'frequency', 'monetary', 'p_alive', 'churn', 'expected_value'];

/** A condition as the operations take it. */
export function sent(condition: Condition): PlainCondition {
  return condition as unknown as PlainCondition;
}

/** A condition as the operations answer with it. */
export function received(condition: PlainCondition): Condition {
  return condition as unknown as Condition;
}
