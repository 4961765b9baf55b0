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
  sort?: string;
  q?: string;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export interface Row {
  id: string;
  version: number;
  created_at: string;
  updated_at: string;
  masked?: string[];
}

export interface Person {
  id: string;
  name: string;
}

export interface SessionUser extends Person {
  email: string;
  language: string | null;
  department_id: string | null;
  department_name?: string | null;
  position_name?: string | null;
  totp_enabled?: boolean;
}

export interface Session {
  user: SessionUser;
  permissions: string[];
  sample: boolean;
  time_zone?: string;
  accent?: string;
  company?: string;
}

export interface SampleUser extends Person {
  role: string;
  department: string;
}

export interface Device extends Row {
  user_agent: string;
  ip: string;
  last_seen_at: string;
  current: boolean;
}

export type UserState = 'active' | 'invited' | 'disabled' | 'left';

export interface User extends Row {
  name: string;
  email: string | null;
  state: UserState;
  department_id: string | null;
  department_name: string | null;
  position_name: string | null;
  roles: Person[];
  totp_enabled: boolean;
  last_seen_at: string | null;
  leaves_on: string | null;
  idle: boolean;
}

export interface Role extends Row {
  code: string;
  name: string;
  description: string;
  clearance: 'public' | 'internal' | 'personal' | 'secret';
  permissions: string[];
  holders: number;
}

export interface PermissionInfo {
  code: string;
  name: string;
  domain: string;
}

export interface AuditEntry {
  id: string;
  happened_at: string;
  actor_kind: 'user' | 'token' | 'system' | 'anonymous';
  actor_id: string | null;
  actor_name: string;
  action: string;
  noun: string;
  subject_id: string | null;
  subject_title: string | null;
  reason: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  request_id: string;
  sealed: boolean;
}

export interface Department extends Row {
  name: string;
  parent_id: string | null;
  manager_name: string | null;
  people: number;
}

export interface Position extends Row {
  name: string;
  department_id: string;
  department_name: string;
  roles: Person[];
  people: number;
}

export interface TaskAction {
  action: string;
  label: string;
  primary?: boolean;
  needs_reason?: boolean;
}

export interface Task extends Row {
  kind: string;
  title: string;
  summary: string | null;
  requested_by: string | null;
  due_at: string | null;
  overdue: boolean;
  subject_type: string;
  subject_id: string;
  actions: TaskAction[];
}

export interface Totp {
  secret: string;
  uri: string;
}

export interface VerdictCounts {
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

export interface DepartmentStatus extends VerdictCounts {
  department: string;
  turned_red: number;
}

export interface RulebookStatus extends VerdictCounts {
  departments: DepartmentStatus[];
}

type Id = { id: string };

export interface paths {
  '/api/v1/identity/session': {
    get: Op<Session>;
    post: Op<Session, never, never, { email: string; password: string; totp?: string }>;
    delete: Op<Record<string, never>>;
  };
  '/api/v1/identity/sample-users': { get: Op<Page<SampleUser>> };
  '/api/v1/identity/sample-session': { post: Op<Session, never, never, { user_id: string }> };
  '/api/v1/identity/password-reset': { post: Op<Record<string, never>, never, never, { email: string }> };
  '/api/v1/identity/password-reset/{token}': {
    post: Op<Record<string, never>, never, { token: string }, { password: string }>;
  };
  '/api/v1/identity/first-admin/{token}': {
    post: Op<Session, never, { token: string }, { name: string; email: string; password: string }>;
  };
  '/api/v1/identity/me': {
    patch: Op<SessionUser, never, never, { name?: string; language?: string }>;
  };
  '/api/v1/identity/me/password': {
    post: Op<Record<string, never>, never, never, { current: string; password: string }>;
  };
  '/api/v1/identity/me/totp': {
    post: Op<Totp>;
    put: Op<{ recovery_codes: string[] }, never, never, { code: string }>;
    delete: Op<Record<string, never>, never, never, { password: string }>;
  };
  '/api/v1/identity/sessions': { get: Op<Page<Device>>; delete: Op<Record<string, never>> };
  '/api/v1/identity/sessions/{id}': { delete: Op<Record<string, never>, never, Id> };
  '/api/v1/identity/users': {
    get: Op<Page<User>, PageQuery & { state?: string; department_id?: string; idle?: boolean }>;
    post: Op<User, never, never, { name: string; email: string; department_id?: string | undefined }>;
  };
  '/api/v1/identity/users/{id}': {
    get: Op<User, never, Id>;
    patch: Op<User, never, Id, Partial<Pick<User, 'name' | 'email' | 'department_id' | 'leaves_on'>>>;
  };
  '/api/v1/identity/users/{id}/disable': { post: Op<User, never, Id, { reason: string }> };
  '/api/v1/identity/users/{id}/enable': { post: Op<User, never, Id, { reason: string }> };
  '/api/v1/identity/roles': { get: Op<Page<Role>, PageQuery> };
  '/api/v1/identity/permissions': { get: Op<Page<PermissionInfo>> };
  '/api/v1/identity/departments': { get: Op<Page<Department>, PageQuery> };
  '/api/v1/identity/positions': { get: Op<Page<Position>, PageQuery & { department_id?: string }> };
  '/api/v1/system/audit': {
    get: Op<
      Page<AuditEntry>,
      PageQuery & { actor_id?: string; noun?: string; subject_id?: string; from?: string; to?: string }
    >;
  };
  '/api/v1/rulebook/status': { get: Op<RulebookStatus> };
  '/api/v1/rulebook/tasks': { get: Op<Page<Task>, PageQuery & { mine?: boolean; state?: string }> };
  '/api/v1/rulebook/tasks/{id}/decisions': {
    post: Op<Task, never, Id, { action: string; reason?: string | undefined }>;
  };
}
