// The shapes that the operations on sources answer with, and the values of their closed words in the order of the lists.
import type { Fault, QuarantineState, SourceKind } from '@/api/schema';

export type { EventKind, Fault, LakeStats, NewSource, QuarantinedEvent, QuarantineState, RecentEvent, Source, SourceDay, SourceHealth, SourceKind, WriteKey } from '@/api/schema';

export const SOURCE_KINDS: SourceKind[] = ['website', 'app', 'server'];
export const FAULTS: Fault[] = ['malformed', 'too_large', 'unknown_kind', 'nobody', 'nameless', 'wrong_type', 'time_ahead', 'time_before', 'time_unreadable', 'too_long'];
export const QUARANTINE_STATES: QuarantineState[] = ['open', 'replayed', 'dismissed'];
