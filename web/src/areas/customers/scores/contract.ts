// The shapes that the operations on scores answer with, and the values of their closed words in the order of the lists.
import type { PersonaOfProfile } from '../personas/contract';

export type ScoreCause = 'nightly' | 'import' | 'staff';
export type ScoreVerdict = 'usable' | 'too_little_data';
export type Lacking = 'customers' | 'repeat_buyers' | 'weeks' | 'shape';
export type RfmSegment = 'champions' | 'loyal' | 'potential_loyal' | 'new' | 'promising' | 'need_attention' | 'about_to_sleep' | 'at_risk' | 'cannot_lose' | 'hibernating' | 'lost';
export type ValueTier = 'top' | 'high' | 'middle' | 'low';

/** What there was too little of. */
export interface Lack {
  what: Lacking;
  found?: number | null;
  needed?: number | null;
}

/** Parameters of the models: weeks, and major units of money. */
export interface ScoreModel {
  r: number;
  alpha: number;
  a: number;
  b: number;
  p: number;
  q: number;
  v: number;
  /** How much the number of orders and their amounts go together. */
  correlation: number;
}

/** How wrong the models were on the last part of the window, which they had not seen. */
export interface ScoreError {
  learned_weeks: number;
  predicted_weeks: number;
  customers: number;
  orders_mae: number;
  /** The same for saying that everybody goes on as before. */
  orders_mae_as_before: number;
  orders_predicted: number;
  orders_actual: number;
  value_predicted_minor: number;
  value_actual_minor: number;
  value_mae_minor: number;
}

/** A computation of everybody's scores (评分计算). */
export interface ScoreRun {
  id: string;
  cause: ScoreCause;
  happened_at: string;
  window_from: string;
  window_until: string;
  currency: string;
  horizon_days: number;
  discount_percent: number;
  customers: number;
  repeat_buyers: number;
  scored: number;
  verdict: ScoreVerdict;
  lacks?: Lack | null;
  model?: ScoreModel | null;
  error?: ScoreError | null;
}

/** Scores of one person (客户评分). */
export interface Score {
  run_id: string;
  scored_at: string;
  verdict: ScoreVerdict;
  currency: string;
  horizon_days: number;
  recency_days: number;
  order_count: number;
  total_minor: number;
  /** Digits from 1 to 5, 5 the best. */
  recency: number;
  frequency: number;
  monetary: number;
  rfm_segment: RfmSegment;
  p_alive?: number | null;
  churn?: number | null;
  expected_orders?: number | null;
  expected_order_value_minor?: number | null;
  expected_value_minor?: number | null;
  next_order_at?: string | null;
  value_tier?: ValueTier | null;
}

export interface ProfileScores {
  profile_id: string;
  /** Absent where they bought nothing in the window, or nothing was computed yet. */
  score?: Score | null;
  personas: PersonaOfProfile[];
}

/** People with the same three digits. */
export interface RfmCell {
  recency: number;
  frequency: number;
  monetary: number;
  segment: RfmSegment;
  count: number;
}

export interface RfmShare {
  segment: RfmSegment;
  count: number;
  total_minor: number;
  expected_value_minor?: number | null;
}

export interface TierShare {
  tier: ValueTier;
  count: number;
  expected_value_minor: number;
}

/** How people are spread (评分分布). */
export interface ScoreDistribution {
  run?: ScoreRun | null;
  customers: number;
  cells: RfmCell[];
  segments: RfmShare[];
  tiers: TierShare[];
}

export interface ScoreRequest {
  requested_at: string;
}

export const DIGITS = [1, 2, 3, 4, 5] as const;
