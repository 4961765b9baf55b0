import type { Condition, EventCondition, EventFilter, Leaf } from '../contract';

/** The fields of each kind of condition, in the order in which the server writes them. */
const FIELDS: { [K in Leaf['type']]: string[] } = {
  text: ['field', 'one_of'],
  number: ['field', 'at_least', 'at_most'],
  flag: ['field', 'is'],
  known_since: ['within_days'],
  tier: ['one_of'],
  consent: ['state', 'channel', 'purpose', 'brand_id'],
  ordered: ['what', 'at_least', 'within_days', 'total_at_least_minor'],
  redeemed: ['campaign', 'within_days'],
  score: ['which', 'at_least', 'at_most'],
  persona: ['persona_id'],
  did: ['what', 'measure', 'at_least', 'at_most', 'within_days', 'span'],
  did_in_order: ['steps', 'within_hours', 'within_days', 'span'],
  in_segment: ['segment_id'],
};

/** The named fields in this order, without those that say nothing. */
function only(fields: string[], of: object): Record<string, unknown> {
  const values = of as Record<string, unknown>;
  return Object.fromEntries(fields.flatMap((field) => (values[field] === undefined || values[field] === null ? [] : [[field, values[field]]])));
}

/** True for an operator that is held against nothing. */
export const standsAlone = (op: EventCondition['op']) => op === 'is_null' || op === 'not_null';

function plainFilter(filter: EventFilter): EventFilter {
  const lists = Object.entries(only(['names', 'kinds', 'source_ids', 'where'], filter)).filter(([, list]) => (list as unknown[]).length > 0);
  const said = Object.fromEntries(lists) as EventFilter;
  if (said.where) said.where = said.where.map((one) => only(standsAlone(one.op) ? ['column', 'op'] : ['column', 'op', 'value'], one) as unknown as EventCondition);
  return said;
}

/** A condition as the server would write it: nothing that is absent, everything in its order. */
export function plain(condition: Condition): Condition {
  if (condition.type === 'all' || condition.type === 'any') return { type: condition.type, of: condition.of.map(plain) };
  if (condition.type === 'not') return { type: 'not', of: plain(condition.of) };
  const said = only(FIELDS[condition.type], condition);
  if (condition.type === 'did') {
    said.what = plainFilter(condition.what);
    said.measure ??= 'count';
  }
  if (condition.type === 'did_in_order') said.steps = condition.steps.map(plainFilter);
  if (condition.type === 'ordered' && condition.what) said.what = only(['by', 'value'], condition.what);
  if (said.span) {
    const span = only(['from', 'to'], said.span);
    if (Object.keys(span).length > 0) said.span = span;
    else delete said.span;
  }
  const fields = FIELDS[condition.type].filter((field) => field in said);
  return { type: condition.type, ...Object.fromEntries(fields.map((field) => [field, said[field]])) } as Condition;
}

/** True where two conditions say the same in the same order. */
export function same(one: Condition, other: Condition): boolean {
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

/** The condition that stands in an address; undefined where it is none. */
export function fromAddress(text: string | null): Condition | undefined {
  if (!text) return undefined;
  try {
    const read = JSON.parse(text) as Condition;
    return isCondition(read) ? plain(read) : undefined;
  } catch {
    return undefined;
  }
}

function isCondition(value: unknown): value is Condition {
  if (typeof value !== 'object' || value === null) return false;
  const { type, of } = value as { type?: unknown; of?: unknown };
  if (type === 'all' || type === 'any') return Array.isArray(of) && of.every(isCondition);
  if (type === 'not') return isCondition(of);
  return typeof type === 'string' && type in FIELDS;
}
