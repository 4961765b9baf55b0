// The values of the closed words of the privacy desk in the order of the lists, and what its operations answer with as
// a plain object: the result of a request and the proof of an erasure.
import type { AffectedBy, Erasure, ErasureStep, HitChannel, LeakNoteKind, LeakState, LeakedData, PrivacyRegime, RetentionSubject, SubjectRequest, SubjectRequestChannel, SubjectRequestGround, SubjectRequestKind, SubjectRequestMeans, SubjectRequestState } from '@/api/schema';

export const REQUEST_KINDS: SubjectRequestKind[] = ['access', 'portability', 'correction', 'erasure', 'object_automated', 'restrict'];
export const REGIMES: PrivacyRegime[] = ['pipl', 'gdpr'];
export const REQUEST_STATES: SubjectRequestState[] = ['open', 'verified', 'done', 'refused'];
export const REQUEST_CHANNELS: SubjectRequestChannel[] = ['web', 'email', 'phone', 'store', 'letter', 'other'];
export const MEANS: SubjectRequestMeans[] = ['account', 'reply_to_address', 'id_document', 'in_person', 'callback', 'other'];
export const GROUNDS: SubjectRequestGround[] = ['identity_unproven', 'unfounded', 'legal_hold', 'statutory_retention', 'third_party_rights', 'other'];
export const RETENTION_SUBJECTS: RetentionSubject[] = ['inactive_profiles', 'events', 'quarantine', 'exports'];
export const LEAK_STATES: LeakState[] = ['open', 'contained', 'closed'];
export const LEAKED_DATA: LeakedData[] = ['name', 'email', 'mobile', 'address', 'member_number', 'orders', 'consents', 'behaviour', 'other'];
export const AFFECTED_BY: AffectedBy[] = ['segment', 'source', 'export', 'profiles'];
export const LEAK_NOTES: LeakNoteKind[] = ['measure', 'contained', 'note'];
export const HIT_CHANNELS: HitChannel[] = ['email', 'sms', 'call', 'post', 'other'];

/** A row whose changes are counted. */
export interface Versioned {
  id: string;
  version: number;
}

/** Everything that is known, as a file. */
export interface FileResult {
  kind: 'file';
  /** Absent once it went together with the person. */
  file_id?: string | null;
  erased?: boolean;
  bytes: number;
  sha256: string;
  rows: { [part: string]: number };
  /** Parts that could not be asked. */
  missing: string[];
}

/** What was put right. */
export interface CorrectionResult {
  kind: 'correction';
  changed: string[];
}

/** A limit that was set. */
export interface FlagResult {
  kind: 'flag';
  flag: 'no_automated_decisions' | 'restricted';
  since: string;
}

/** Where something was found (检出位置). */
export interface ErasurePlace {
  place: string;
  count: number;
  /** It stays by nature, such as in the log. */
  kept?: boolean;
}

/** What was searched and found (核验结果). */
export interface ErasureVerification {
  at?: string | null;
  tables: number;
  rows: number;
  files: number;
  events: number;
  values: number;
  hits: number;
  places: ErasurePlace[];
}

/** What was erased, what stays, and what is left. */
export interface ErasureResult {
  kind: 'erasure';
  step: ErasureStep;
  erased_at: string;
  finished_at?: string | null;
  rows: { [table: string]: number };
  kept: { what: string; count: number; why: string }[];
  nodes: number;
  lake_events?: number;
  addresses_suppressed: number;
  accepted_because?: string | null;
  verification?: ErasureVerification | null;
}

export type RequestResult = FileResult | CorrectionResult | FlagResult | ErasureResult;

/** What came of a request, as far as it is carried out. */
export function resultOf({ result }: Pick<SubjectRequest, 'result'>): RequestResult | undefined {
  return (result ?? undefined) as RequestResult | undefined;
}

/** What was done and found when somebody was erased. */
export function proofOf({ proof }: Pick<Erasure, 'proof'>): Partial<Omit<ErasureResult, 'step'>> {
  return proof;
}
