// The shapes that the operations on needs answer with, named as the server names them.

export type NeedKind = 'search' | 'feedback';
export type NeedTrend = 'new' | 'rising' | 'steady' | 'falling';
export type NeedCause = 'weekly' | 'staff';

/** Cluster (需求聚类): texts that are about the same. */
export interface NeedCluster {
  id: string;
  run_id: string;
  kind: NeedKind;
  /** The strongest first. */
  words: string[];
  /** Absent where the reader may not see them. */
  examples?: string[] | null;
  texts: number;
  count: number;
  people: number;
  previous_count: number;
  trend: NeedTrend;
  /** Searches for something that no product answers. */
  unanswered: number;
  unmet: boolean;
  computed_at: string;
}

/** Basket pattern (购物篮组合): two products that are bought together more often than by chance. */
export interface BasketPattern {
  id: string;
  run_id: string;
  first_product_id: string;
  first_name?: string | null;
  first_category?: string | null;
  first_baskets: number;
  second_product_id: string;
  second_name?: string | null;
  second_category?: string | null;
  second_baskets: number;
  baskets: number;
  people: number;
  support: number;
  confidence: number;
  reverse_confidence: number;
  lift: number;
  computed_at: string;
}

/** Run (计算记录) of the search for needs. */
export interface NeedRun {
  id: string;
  cause: NeedCause;
  happened_at: string;
  period_from: string;
  period_until: string;
  baskets_from?: string | null;
  baskets_until?: string | null;
  searches: number;
  terms: number;
  feedback: number;
  baskets: number;
  clusters: number;
  unmet: number;
  patterns: number;
}

/** How needs stand (需求概况). */
export interface NeedStanding {
  run?: NeedRun | null;
  people_min: number;
}

export const TRENDS: NeedTrend[] = ['new', 'rising', 'steady', 'falling'];
