// The shapes that the operations on the worklist answer with, and the values of their closed words in the order of the lists.

export type WorklistProblem = 'no_contact' | 'no_name' | 'mobile_invalid' | 'email_disposable' | 'email_bounced' | 'contradiction' | 'stale';
export type WorklistState = 'open' | 'fixed' | 'ignored';

export const PROBLEMS: WorklistProblem[] = ['no_contact', 'no_name', 'mobile_invalid', 'email_disposable', 'email_bounced', 'contradiction', 'stale'];
export const WORKLIST_STATES: WorklistState[] = ['open', 'fixed', 'ignored'];

/** Something that is wrong with what is known about somebody (待整理项). */
export interface WorklistItem {
  id: string;
  profile_id: string;
  name?: string | null;
  problem: WorklistProblem;
  /** The value that is wrong, where it is one. */
  value?: string | null;
  state: WorklistState;
  found_at: string;
  decided_at?: string | null;
  decided_by?: string | null;
  reason?: string | null;
  version: number;
}

/** How many people have a problem (问题汇总). */
export interface ProblemCount {
  problem: WorklistProblem;
  open: number;
  ignored: number;
  fixed: number;
}

/** How the worklist stands (清单概况). */
export interface WorklistStanding {
  people: number;
  /** Percent of people about whom nothing is open. */
  sound: number;
  problems: ProblemCount[];
}
