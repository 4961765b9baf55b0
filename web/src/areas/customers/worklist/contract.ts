// The values of the closed words of the worklist, in the order of the lists.
import type { WorklistProblem, WorklistState } from '@/api/schema';

export const PROBLEMS: WorklistProblem[] = ['no_contact', 'no_name', 'mobile_invalid', 'email_disposable', 'email_bounced', 'contradiction', 'stale'];
export const WORKLIST_STATES: WorklistState[] = ['open', 'fixed', 'ignored'];
