import { useMutation, useQuery } from '@tanstack/react-query';
import { client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import { ask, useAsked } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import { save } from '@/parts/chart/csv';
import type { ExportSql, NewQuery, RunSql, SavedQuery, SqlRefresh, SqlResult, SqlTable, Values } from './contract';

const SQL = '/api/v1/insight/sql';
export const QUERIES = '/api/v1/insight/queries';

/** May ask in SQL. */
export const QUERY_RUN = 'insight.query.run';
/** May save queries, share them and put them away; may have the tables copied anew. */
export const QUERY_MANAGE = 'insight.query.manage';
/** May take data along as a file. */
export const EXPORT_RUN = 'tabular.export.run';

/** How often it is asked whether a copy is there. */
const COPIES_MS = 60_000;

const of = (id: string) => ({ path: { id } });
const again = () => refresh(QUERIES);

/** The tables that can be asked, with what the reader may see of them. */
export function useTables() {
  return useAsked<Page<SqlTable>>(`${SQL}/tables`, {}, { staleTime: COPIES_MS });
}

/** What is asked: a saved query as it stands, or a text of one's own. */
export type Question = { id: string; limit: number; values: Values } | (RunSql & { id?: undefined });

/** Answers a question; the signal ends it. */
export function runSql({ id, ...body }: Question, signal: AbortSignal): Promise<SqlResult> {
  if (id === undefined) return ask<SqlResult>('post', `${SQL}/run`, { body, signal });
  return ask<SqlResult>('post', `${QUERIES}/{id}/run`, { params: of(id), body, signal });
}

/** Has the tables copied anew, in the background. */
export function useRefresh() {
  return useMutation({ mutationFn: () => ask<SqlRefresh>('post', `${SQL}/refresh`), onSuccess: () => refresh(SQL) });
}

/** Saves an answer as a file; the reason is logged. */
export function useExport(name: string) {
  return useMutation({
    mutationFn: async (body: ExportSql) => {
      const request = client.request as unknown as (method: string, path: string, init: { body: ExportSql; parseAs: 'blob' }) => Promise<{ data: Blob }>;
      const { data } = await request('post', `${SQL}/export`, { body, parseAs: 'blob' });
      save(`${name}.${body.format}`, data);
    },
  });
}

/** Asks for a saved query past what the browser remembers. */
export function savedNow(id: string, signal?: AbortSignal): Promise<SavedQuery> {
  return ask<SavedQuery>('get', `${QUERIES}/{id}`, { params: of(id), ...(signal ? { signal } : {}) });
}

/** One saved query. */
export function useSaved(id: string | undefined) {
  return useQuery({ queryKey: ['get', `${QUERIES}/{id}`, id], queryFn: ({ signal }) => savedNow(id ?? '', signal), enabled: id !== undefined });
}

/** Keeps a query. */
export function useKeep() {
  return useMutation({ mutationFn: (body: NewQuery) => ask<SavedQuery>('post', QUERIES, { body }), onSuccess: again });
}

/** Changes a query, on the version that was read. */
export function useChangeQuery() {
  return useMutation({
    mutationFn: ({ body, id, version }: { body: NewQuery; id: string; version: number }) => ask<SavedQuery>('put', `${QUERIES}/{id}`, { params: { ...of(id), header: ifMatch({ version }) }, body }),
    onSuccess: again,
  });
}

/** Puts a query away. */
export function useArchiveQuery() {
  return useMutation({
    mutationFn: (row: Pick<SavedQuery, 'id' | 'version'>) => ask<SavedQuery>('post', `${QUERIES}/{id}/archive`, { params: { ...of(row.id), header: ifMatch(row) } }),
    onSuccess: again,
  });
}
