// The shapes that the operations on insights answer with, named as the server names them.
import type { Condition, LocalText } from '@/api/schema';

export type InsightKind = 'need' | 'behaviour' | 'basket' | 'search' | 'feedback' | 'other';
export type InsightState = 'draft' | 'sent' | 'accepted' | 'declined' | 'adopted';
export type InsightMoment = 'before' | 'after';

/** Evidence (依据): what an insight came from, kept so that it can be asked again. */
export type InsightEvidence =
  | { type: 'observation' }
  | { type: 'sql'; query_id?: string | null; sql: string; values?: { [name: string]: unknown } }
  | { type: 'events'; questions: unknown[] }
  | { type: 'condition'; definition: Condition }
  | { type: 'segment'; segment_id: string }
  | { type: 'need'; cluster_id: string; words?: string[]; count?: number; people?: number; computed_at?: string | null }
  | { type: 'basket'; pattern_id: string; products?: string[]; names?: string[]; baskets?: number; lift?: number; computed_at?: string | null }
  | { type: 'report'; report_id: string; figure: string; key?: string | null };

/** Insight (客户洞察). */
export interface CustomerInsight {
  id: string;
  title: string;
  finding: string;
  kind: InsightKind;
  evidence: InsightEvidence;
  segment_id?: string | null;
  condition?: Condition | null;
  group_in_words?: LocalText | null;
  group_size?: number | null;
  state: InsightState;
  department_id?: string | null;
  due_at?: string | null;
  overdue: boolean;
  sent_at?: string | null;
  sent_by?: string | null;
  answered_at?: string | null;
  answered_by?: string | null;
  answer?: string | null;
  adopt_by?: string | null;
  adopted_at?: string | null;
  adopted_by?: string | null;
  adoption?: string | null;
  brand_id?: string | null;
  owner_id?: string | null;
  created_at: string;
  updated_at: string;
  version: number;
}

/** Measurement (复购率测量) of the group of an insight in one window. */
export interface InsightMeasurement {
  moment: InsightMoment;
  days: number;
  window_from: string;
  window_until: string;
  /** Absent: the window has not ended yet. */
  measured_at?: string | null;
  buyers?: number | null;
  repeat_buyers?: number | null;
  /** In percent; absent where nobody bought. */
  rate?: number | null;
  all_buyers?: number | null;
  all_repeat_buyers?: number | null;
  all_rate?: number | null;
}

/** Insight with its measurements (洞察与测量). */
export interface CustomerInsightDetail extends CustomerInsight {
  group_now_in_words?: LocalText | null;
  measurements: InsightMeasurement[];
}

export interface NewCustomerInsight {
  title: string;
  finding: string;
  kind: InsightKind;
  evidence: InsightEvidence;
  segment_id?: string | null;
  condition?: Condition | null;
  department_id?: string | null;
  brand_id?: string | null;
}

export interface CustomerInsightPatch {
  title?: string | null;
  finding?: string | null;
  kind?: InsightKind | null;
  segment_id?: string | null;
  condition?: Condition | null;
  without_group?: boolean;
  department_id?: string | null;
}

export interface SendInsight {
  department_id?: string | null;
  due_at?: string | null;
}

export interface AcceptInsight {
  remark?: string | null;
  adopt_by?: string | null;
}

export interface DeclineInsight {
  reason: string;
}

export interface AdoptInsight {
  adoption: string;
}

/** How the insights of a department stand (部门答复情况). */
export interface InsightDepartment {
  department_id: string;
  sent: number;
  accepted: number;
  declined: number;
  adopted: number;
  overdue: number;
}

/** How insights stand (洞察概况). */
export interface InsightStanding {
  since: string;
  drafts: number;
  departments: InsightDepartment[];
}

// The values of the closed words, in the order of the lists.
export const INSIGHT_KINDS: InsightKind[] = ['need', 'search', 'feedback', 'basket', 'behaviour', 'other'];
export const INSIGHT_STATES: InsightState[] = ['draft', 'sent', 'accepted', 'declined', 'adopted'];
