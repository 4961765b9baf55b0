import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, client, told } from '@/api/client';
import { refresh } from '@/api/query';
import type { CustomerInsightDetail, NeedKind, NeedTrend } from '@/api/schema';
import { INSIGHTS } from '../insights/calls';
import { until } from '../matching/until';

export const NEEDS = '/api/v1/customers/needs';
export const NEED_RUNS = `${NEEDS}/runs` as const;
const BASKETS = `${NEEDS}/baskets` as const;
const STANDING = `${NEEDS}/standing` as const;

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
  return api.useQuery('get', STANDING, {}, { staleTime: 30_000 });
}

const paged = { initialPageParam: undefined as string | undefined, getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? undefined, placeholderData: keepPreviousData };

/** Clusters of the latest run, the most people first. */
export function useClusters(filter: { kind: NeedKind; unmet?: true | undefined; trend?: NeedTrend | undefined }) {
  const query = { ...filter, page_size: AT_ONCE };
  return useInfiniteQuery({
    ...paged,
    queryKey: ['get', NEEDS, query],
    queryFn: ({ pageParam, signal }) => told(client.GET(NEEDS, { params: { query: { ...query, cursor: pageParam } }, signal })),
  });
}

/** One cluster, of whatever run. */
export function useCluster(id: string) {
  return api.useQuery('get', `${NEEDS}/{id}`, { params: { path: { id } } });
}

/** Products that are bought together, the highest lift first. */
export function usePatterns() {
  const query = { page_size: PATTERNS_AT_ONCE };
  return useInfiniteQuery({
    ...paged,
    queryKey: ['get', BASKETS, query],
    queryFn: ({ pageParam, signal }) => told(client.GET(BASKETS, { params: { query: { ...query, cursor: pageParam } }, signal })),
  });
}

const lastRun = async () => (await told(client.GET(STANDING))).run?.id;

/** Has needs computed and waits for the end of it; false where that still goes on when patience ends. */
export function useRecompute({ onDone, onFailed }: { onDone: (ended: boolean) => void; onFailed: (error: unknown) => void }) {
  const [running, setRunning] = useState(false);
  const act = useMutation({
    mutationFn: async () => {
      setRunning(true);
      const before = await lastRun();
      await client.POST(`${NEEDS}/recompute`);
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

/** The product fills everything in. */
const FILLED_IN = { title: null, finding: null, brand_id: null };

/** Makes a draft of an insight of a cluster, or of two products. */
export function useInsightOf(what: 'need' | 'basket') {
  const make = (id: string): Promise<CustomerInsightDetail> => told(what === 'need' ? client.POST(`${NEEDS}/{id}/insight`, { params: { path: { id } }, body: FILLED_IN }) : client.POST(`${BASKETS}/{id}/insight`, { params: { path: { id } }, body: FILLED_IN }));
  return useMutation({ mutationFn: make, onSuccess: () => refresh(INSIGHTS) });
}
