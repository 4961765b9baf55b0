import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { refresh } from '@/api/query';
import { ask, useAsked } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import { INSIGHTS } from '../insights/calls';
import type { CustomerInsightDetail } from '../insights/contract';
import { until } from '../matching/until';
import type { BasketPattern, NeedCluster, NeedKind, NeedStanding } from './contract';

export const NEEDS = '/api/v1/customers/needs';
export const NEED_RUNS = `${NEEDS}/runs` as const;
const BASKETS = `${NEEDS}/baskets` as const;

/** May see what people search for, say and buy together. */
export const NEED_READ = 'customers.need.read';

/** While needs are being computed they are asked for as often as this, and for ten minutes at most. */
const ASK_MS = 2_000;
const TRIES = 300;
/** Rows that one answer brings. */
const AT_ONCE = 24;
const PATTERNS_AT_ONCE = 50;

/** The latest run. */
export function useStanding() {
  return useAsked<NeedStanding>(`${NEEDS}/standing`, {}, { staleTime: 30_000 });
}

function usePages<T>(path: string, query: { [name: string]: string | number | boolean | undefined }) {
  return useInfiniteQuery({
    queryKey: ['get', path, query],
    queryFn: ({ pageParam, signal }) => ask<Page<T>>('get', path, { params: { query: { ...query, cursor: pageParam } }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** Clusters of the latest run, the most people first. */
export function useClusters(filter: { kind: NeedKind; unmet?: boolean | undefined; trend?: string | undefined }) {
  return usePages<NeedCluster>(NEEDS, { ...filter, page_size: AT_ONCE });
}

/** One cluster, of whatever run. */
export function useCluster(id: string | undefined) {
  return useQuery({ queryKey: ['get', `${NEEDS}/{id}`, id], enabled: id !== undefined, queryFn: ({ signal }) => ask<NeedCluster>('get', `${NEEDS}/{id}`, { params: { path: { id: id ?? '' } }, signal }) });
}

/** Products that are bought together, the highest lift first. */
export function usePatterns() {
  return usePages<BasketPattern>(BASKETS, { page_size: PATTERNS_AT_ONCE });
}

const lastRun = async () => (await ask<NeedStanding>('get', `${NEEDS}/standing`)).run?.id;

/** Has needs computed and waits for the end of it; false where that still goes on when patience ends. */
export function useRecompute({ onDone, onFailed }: { onDone: (ended: boolean) => void; onFailed: (error: unknown) => void }) {
  const [running, setRunning] = useState(false);
  const act = useMutation({
    mutationFn: async () => {
      setRunning(true);
      const before = await lastRun();
      await ask('post', `${NEEDS}/recompute`);
      const pause = () => new Promise<void>((resolve) => void setTimeout(resolve, ASK_MS));
      return (await until(lastRun, (run) => run !== undefined && run !== before, { tries: TRIES, pause })) !== undefined;
    },
    onSuccess: (ended) => {
      onDone(ended);
      void refresh(NEEDS);
    },
    onError: onFailed,
    onSettled: () => setRunning(false),
  });
  return { recompute: () => act.mutate(), running };
}

/** Makes a draft of an insight of a cluster, or of two products. */
export function useInsightOf(what: 'need' | 'basket') {
  return useMutation({
    mutationFn: (id: string) => ask<CustomerInsightDetail>('post', `${what === 'need' ? NEEDS : BASKETS}/{id}/insight`, { params: { path: { id } }, body: {} }),
    onSuccess: () => refresh(INSIGHTS),
  });
}
