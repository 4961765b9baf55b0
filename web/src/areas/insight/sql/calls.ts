import { useMutation, useQuery } from '@tanstack/react-query';
import { api, client, ifMatch, told } from '@/api/client';
import { refresh } from '@/api/query';
import type * as schema from '@/api/schema';
import { save } from '@/parts/chart/csv';
import type { ExportSql, NewQuery, RunSql, SavedQuery, SqlResult, Values } from './contract';

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
  return api.useQuery('get', `${SQL}/tables`, {}, { staleTime: COPIES_MS });
}

/** What is asked: a saved query as it stands, or a text of one's own. */
export type Question = { id: string; limit: number; values: Values } | (RunSql & { id?: undefined });

/** Values are what the question makes them: the document calls them objects. */
const open = <T>(values: unknown) => values as T;

/** Answers a question; the signal ends it. */
export async function runSql({ id, ...body }: Question, signal: AbortSignal): Promise<SqlResult> {
  const answer = id === undefined ? client.POST(`${SQL}/run`, { body: open<schema.RunSql>(body), signal }) : client.POST(`${QUERIES}/{id}/run`, { params: of(id), body: open<schema.RunQuery>(body), signal });
  return open<SqlResult>(await told<schema.SqlResult>(answer));
}

/** Has the tables copied anew, in the background. */
export function useRefresh() {
  return useMutation({ mutationFn: () => told(client.POST(`${SQL}/refresh`)), onSuccess: () => refresh(SQL) });
}

/** Saves an answer as a file; the reason is logged. */
export function useExport(name: string) {
  return useMutation({
    mutationFn: async (body: ExportSql) => save(`${name}.${body.format}`, await told(client.POST(`${SQL}/export`, { body: open<schema.ExportSql>(body), parseAs: 'blob' }))),
  });
}

const kept = async (answer: Promise<{ data?: schema.SavedQuery }>) => open<SavedQuery>(await told(answer));

/** Asks for a saved query past what the browser remembers. */
export function savedNow(id: string, signal?: AbortSignal): Promise<SavedQuery> {
  return kept(client.GET(`${QUERIES}/{id}`, { params: of(id), ...(signal ? { signal } : {}) }));
}

/** One saved query. */
export function useSaved(id: string | undefined) {
  return useQuery({ queryKey: ['get', `${QUERIES}/{id}`, id], queryFn: ({ signal }) => savedNow(id ?? '', signal), enabled: id !== undefined });
}

/** Keeps a query. */
export function useKeep() {
  return useMutation({ mutationFn: (body: NewQuery) => kept(client.POST(QUERIES, { body: open<schema.NewQuery>(body) })), onSuccess: again });
}

/** Changes a query, on the version that was read. */
export function useChangeQuery() {
  return useMutation({
    mutationFn: ({ body, id, version }: { body: NewQuery; id: string; version: number }) => kept(client.PUT(`${QUERIES}/{id}`, { params: { ...of(id), header: ifMatch({ version }) }, body: open<schema.NewQuery>(body) })),
    onSuccess: again,
  });
}

/** Puts a query away. */
export function useArchiveQuery() {
  return useMutation({
    mutationFn: (row: Pick<SavedQuery, 'id' | 'version'>) => kept(client.POST(`${QUERIES}/{id}/archive`, { params: { ...of(row.id), header: ifMatch(row) } })),
    onSuccess: again,
  });
}
