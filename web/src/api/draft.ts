// Shapes agreed with the server while its document is being written; the generated ones take their place.

type Op<Answer, Query = never, Path = never, Body = never> = {
  parameters: {
    query?: [Query] extends [never] ? never : Query;
    header?: Record<string, string>;
    cookie?: never;
  } & ([Path] extends [never] ? { path?: never } : { path: Path });
  responses: { 200: { headers: Record<string, unknown>; content: { 'application/json': Answer } } };
} & ([Body] extends [never] ? { requestBody?: never } : { requestBody: { content: { 'application/json': Body } } });

interface PageQuery {
  page_size?: number;
  cursor?: string;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export type Language = 'zh-Hans' | 'zh-Hant' | 'en';
export type Label = 'public' | 'internal' | 'personal' | 'secret';

export interface LocalText {
  'zh-Hans': string;
  'zh-Hant': string;
  en: string;
}

type Maybe<T> = T | null | undefined;

export interface SessionUser {
  id: string;
  name: string;
  email: string;
  language?: Maybe<Language>;
  department_id?: Maybe<string>;
  department_name?: Maybe<LocalText>;
  position_id?: Maybe<string>;
  position_name?: Maybe<LocalText>;
  manager_id?: Maybe<string>;
  version: number;
}

export interface SessionView {
  user: SessionUser;
  permissions: string[];
  clearance: Label;
  totp_enabled: boolean;
  device_registered: boolean;
  withheld: string[];
  sample: boolean;
  time_zone: string;
  currency: string;
  expires_at?: Maybe<string>;
}

export interface SampleUser {
  id: string;
  name: string;
  department_name: LocalText;
  position_name: LocalText;
  role_names: LocalText[];
}

export interface Session {
  id: string;
  method: 'password' | 'totp' | 'first_admin' | 'sample';
  totp_used: boolean;
  device_name: string;
  address: string;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  current: boolean;
}

export interface Token {
  id: string;
  user_id: string;
  name: string;
  hint: string;
  scopes: string[];
  expires_at: string;
  last_used_at?: Maybe<string>;
  created_at: string;
}

export type UserState = 'invited' | 'active' | 'locked' | 'disabled' | 'left';

export interface Grant {
  id: string;
  user_id: string;
  role_id: string;
  role_code: string;
  role_names: LocalText;
  scope: 'company' | 'brand' | 'department' | 'own';
  brand_id?: Maybe<string>;
  department_id?: Maybe<string>;
  expires_at?: Maybe<string>;
  reason?: Maybe<string>;
  created_at: string;
}

export interface User {
  id: string;
  name: string;
  /** Null where the reader may not see it. */
  email: string;
  language?: Maybe<Language>;
  department_id?: Maybe<string>;
  department_names?: Maybe<LocalText>;
  position_id?: Maybe<string>;
  position_names?: Maybe<LocalText>;
  manager_id?: Maybe<string>;
  manager_name?: Maybe<string>;
  state: UserState;
  approved_request: boolean;
  totp_enabled: boolean;
  leave_at?: Maybe<string>;
  disabled_at?: Maybe<string>;
  disabled_reason?: Maybe<string>;
  idle_flagged_at?: Maybe<string>;
  last_seen_at?: Maybe<string>;
  last_review_at?: Maybe<string>;
  grants: Grant[];
  created_at: string;
  updated_at: string;
  version: number;
  masked?: string[];
}

export interface Role {
  id: string;
  code: string;
  names: LocalText;
  descriptions: LocalText;
  clearance: Label;
  permissions: string[];
  built_in: boolean;
  holders: number;
  version: number;
}

export interface PermissionInfo {
  code: string;
  name: string;
  domain: string;
  scoped: boolean;
  confidential: boolean;
}

export interface Matrix {
  permissions: PermissionInfo[];
  rows: { id: string; name: string; cells: Record<string, string[]> }[];
  next_cursor?: Maybe<string>;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor_kind: string;
  actor_id?: Maybe<string>;
  actor_name: string;
  request_id: string;
  action: string;
  noun: string;
  noun_id?: Maybe<string>;
  reason?: Maybe<string>;
  changes?: unknown;
  row_count: number;
}

export interface Department {
  id: string;
  code: string;
  names: LocalText;
  parent_id?: Maybe<string>;
  head_id?: Maybe<string>;
  head_name?: Maybe<string>;
  people: number;
  version: number;
}

export interface Position {
  id: string;
  department_id: string;
  department_names: LocalText;
  names: LocalText;
  people: number;
  version: number;
}

export interface CardAction {
  action: string;
  title: string;
  method: string;
  path: string;
  primary: boolean;
  reason_field?: Maybe<string>;
  if_match?: Maybe<number>;
}

export interface Task {
  id: string;
  kind: string;
  state: 'open' | 'done' | 'cancelled';
  subject_noun: string;
  subject_id: string;
  link: string;
  title: string;
  due_at?: Maybe<string>;
  overdue: boolean;
  actions: CardAction[];
  created_at: string;
}

export interface StatusCounts {
  clauses: number;
  covered: number;
  followed: number;
  broken: number;
  insufficient: number;
  attested: number;
  uncovered: number;
  stale: number;
  overridden: number;
}

export interface CoverageRow {
  id: string;
  title: string;
  counts: StatusCounts;
}

export interface Summary {
  total: StatusCounts;
  documents: CoverageRow[];
  departments: CoverageRow[];
  trend: { from: string; covered: number; followed: number; broken: number }[];
}

export interface Turn {
  run_id: string;
  control_id: string;
  title: string;
  clauses: string[];
  before: 'followed' | 'broken' | 'insufficient';
  after: 'followed' | 'broken' | 'insufficient';
  at: string;
}

export interface TotpSetup {
  secret: string;
  uri: string;
}

type Id = { id: string };
type Nothing = Record<string, never>;

export interface paths {
  '/api/v1/identity/session': {
    get: Op<SessionView>;
    post: Op<SessionView, never, never, { email: string; password: string; totp?: Maybe<string> }>;
    delete: Op<Nothing>;
  };
  '/api/v1/identity/sample-users': { get: Op<Page<SampleUser>> };
  '/api/v1/identity/sample-session': { post: Op<SessionView, never, never, { user_id: string }> };
  '/api/v1/identity/password-reset': { post: Op<Nothing, never, never, { email: string }> };
  '/api/v1/identity/password-reset/confirm': { post: Op<Nothing, never, never, { token: string; password: string }> };
  '/api/v1/identity/activation': { post: Op<Nothing, never, never, { token: string; password: string }> };
  '/api/v1/identity/not-me': { post: Op<Nothing, never, never, { token: string }> };
  '/api/v1/identity/first-admin': {
    post: Op<SessionView, never, never, { token: string; name: string; email: string; password: string; language?: Maybe<Language> }>;
  };
  '/api/v1/identity/me': { patch: Op<User, never, never, { name?: string; language?: Language }> };
  '/api/v1/identity/me/password': { post: Op<Nothing, never, never, { current: string; password: string }> };
  '/api/v1/identity/me/totp': {
    post: Op<TotpSetup>;
    put: Op<{ recovery_codes: string[] }, never, never, { code: string }>;
    delete: Op<Nothing, never, never, { password: string }>;
  };
  '/api/v1/identity/tokens': {
    get: Op<Page<Token>>;
    post: Op<{ token: Token; secret: string }, never, never, { name: string; scopes: string[]; days: number }>;
  };
  '/api/v1/identity/tokens/{id}': { delete: Op<Nothing, never, Id> };
  '/api/v1/identity/sessions': { get: Op<Page<Session>>; delete: Op<Nothing> };
  '/api/v1/identity/sessions/{id}': { delete: Op<Nothing, never, Id> };
  '/api/v1/identity/users': {
    get: Op<Page<User>, PageQuery & { q?: string; state?: UserState; department_id?: string; role_id?: string; idle?: boolean }>;
    post: Op<User, never, never, { name: string; email: string; language?: Maybe<Language>; department_id?: Maybe<string>; position_id?: Maybe<string> }>;
  };
  '/api/v1/identity/users/{id}': {
    get: Op<User, never, Id>;
    patch: Op<User, never, Id, { name?: string; department_id?: Maybe<string>; position_id?: Maybe<string>; leave_at?: Maybe<string> }>;
  };
  '/api/v1/identity/users/{id}/disable': { post: Op<User, never, Id, { reason: string }> };
  '/api/v1/identity/users/{id}/enable': { post: Op<User, never, Id, { reason: string }> };
  '/api/v1/identity/users/{id}/totp': { delete: Op<Nothing, never, Id> };
  '/api/v1/identity/users/{id}/invitation': { post: Op<Nothing, never, Id> };
  '/api/v1/identity/users/{id}/grants': {
    get: Op<Page<Grant>, never, Id>;
    post: Op<Grant, never, Id, { role_id: string; scope: Grant['scope']; brand_id?: Maybe<string>; department_id?: Maybe<string>; reason?: Maybe<string> }>;
  };
  '/api/v1/identity/users/{id}/grants/{grant_id}': { delete: Op<Nothing, never, { id: string; grant_id: string }> };
  '/api/v1/identity/roles': {
    get: Op<Page<Role>, PageQuery>;
    post: Op<Role, never, never, { code: string; names: LocalText; descriptions?: LocalText; clearance: Label; permissions: string[] }>;
  };
  '/api/v1/identity/roles/{id}': {
    patch: Op<Role, never, Id, { names?: LocalText; descriptions?: LocalText; clearance?: Label; permissions?: string[] }>;
  };
  '/api/v1/identity/permission-matrix': { get: Op<Matrix, PageQuery & { by?: 'role' | 'user' }> };
  '/api/v1/identity/departments': {
    get: Op<Page<Department>, PageQuery>;
    post: Op<Department, never, never, { code: string; names: LocalText; parent_id?: Maybe<string>; head_id?: Maybe<string> }>;
  };
  '/api/v1/identity/departments/{id}': {
    put: Op<Department, never, Id, { names: LocalText; parent_id?: Maybe<string>; head_id?: Maybe<string> }>;
    delete: Op<Nothing, never, Id>;
  };
  '/api/v1/identity/positions': {
    get: Op<Page<Position>, PageQuery & { department_id?: string }>;
    post: Op<Position, never, never, { department_id: string; names: LocalText }>;
  };
  '/api/v1/identity/positions/{id}': { put: Op<Position, never, Id, { names: LocalText }>; delete: Op<Nothing, never, Id> };
  '/api/v1/system/audit': {
    get: Op<Page<AuditEntry>, PageQuery & { actor?: string; action?: string; noun?: string; noun_id?: string; from?: string; to?: string }>;
  };
  '/api/v1/rulebook/coverage': { get: Op<Summary> };
  '/api/v1/rulebook/turns': { get: Op<Page<Turn>, { days?: number }> };
  '/api/v1/rulebook/tasks': { get: Op<Page<Task>, PageQuery & { mine?: boolean; state?: Task['state']; kind?: string }> };
  '/api/v1/rulebook/task-count': { get: Op<{ open: number; overdue: number }> };
}
