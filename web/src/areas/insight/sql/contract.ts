// The shapes that the operations on SQL and on saved queries answer with, named as the server names them.
import type { LocalText } from '@/api/schema';

export type SqlKind = 'text' | 'integer' | 'number' | 'boolean' | 'time' | 'date' | 'other';
/** A value of an answer; times and days as text. */
export type Value = string | number | boolean | null;

/** Column of a table that can be asked. */
export interface SqlTableColumn {
  name: string;
  kind: SqlKind;
  text: LocalText;
  /** Empty for the reader. */
  masked: boolean;
}

/** Table that can be asked (可查询的表). */
export interface SqlTable {
  name: string;
  text: LocalText;
  /** Absent before it was copied. */
  watermark?: string | null;
  rows?: number | null;
  allowed: boolean;
  /** Only some of its rows are the reader's to see. */
  narrowed: boolean;
  columns: SqlTableColumn[];
}

export type Values = { [name: string]: Value };

/** A question in SQL. */
export interface RunSql {
  sql: string;
  limit?: number;
  values?: Values;
}

/** Column of an answer. */
export interface SqlColumn {
  name: string;
  kind: SqlKind;
}

/** What a question comes to (查询结果). */
export interface SqlResult {
  columns: SqlColumn[];
  rows: Value[][];
  /** Absent where the answer was cut. */
  rows_total?: number | null;
  cut: boolean;
  watermark?: string | null;
  elapsed_ms: number;
  scanned: { files: number; bytes: number; rows: number };
  /** Columns that are empty for the reader, such as `events.user_id`. */
  masked: string[];
}

export type ResultFormat = 'csv' | 'xlsx' | 'parquet';

/** An answer that is wanted as a file. */
export interface ExportSql {
  sql: string;
  values?: Values;
  format: ResultFormat;
  reason: string;
}

/** That copies are being made. */
export interface SqlRefresh {
  queued_at: string;
}

export type QueryChartKind = 'table' | 'bar' | 'line' | 'area' | 'pie' | 'number';

/** How an answer is shown (图表); columns by their names. */
export interface QueryChart {
  kind: QueryChartKind;
  x?: string | null;
  y: string[];
  series?: string | null;
}

export type QueryParameterKind = 'text' | 'integer' | 'number' | 'boolean' | 'time';

/** Parameter (参数) of a query: stands as `$name` in its text. */
export interface QueryParameter {
  name: string;
  label: string;
  kind: QueryParameterKind;
  default?: Value;
}

export type QuerySharing = 'private' | 'people' | 'company';

/** What is kept of a query. */
export interface NewQuery {
  name: string;
  description: string;
  sql: string;
  chart: QueryChart;
  parameters: QueryParameter[];
  sharing: QuerySharing;
  people: string[];
}

/** Saved query (保存的查询). */
export interface SavedQuery extends NewQuery {
  id: string;
  owner_id: string;
  created_at: string;
  updated_at: string;
  archived_at?: string | null;
  version: number;
}

// The values of the closed words, in the order of the lists.
export const CHART_KINDS: QueryChartKind[] = ['table', 'bar', 'line', 'area', 'pie', 'number'];
export const PARAMETER_KINDS: QueryParameterKind[] = ['text', 'integer', 'number', 'boolean', 'time'];
export const SHARINGS: QuerySharing[] = ['private', 'people', 'company'];
export const FORMATS: ResultFormat[] = ['csv', 'xlsx', 'parquet'];
