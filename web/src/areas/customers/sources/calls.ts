import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import { ask, useAsked } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import type { Column, Filter, ListPath, ListSpec, View } from '@/patterns/list/types';
import type { LakeStats, NewSource, QuarantinedEvent, RecentEvent, Source, SourceDay, WriteKey } from './contract';

export const SOURCES = '/api/v1/customers/sources';
export const QUARANTINE = '/api/v1/customers/quarantine';
const LAKE = '/api/v1/customers/lake';

/** May make sources, hand out their keys, and decide about events in quarantine. */
export const SOURCE_MANAGE = 'customers.source.manage';

/** A live view is asked for as often as this. */
const LIVE_MS = 2_000;
/** How a source stands changes with what arrives. */
const STANDING_MS = 10_000;

const of = (id: string) => ({ path: { id } });
const again = () => refresh(SOURCES, QUARANTINE, LAKE);

/** All sources, by name. */
export function useSources(enabled = true) {
  return useAsked<Page<Source>>(SOURCES, {}, { enabled, staleTime: 60_000 });
}

/** One source, as it stands. */
export function useSource(id: string) {
  return useQuery({
    queryKey: ['get', `${SOURCES}/{id}`, id],
    queryFn: ({ signal }) => sourceNow(id, signal),
    refetchInterval: STANDING_MS,
  });
}

/** Asks for a source past what the browser remembers. */
export function sourceNow(id: string, signal?: AbortSignal): Promise<Source> {
  return ask<Source>('get', `${SOURCES}/{id}`, { params: of(id), ...(signal ? { signal } : {}) });
}

/** What a source brought in the last days; days without any event are not among them. */
export function useDays(id: string, days: number, enabled = true) {
  return useAsked<Page<SourceDay>>(`${SOURCES}/{id}/days`, { params: { ...of(id), query: { days } } }, { enabled, staleTime: 60_000 });
}

/** What arrived last, newest first; asked for again and again while the page is in sight. */
export function useEvents(id: string, live: boolean) {
  return useQuery({
    queryKey: ['get', `${SOURCES}/{id}/events`, id],
    queryFn: ({ signal }) => ask<Page<RecentEvent>>('get', `${SOURCES}/{id}/events`, { params: of(id), signal }),
    refetchInterval: live ? LIVE_MS : false,
    staleTime: LIVE_MS,
  });
}

/** What is in the lake. */
export function useLake() {
  return useAsked<LakeStats>(LAKE, {}, { staleTime: 30_000 });
}

/** Makes a source. */
export function useMakeSource() {
  return useMutation({ mutationFn: (body: NewSource) => ask<Source>('post', SOURCES, { body }), onSuccess: again });
}

/** Changes a source, on the version that was read. */
export function useChangeSource(id: string) {
  return useMutation({
    mutationFn: ({ body, version }: { body: NewSource; version: number }) => ask<Source>('put', `${SOURCES}/{id}`, { params: { ...of(id), header: ifMatch({ version }) }, body }),
    onSuccess: again,
  });
}

/** Shows the write key; the look is logged. */
export function useShowKey(id: string) {
  return useMutation({ mutationFn: () => ask<WriteKey>('post', `${SOURCES}/{id}/write-key/show`, { params: of(id) }) });
}

/** Puts a new write key in the place of the old one. */
export function useRenewKey(source: Source) {
  return useMutation({
    mutationFn: () => ask<WriteKey>('post', `${SOURCES}/{id}/write-key`, { params: { ...of(source.id), header: ifMatch(source) } }),
    onSuccess: again,
  });
}

function decided<Body>(row: QuarantinedEvent, how: 'replay' | 'dismiss', body: Body) {
  return ask<QuarantinedEvent>('post', `${QUARANTINE}/{id}/${how}`, { params: { ...of(row.id), header: ifMatch(row) }, body });
}

/** Counts an event after it was repaired. */
export function useReplay(row: QuarantinedEvent) {
  return useMutation({ mutationFn: (body: string) => decided(row, 'replay', { body }), onSuccess: again });
}

/** Decides that an event is not wanted. */
export function useDismiss(row: QuarantinedEvent) {
  return useMutation({ mutationFn: (reason: string) => decided(row, 'dismiss', { reason }), onSuccess: again });
}

interface RowsSpec<T> extends Pick<ListSpec<ListPath>, 'id' | 'empty'> {
  path: string;
  fixed?: { [name: string]: string };
  columns: Column<T>[];
  filters?: Filter[];
  views?: View[];
  rowKey: (row: T) => string;
  rowName: (row: T) => string;
  rowLink?: (row: T) => string | undefined;
  peek?: (row: T) => ReactNode;
}

/** A list of these addresses, which the list pattern knows by their path alone. */
export function listed<T>(spec: RowsSpec<T>): ListSpec<ListPath> {
  return spec as unknown as ListSpec<ListPath>;
}
