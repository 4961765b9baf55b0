// The shapes that the operations on sources answer with, and the values of their closed words in the order of the lists.
import type { QuarantineState, SourceKind } from '@/api/schema';
import type { CoverageCell, Fault, Source } from '@/api/schema';

export type { EventKind, LakeStats, QuarantineState, RecentEvent, SourceDay, SourceHealth, SourceKind, WriteKey } from '@/api/schema';
export type { Fault, NewSource, QuarantinedEvent, Source } from '@/api/schema';

export const SOURCE_KINDS: SourceKind[] = ['website', 'app', 'server'];
export const FAULTS: Fault[] = ['malformed', 'too_large', 'unknown_kind', 'nobody', 'nameless', 'wrong_type', 'time_ahead', 'time_before', 'time_unreadable', 'too_long', 'plan'];
export const QUARANTINE_STATES: QuarantineState[] = ['open', 'replayed', 'dismissed'];
export const PLAN_MODES: Source['plan'][] = ['off', 'observe', 'enforce'];
export const DATA_KINDS: CoverageCell['data'][] = ['traffic', 'behaviour', 'sales', 'identity', 'social', 'ads'];
