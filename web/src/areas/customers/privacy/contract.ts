// The shapes that the operations of the privacy desk answer with, and the values of their closed words in the order of the lists.
import type { ProfilePatch } from '@/api/schema';

export type SubjectRequestKind = 'access' | 'portability' | 'correction' | 'erasure' | 'object_automated' | 'restrict';
export type PrivacyRegime = 'pipl' | 'gdpr';
export type SubjectRequestState = 'open' | 'verified' | 'done' | 'refused';
export type SubjectRequestChannel = 'web' | 'email' | 'phone' | 'store' | 'letter' | 'other';
export type SubjectRequestMeans = 'account' | 'reply_to_address' | 'id_document' | 'in_person' | 'callback' | 'other';
export type SubjectRequestGround = 'unfounded' | 'identity_unproven' | 'legal_hold' | 'statutory_retention' | 'third_party_rights' | 'other';
export type PrivacyUrgency = 'none' | 'due_soon' | 'overdue';
export type ErasureCause = 'request' | 'retention' | 'restore';
export type ErasureStep = 'erased' | 'verified' | 'hits_left' | 'accepted';
export type PrivacyFlag = 'no_automated_decisions' | 'restricted';
export type ConsentPurpose = 'marketing' | 'loyalty' | 'research';
export type ConsentChannel = 'email' | 'sms' | 'phone';
export type RetentionSubject = 'inactive_profiles' | 'events' | 'quarantine' | 'exports';
export type RetentionAction = 'erase' | 'anonymise';
export type RetentionCause = 'nightly' | 'staff';
export type LeakState = 'open' | 'contained' | 'closed';
export type LeakClock = 'running' | 'due_soon' | 'overdue' | 'reported' | 'not_needed';
export type LeakedData = 'name' | 'email' | 'mobile' | 'address' | 'member_number' | 'orders' | 'consents' | 'behaviour' | 'other';
export type AffectedBy = 'segment' | 'profiles' | 'source' | 'export';
export type LeakNoteKind = 'contained' | 'measure' | 'note';
export type LeakStepKind = 'discovered' | 'affected' | LeakNoteKind | 'authority_reported' | 'authority_waived' | 'people_informed' | 'updated' | 'closed';
export type DecoyState = 'planted' | 'retired';
export type HitChannel = 'email' | 'sms' | 'call' | 'post' | 'other';
export type AccessKind = 'export_rows' | 'exports' | 'unmasks';
export type AccessBecause = 'unusual' | 'absolute';
export type AccessAlertState = 'open' | 'explained';

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

export interface PrivacyReason {
  reason: string;
}

/** How the privacy desk stands (个人信息保护总览). */
export interface PrivacyOverview {
  open: number;
  verified: number;
  due_soon: number;
  overdue: number;
  done_30d: number;
  refused_30d: number;
  leaks_open: number;
  leaks_overdue: number;
  access_alerts_open: number;
  decoy_hits_30d: number;
  erased_total: number;
  retention_rules_active: number;
  late_events_refused: number;
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
  flag: PrivacyFlag;
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

/** Subject request (个人信息主体请求). */
export interface SubjectRequest extends Versioned {
  number: string;
  kind: SubjectRequestKind;
  regime: PrivacyRegime;
  state: SubjectRequestState;
  profile_id?: string | null;
  contact?: string | null;
  channel: SubjectRequestChannel;
  note?: string | null;
  received_at: string;
  due_at: string;
  extended_because?: string | null;
  urgency: PrivacyUrgency;
  verified_at?: string | null;
  verified_by?: string | null;
  verified_by_name?: string | null;
  verified_means?: SubjectRequestMeans | null;
  verified_detail?: string | null;
  decided_at?: string | null;
  decided_by?: string | null;
  decided_by_name?: string | null;
  reason?: string | null;
  ground?: SubjectRequestGround | null;
  result?: RequestResult | null;
  created_at: string;
  created_by?: string | null;
}

export interface NewSubjectRequest {
  kind: SubjectRequestKind;
  regime: PrivacyRegime;
  profile_id?: string | null;
  contact?: string | null;
  channel: SubjectRequestChannel;
  received_at?: string | null;
  note?: string | null;
}

export interface VerifyRequest {
  means: SubjectRequestMeans;
  profile_id?: string | null;
  detail?: string | null;
}

export interface RefuseRequest extends PrivacyReason {
  ground: SubjectRequestGround;
}

export interface ExtendRequest extends PrivacyReason {
  days: number;
}

export interface CorrectRequest extends PrivacyReason {
  fields: Partial<ProfilePatch>;
}

/** What somebody does not want to be done with their data (使用限制). */
export interface PrivacyFlags {
  profile_id: string;
  no_automated_since?: string | null;
  restricted_since?: string | null;
  erased_at?: string | null;
  version: number;
}

export interface SetFlags extends PrivacyReason {
  no_automated?: boolean;
  restricted?: boolean;
}

/** Legal hold (法定保留). */
export interface LegalHold extends Versioned {
  profile_id: string;
  reason: string;
  until?: string | null;
  created_at: string;
  created_by?: string | null;
  lifted_at?: string | null;
  lifted_because?: string | null;
}

export interface NewHold extends PrivacyReason {
  profile_id: string;
  until?: string | null;
}

/** Erasure (删除记录) of somebody. */
export interface Erasure extends Versioned {
  profile_id: string;
  request_id?: string | null;
  cause: ErasureCause;
  step: ErasureStep;
  nodes: number;
  reason: string;
  erased_at: string;
  erased_by?: string | null;
  finished_at?: string | null;
  lake_events: number;
  proof: Partial<Omit<ErasureResult, 'step'>>;
  readmitted_at?: string | null;
  readmitted_because?: string | null;
}

export interface Readmit extends PrivacyReason {
  proof: string;
}

/** Version of a consent text (同意文本版本). */
export interface ConsentTextVersion {
  id: string;
  brand_id?: string | null;
  purpose: ConsentPurpose;
  channel: ConsentChannel;
  language: string;
  version: string;
  text: string;
  valid_from: string;
  valid_until?: string | null;
  consents: number;
  created_at: string;
  created_by?: string | null;
}

export interface NewConsentText {
  brand_id?: string | null;
  purpose: ConsentPurpose;
  channel: ConsentChannel;
  language: string;
  version: string;
  text: string;
  valid_from?: string | null;
}

/** Retention rule (保留规则). */
export interface RetentionRule extends Versioned {
  name: string;
  what: RetentionSubject;
  after_days: number;
  action: RetentionAction;
  active: boolean;
  last_run_at?: string | null;
  last_count?: number | null;
  created_at: string;
  updated_at: string;
}

export type NewRetentionRule = Pick<RetentionRule, 'name' | 'what' | 'after_days' | 'action' | 'active'>;

export interface RetentionPatch extends PrivacyReason, Partial<Omit<NewRetentionRule, 'what'>> {}

/** What a rule would do now (试算). */
export interface RetentionPreview {
  rule_id: string;
  count: number;
  /** Of these, how many stay because of a hold. */
  held: number;
  before: string;
  sample: string[];
}

/** Run (执行记录) of a rule. */
export interface RetentionRun {
  id: string;
  rule_id: string;
  rule_name: string;
  what: RetentionSubject;
  action: RetentionAction;
  cause: RetentionCause;
  before: string;
  count: number;
  held: number;
  started_at: string;
  finished_at?: string | null;
}

/** Leak (泄露事件). */
export interface Leak extends Versioned {
  number: string;
  title: string;
  what_happened: string;
  discovered_at: string;
  state: LeakState;
  fields: LeakedData[];
  affected_count: number;
  authority_due_at: string;
  authority_reported_at?: string | null;
  authority_reference?: string | null;
  authority_waived_because?: string | null;
  clock: LeakClock;
  people_informed_at?: string | null;
  people_informed_how?: string | null;
  closed_at?: string | null;
  closed_because?: string | null;
  created_at: string;
  created_by?: string | null;
}

export interface NewLeak {
  title: string;
  what_happened: string;
  discovered_at?: string | null;
  fields: LeakedData[];
}

export type LeakPatch = Partial<Pick<NewLeak, 'title' | 'what_happened' | 'fields'>>;

export interface NewAffected {
  by: AffectedBy;
  segment_id?: string | null;
  profile_ids?: string[] | null;
  source?: string | null;
  export_id?: string | null;
}

/** Somebody who is affected (受影响客户). */
export interface AffectedPerson {
  profile_id: string;
  name?: string | null;
  email?: string | null;
  mobile?: string | null;
  by: AffectedBy;
  added_at: string;
}

/** Step (处置步骤) of a leak. */
export interface LeakStep {
  id: string;
  at: string;
  kind: LeakStepKind;
  note?: string | null;
  by?: string | null;
  by_name?: string | null;
  count?: number | null;
}

export interface NewLeakStep {
  kind: LeakNoteKind;
  note: string;
}

export interface LeakReport {
  reported_at?: string | null;
  reference: string;
}

export interface LeakInformed {
  how: string;
  informed_at?: string | null;
}

/** A list of people that left as a file (客户导出). */
export interface ProfileExport {
  id: string;
  at: string;
  actor_id?: string | null;
  actor_name: string;
  format: string;
  rows: number;
  filter: { [name: string]: unknown };
  /** It is still known who was in it. */
  available: boolean;
}

/** Decoy (诱饵记录). */
export interface Decoy extends Versioned {
  profile_id: string;
  label: string;
  name?: string | null;
  email?: string | null;
  mobile?: string | null;
  state: DecoyState;
  hits: number;
  last_hit_at?: string | null;
  exports: number;
  created_at: string;
  created_by?: string | null;
}

export interface NewDecoy {
  label: string;
  name: string;
  email?: string | null;
  mobile?: string | null;
}

/** Export that held a decoy (涉及的导出). */
export interface DecoyExport {
  id: string;
  at: string;
  actor_id?: string | null;
  actor_name: string;
  rows: number;
}

/** Somebody used a decoy (诱饵命中). */
export interface DecoyHit {
  id: string;
  decoy_id: string;
  label: string;
  channel: HitChannel;
  happened_at: string;
  recorded_at: string;
  sender?: string | null;
  note?: string | null;
  exports: DecoyExport[];
  exports_before: number;
}

export interface NewDecoyHit {
  decoy_id?: string | null;
  address?: string | null;
  channel: HitChannel;
  happened_at?: string | null;
  sender?: string | null;
  note?: string | null;
}

/** Day on which somebody did more than usual (异常导出告警). */
export interface AccessAlert extends Versioned {
  user_id: string;
  user_name: string;
  day: string;
  kind: AccessKind;
  count: number;
  usual: number;
  threshold: number;
  because: AccessBecause;
  state: AccessAlertState;
  explanation?: string | null;
  explained_by?: string | null;
  explained_at?: string | null;
  found_at: string;
}

/** What somebody took out or uncovered on a day (每日导出情况). */
export interface AccessDay {
  user_id: string;
  user_name: string;
  day: string;
  exports: number;
  export_rows: number;
  unmasks: number;
}
