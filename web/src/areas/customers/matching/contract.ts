// The shapes that the operations on matches and merges answer with, and the values of their closed words in the order of the lists.
import type { NodeKind } from '@/api/schema';

export type MatchState = 'open' | 'merged' | 'distinct' | 'gone';
export type MatchField = 'name' | 'given_name' | 'email' | 'mobile' | 'born' | 'address' | 'district' | 'city' | 'postcode' | 'number';
export type CandidateRule = 'fellegi_sunter' | 'shared_identifier' | 'staff';
export type MergeRule = 'same_record' | 'staff' | 'fellegi_sunter';

export const MATCH_STATES: MatchState[] = ['open', 'merged', 'distinct', 'gone'];

/** How far two people agree in one field, and what that says. */
export interface Agreement {
  field: MatchField;
  /** 0 where it differs; the higher, the closer. */
  level: number;
  /** The level of being the same. */
  levels: number;
  /** In bits: above zero it speaks for one person. */
  weight: number;
}

/** One of the two people, as far as the reader may see them. */
export interface MatchSide {
  profile_id: string;
  name?: string | null;
  given_name?: string | null;
  member_number?: string | null;
  email?: string | null;
  mobile?: string | null;
  address?: string | null;
  city?: string | null;
  district?: string | null;
  source: string;
  order_count?: number | null;
  last_order_at?: string | null;
  created_at: string;
}

/** Two people who may be one (疑似重复). */
export interface MatchCandidate {
  id: string;
  state: MatchState;
  rule: CandidateRule;
  /** That they are one person, from 0 to 1. */
  probability: number;
  weight: number;
  agreements: Agreement[];
  left: MatchSide;
  right: MatchSide;
  found_at: string;
  decided_at?: string | null;
  decided_by?: string | null;
  decided_by_name?: string | null;
  reason?: string | null;
  version: number;
}

/** What one outcome of comparing a field is worth. */
export interface LevelWeight {
  level: number;
  /** Share of the pairs that are one person in which it comes up. */
  m: number;
  /** Share of the pairs that are not. */
  u: number;
  weight: number;
}

/** What comparing a field is worth. */
export interface FieldWeights {
  field: MatchField;
  levels: LevelWeight[];
}

/** What the last search for duplicates learned and found (匹配模型). */
export interface MatchModel {
  trained_at?: string | null;
  records: number;
  pairs_compared: number;
  candidates: number;
  merged_by_rule: number;
  /** False where there was too little to learn from. */
  learned: boolean;
  /** From this probability on the rule merges by itself; absent: never. */
  auto_from?: number | null;
  review_from: number;
  skipped_blocks: number;
  fields: FieldWeights[];
}

/** An identifier of a person. */
export interface MergedNode {
  id: string;
  kind: NodeKind;
  value?: string | null;
}

/** Two people who became one (客户合并). */
export interface ProfileMerge {
  id: string;
  kept_id: string;
  merged_id: string;
  rule: MergeRule;
  source: string;
  score: number;
  happened_at: string;
  decided_by?: string | null;
  decided_by_name?: string | null;
  reason?: string | null;
  /** The identifiers that came with it. */
  nodes: MergedNode[];
  undone_at?: string | null;
  undone_by?: string | null;
  undone_by_name?: string | null;
  undo_reason?: string | null;
  version: number;
}

/** What became of a merge that was undone. */
export interface Undone {
  kept_id: string;
  restored_id: string;
  /** Decisions that were taken back with it. */
  retracted: number;
}

/** What was told about a field of a person, by whom and when (字段来源). */
export interface ProfileFact {
  field: string;
  value?: unknown;
  source: string;
  told_at: string;
  node_id: string;
  is_current: boolean;
}
