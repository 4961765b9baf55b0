// What a comparison says: pure, so that a test can say whether it says the right thing.
import type { OrderSummary, ProfileDetail } from '@/api/schema';
import type { Agreement, MatchField, MatchSide } from './contract';

/** From so many bits on an agreement says anything, and says much: twice as likely, thirty-two times as likely. */
const SAYS = 1;
const SAYS_MUCH = 5;

/** What both sides show of themselves. */
const SHOWN = ['name', 'given_name', 'email', 'mobile', 'member_number', 'address', 'district', 'city'] as const;
type Shown = (typeof SHOWN)[number];

/** Fields in the order in which people compare. */
const ORDER: (MatchField | Shown)[] = ['name', 'given_name', 'email', 'mobile', 'member_number', 'number', 'born', 'address', 'district', 'city', 'postcode'];

export type Speaks = 'much_for' | 'for' | 'little' | 'against' | 'much_against';

/** Which way an agreement speaks, and how loud. */
export function speaks(weight: number): Speaks {
  if (Math.abs(weight) < SAYS) return 'little';
  const much = Math.abs(weight) >= SAYS_MUCH;
  if (weight > 0) return much ? 'much_for' : 'for';
  return much ? 'much_against' : 'against';
}

export type Level = 'same' | 'similar' | 'differs';

/** How far a field agrees. */
export function levelOf({ level, levels }: Pick<Agreement, 'level' | 'levels'>): Level {
  if (level <= 0) return 'differs';
  return level >= levels ? 'same' : 'similar';
}

/** By what the odds are multiplied, or divided where it speaks against. */
export function timesOf(weight: number): number {
  return 2 ** Math.abs(weight);
}

/** How far a bar reaches from the middle, as a share of the longest one. */
export function reach(weight: number, all: Pick<Agreement, 'weight'>[]): number {
  const longest = Math.max(...all.map((one) => Math.abs(one.weight)), SAYS);
  return Math.min(1, Math.abs(weight) / longest);
}

export type Likely = { how: 'about' | 'over' | 'under'; share: number };

/** A probability as it may be said with one decimal: nothing that was inferred is certain. */
export function likely(probability: number): Likely {
  if (probability >= 0.9995) return { how: 'over', share: 0.999 };
  if (probability < 0.0005) return { how: 'under', share: 0.001 };
  return { how: 'about', share: probability };
}

/** One line of the comparison; `shown` where the sides have a value to show. */
export interface Line {
  field: MatchField | Shown;
  shown: boolean;
  agreement: Agreement | undefined;
}

function has(side: MatchSide, field: string): boolean {
  const { masked, ...values } = side as MatchSide & { masked?: string[] };
  return Boolean(masked?.includes(field) || (values as { [name: string]: unknown })[field]);
}

/** The lines of a comparison; what neither side has and nobody compared is left out. */
export function lines(left: MatchSide, right: MatchSide, agreements: Agreement[]): Line[] {
  const visible: readonly string[] = SHOWN;
  return ORDER.map((field) => ({
    field,
    shown: visible.includes(field) && (has(left, field) || has(right, field)),
    agreement: agreements.find((one) => one.field === field),
  })).filter((line) => line.shown || line.agreement);
}

/** The fields that speak for one person, the loudest first. */
export function reasons(agreements: Agreement[]): MatchField[] {
  return agreements
    .filter((one) => one.weight >= SAYS)
    .sort((a, b) => b.weight - a.weight)
    .map((one) => one.field);
}

/** Who stays when two become one: who was known first. */
export function older(left: MatchSide, right: MatchSide): MatchSide {
  const [a, b] = [Date.parse(left.created_at), Date.parse(right.created_at)];
  if (a !== b) return a < b ? left : right;
  return left.profile_id <= right.profile_id ? left : right;
}

/** What orders in all currencies add up to; nothing where the reader may not see them. */
export function ordersOf(orders: Pick<OrderSummary, 'order_count' | 'last_at'>[] | null | undefined): Pick<MatchSide, 'order_count' | 'last_order_at'> {
  if (!orders) return { order_count: null, last_order_at: null };
  const times = orders.map((sum) => sum.last_at).sort((a, b) => Date.parse(a) - Date.parse(b));
  return { order_count: orders.reduce((all, sum) => all + sum.order_count, 0), last_order_at: times.at(-1) ?? null };
}

/** A person as one side of a comparison. */
export function sideOf(profile: ProfileDetail): MatchSide {
  return { ...profile, profile_id: profile.id, ...ordersOf(profile.orders) };
}
