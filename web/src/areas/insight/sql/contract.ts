// What the operations on SQL leave open, because it is as the question is: the values. And the values of the closed
// words, in the order of the lists.
import type * as schema from '@/api/schema';

/** A value of an answer; times and days as text. */
export type Value = string | number | boolean | null;
export type Values = { [name: string]: Value };

export type RunSql = Omit<schema.RunSql, 'values'> & { values?: Values };
export type ExportSql = Omit<schema.ExportSql, 'values'> & { values?: Values };
/** What a question comes to (查询结果). */
export type SqlResult = Omit<schema.SqlResult, 'rows'> & { rows: Value[][] };
/** How an answer is shown (图表); columns by their names. */
export type QueryChart = schema.QueryChart & { y: string[] };
/** Parameter (参数) of a query: stands as `$name` in its text. */
export type QueryParameter = Omit<schema.QueryParameter, 'default'> & { default?: Value };

type Open<Q extends schema.NewQuery> = Omit<Q, 'chart' | 'parameters' | 'people'> & { chart: QueryChart; parameters: QueryParameter[]; people: string[] };
/** What is kept of a query. */
export type NewQuery = Open<schema.NewQuery>;
/** Saved query (保存的查询). */
export type SavedQuery = Open<schema.SavedQuery>;

export const CHART_KINDS: schema.QueryChartKind[] = ['table', 'bar', 'line', 'area', 'pie', 'number'];
export const PARAMETER_KINDS: schema.QueryParameterKind[] = ['text', 'integer', 'number', 'boolean', 'time'];
export const SHARINGS: schema.QuerySharing[] = ['private', 'people', 'company'];
export const FORMATS: schema.ResultFormat[] = ['csv', 'xlsx', 'parquet'];
