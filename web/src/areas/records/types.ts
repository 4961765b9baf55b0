/** One of the things that can be chosen (选项). */
export interface FieldOption {
  id: string;
  title: string;
  tone?: string | null;
}

/** A field (字段) as the schema of a type describes it. */
export interface Field {
  key: string;
  kind: string;
  title: string;
  hint?: string | null;
  required?: boolean;
  read_only?: boolean;
  readable?: boolean;
  options?: FieldOption[];
  record?: string | null;
  view?: unknown;
  fields?: Field[];
  decimals?: number;
  minimum?: number | null;
  maximum?: number | null;
  value_kind?: string;
}

/** A way to look at many records (视图). */
export interface RecordView {
  id: string;
  kind: string;
  title: string;
  filter?: string | null;
  sort?: string | null;
  columns?: string[];
  group_by?: string | null;
  across?: string | null;
  from?: string | null;
  to?: string | null;
}

/** A state of one of the machines of a type. */
export interface RecordState {
  id: string;
  title: string;
  end: boolean;
  machine: string;
}

/** A record type (记录类型) that the reader may see. */
export interface RecordTypeRow {
  id: string;
  title: string;
  plural: string;
  summary?: string | null;
  area: string;
  prefix: string;
  can_write: boolean;
  clauses: string[];
}

/** Everything that forms and lists of a type need. */
export interface RecordSchema extends RecordTypeRow {
  type_version: number;
  named_by: string;
  fields: Field[];
  views: RecordView[];
  states: RecordState[];
}

/** The values of a record by the keys of its fields. */
export type Values = { [key: string]: unknown };

/** A record (记录) as lists show it. */
export interface Row {
  id: string;
  type_id: string;
  number: string;
  title: string;
  state?: string | null;
  state_title?: string | null;
  ended: boolean;
  values: Values;
  masked?: string[];
  owner_id?: string | null;
  department_id?: string | null;
  brand_id?: string | null;
  created_by?: string | null;
  created_at: string;
  updated_at: string;
  closed_at?: string | null;
  archived_at?: string | null;
  version: number;
  names?: { [id: string]: string };
}

/** A step that somebody can take with a record, or why not. */
export interface RecordAction {
  action: string;
  title: string;
  to?: string | null;
  allowed: boolean;
  code?: string | null;
  reason?: string | null;
  fields: string[];
  approval?: boolean;
}

/** A record with what can be done with it. */
export interface Detail extends Row {
  actions: RecordAction[];
  can_write: boolean;
  comments_count: number;
}

/** One thing that happened to a record. */
export interface HistoryRow {
  at: string;
  actor_id?: string | null;
  actor_name?: string | null;
  action: string;
  action_title?: string | null;
  from_state?: string | null;
  to_state?: string | null;
  changes?: { [key: string]: [unknown, unknown] } | null;
  reason?: string | null;
}

/** Records of one type that refer to a record. */
export interface RelatedRows {
  type_id: string;
  title: string;
  field: string;
  items: Row[];
  more: boolean;
}

/** A remark on a record (评论). */
export interface RemarkRow {
  id: string;
  body: string;
  author_id?: string | null;
  author_name?: string | null;
  created_at: string;
}

/** How many records stand in a group. */
export interface GroupRow {
  by_value?: string | null;
  across_value?: string | null;
  records: number;
}

/** A file that a record keeps. */
export interface StoredFile {
  id: string;
  name: string;
  size: number;
  media_type: string;
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}
