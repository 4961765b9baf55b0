// The values of the closed words of insights, in the order of the lists.
import type { InsightKind, InsightState } from '@/api/schema';

export const INSIGHT_KINDS: InsightKind[] = ['need', 'search', 'feedback', 'basket', 'behaviour', 'other'];
export const INSIGHT_STATES: InsightState[] = ['draft', 'sent', 'accepted', 'declined', 'adopted'];
