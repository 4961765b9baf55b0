import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Detail, GroupRow, HistoryRow, Page, RecordSchema, RecordTypeRow, RelatedRows, RemarkRow, Row, StoredFile, Values } from './types';

/** Below this address stands everything of records; an act asks for all of it again. */
export const RECORDS = '/api/v1/records';
/** Rows that one answer brings to a board, a calendar or a chart. */
const ROWS_AT_ONCE = 200;
/** Answers that such a view puts together; it says so where there is more. */
const ANSWERS_MAX = 5;

type Query = { [name: string]: string | number | boolean | undefined };
interface Init {
  params?: { path?: { [name: string]: string }; query?: Query; header?: object };
  body?: unknown;
  headers?: object;
  signal?: AbortSignal;
  bodySerializer?: (body: never) => BodyInit;
}
type Ask = (method: string, path: string, init: Init) => Promise<{ data: unknown }>;

/** Asks the server; what records answer is typed in one place. */
export async function ask<T>(method: string, path: string, init: Init = {}): Promise<T> {
  const request = client.request as unknown as Ask;
  return (await request(method, path, init)).data as T;
}

/** Asks and remembers the answer. */
export function useAsked<T>(path: string, init: Init = {}, options: { enabled?: boolean; staleTime?: number } = {}) {
  return useQuery({
    queryKey: ['get', path, init],
    queryFn: ({ signal }) => ask<T>('get', path, { ...init, signal }),
    placeholderData: keepPreviousData,
    ...options,
  });
}

/** What stands in a page's address narrows a list; every part of it may be absent. */
export type Narrowed = { filter?: string | undefined; search?: string | undefined; sort?: string | undefined; view?: string | undefined };

/** The record types that the reader may see. */
export function useTypes(enabled = true) {
  return useAsked<Page<RecordTypeRow>>(RECORDS, {}, { enabled, staleTime: 300_000 });
}

/** What a type's forms and lists need to know. */
export function useSchema(type: string) {
  return useAsked<RecordSchema>(`${RECORDS}/{type}/schema`, { params: { path: { type } } }, { enabled: type !== '', staleTime: 300_000 });
}

/** Rows of a list, page after page. */
export function useRows(type: string, query: Narrowed) {
  const init = { params: { path: { type }, query } };
  return useInfiniteQuery({
    queryKey: ['get', `${RECORDS}/{type}`, init],
    queryFn: ({ pageParam, signal }) => ask<Page<Row>>('get', `${RECORDS}/{type}`, { params: { path: { type }, query: { ...query, cursor: pageParam } }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** All rows that a board, a calendar or a chart shows, as far as it reaches. */
export function useAll(type: string, query: Narrowed, enabled = true) {
  return useQuery({
    queryKey: ['get', `${RECORDS}/{type}`, 'all', type, query],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const items: Row[] = [];
      let cursor: string | undefined;
      for (let answers = 0; answers < ANSWERS_MAX; answers += 1) {
        const page = await ask<Page<Row>>('get', `${RECORDS}/{type}`, { params: { path: { type }, query: { ...query, page_size: ROWS_AT_ONCE, cursor } }, signal });
        items.push(...page.items);
        cursor = page.next_cursor ?? undefined;
        if (!cursor) break;
      }
      return { items, more: cursor !== undefined };
    },
  });
}

/** How many records stand in each group. */
export function useGroups(type: string, query: Narrowed & { by: string; across?: string }) {
  return useAsked<Page<GroupRow>>(`${RECORDS}/{type}/groups`, { params: { path: { type }, query } });
}

/** One record, with what can be done with it. */
export function useRecord(type: string, id: string, enabled = true) {
  return useAsked<Detail>(`${RECORDS}/{type}/{id}`, { params: { path: { type, id } } }, { enabled: enabled && id !== '' });
}

/** A list that hangs on one record. */
function useHanging<T>(type: string, id: string, what: string, query: Query = {}) {
  return useAsked<Page<T>>(`${RECORDS}/{type}/{id}/${what}`, { params: { path: { type, id }, query } });
}
export const useHistory = (type: string, id: string) => useHanging<HistoryRow>(type, id, 'history', { page_size: ROWS_AT_ONCE });
export const useRelated = (type: string, id: string) => useHanging<RelatedRows>(type, id, 'related');
export const useRemarks = (type: string, id: string) => useHanging<RemarkRow>(type, id, 'comments');

/** Asks for one record as it stands now, past what the browser remembers. */
export function recordNow(type: string, id: string): Promise<Detail> {
  return ask<Detail>('get', `${RECORDS}/{type}/{id}`, { params: { path: { type, id } } });
}

/** What belongs to a record beside its values. */
export interface Sent {
  values: Values;
  owner_id?: string | null;
  department_id?: string | null;
  brand_id?: string | null;
}

const again = () => refresh(RECORDS, '/api/v1/rulebook/task', '/api/v1/rulebook/approvals');

/** Makes a record. */
export function useMake(type: string) {
  return useMutation({ mutationFn: (body: Sent) => ask<Row>('post', `${RECORDS}/{type}`, { params: { path: { type } }, body }), onSuccess: again });
}

/** Changes what is named, on the version that was read. */
export function useChange(type: string) {
  return useMutation({
    mutationFn: ({ id, version, ...body }: Sent & { id: string; version: number }) => ask<Row>('patch', `${RECORDS}/{type}/{id}`, { params: { path: { type, id }, header: ifMatch({ version }) }, body }),
    onSuccess: again,
  });
}

/** A step with a record, with the values that the step asks for. */
export interface Taken {
  row: Pick<Row, 'id' | 'version'>;
  action: string;
  values: Values;
  reason?: string | undefined;
}

/** Takes a step with a record of a type. */
export function useTake(type: string) {
  return useMutation({
    mutationFn: ({ row, action, values, reason }: Taken) =>
      ask<Detail>('post', `${RECORDS}/{type}/{id}/actions/{action}`, { params: { path: { type, id: row.id, action }, header: ifMatch(row) }, body: { values, reason: reason || undefined } }),
    onSuccess: again,
  });
}

/** Puts a record away. */
export function useArchive(type: string) {
  return useMutation({
    mutationFn: ({ row, reason }: { row: Pick<Row, 'id' | 'version'>; reason: string }) =>
      ask<unknown>('post', `${RECORDS}/{type}/{id}/archive`, { params: { path: { type, id: row.id }, header: ifMatch(row) }, body: { reason } }),
    onSuccess: again,
  });
}

/** Says something about a record. */
export function useRemark(type: string, id: string) {
  return useMutation({ mutationFn: (body: { text: string; files: StoredFile[] }) => ask<RemarkRow>('post', `${RECORDS}/{type}/{id}/comments`, { params: { path: { type, id } }, body }), onSuccess: again });
}

/** Address of a file that a record keeps. */
export const fileAddress = (type: string, id: string, file: StoredFile) => `${RECORDS}/${type}/${id}/files/${file.id}`;

/** Address that takes files before a record names them. */
export const FILES = '/api/v1/record-files';
