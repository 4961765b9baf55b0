import { useMutation, useQueries, useQuery } from '@tanstack/react-query';
import { ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import { ask, useAsked } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import { QUARANTINE, SOURCES } from '../sources/calls';
import type { Definition } from './contract';
import type { NewSourceTotal, PlanBreach, PlannedEvent, PlannedEventHistory, TriedEvent, Source, SourceCoverage, SourceQuality, SourceTotal, UnplannedName } from '@/api/schema';

const PLAN = '/api/v1/customers/plan';
export const PLANNED = `${PLAN}/events`;

/** Days back for which figures of the plan are kept. */
export const DAYS = [1, 7, 30] as const;
export const USUAL_DAYS = 7;
/** Figures of quality move with what arrives. */
const FIGURES_MS = 60_000;

const of = (id: string) => ({ path: { id } });
/** What is planned decides what is at fault and how well a source does. */
const again = () => refresh(PLAN, SOURCES, QUARANTINE);

/** Asks for a planned event past what the browser remembers. */
export function plannedNow(id: string, signal?: AbortSignal): Promise<PlannedEventHistory> {
  return ask<PlannedEventHistory>('get', `${PLANNED}/{id}`, { params: of(id), ...(signal ? { signal } : {}) });
}

/** A planned event with its versions. */
export function usePlanned(id: string) {
  return useQuery({ queryKey: ['get', `${PLANNED}/{id}`, id], queryFn: ({ signal }) => plannedNow(id, signal) });
}

/** What is to be planned. */
export type NewPlanned = Pick<PlannedEvent, 'kind' | 'name'> & Definition;

/** Plans an event. */
export function usePlanEvent() {
  return useMutation({ mutationFn: (body: NewPlanned) => ask<PlannedEvent>('post', PLANNED, { body }), onSuccess: again });
}

/** Changes a definition, on the version that was read. */
export function useChangePlanned(id: string) {
  return useMutation({
    mutationFn: ({ body, version }: { body: Definition & { reason: string }; version: number }) => ask<PlannedEvent>('put', `${PLANNED}/{id}`, { params: { ...of(id), header: ifMatch({ version }) }, body }),
    onSuccess: again,
  });
}

/** Says what a definition would say about an event; nothing is kept. */
export function useTry(id: string) {
  return useMutation({ mutationFn: (body: string) => ask<TriedEvent>('post', `${PLANNED}/{id}/try`, { params: of(id), body: { body } }) });
}

/** What the figures are of. */
export interface Span {
  source_id?: string | undefined;
  days: number;
}

const overSpan = (span: Span) => [{ params: { query: { ...span } } }, { staleTime: FIGURES_MS }] as const;

/** What arrives and nobody planned, the most frequent first. */
export function useUnplanned(span: Span) {
  return useAsked<Page<UnplannedName>>(`${PLAN}/unplanned`, ...overSpan(span));
}

/** What is wrong how often, the most frequent first. */
export function useBreaches(span: Span) {
  return useAsked<Page<PlanBreach>>(`${PLAN}/breaches`, ...overSpan(span));
}

/** Which source brings which kind of data. */
export function useCoverage() {
  return useAsked<Page<SourceCoverage>>(`${SOURCES}/coverage`, {}, { staleTime: FIGURES_MS });
}

/** What the sender of a source said to have sent, newest day first. */
export function useTotals(id: string, days: number) {
  return useAsked<Page<SourceTotal>>(`${SOURCES}/{id}/totals`, { params: { ...of(id), query: { days } } });
}

/** Says how many events were sent on a day, for the first time or anew. */
export function useSayTotal(id: string) {
  return useMutation({ mutationFn: (body: NewSourceTotal) => ask<SourceTotal>('post', `${SOURCES}/{id}/totals`, { params: of(id), body }), onSuccess: again });
}

const qualityOf = (id: string) => [`${SOURCES}/{id}/quality`, { params: of(id) }] as const;

/** How well a source keeps to the plan. */
export function useQuality(id: string) {
  return useAsked<SourceQuality>(...qualityOf(id), { staleTime: FIGURES_MS });
}

/** The same of every source that looks at the plan, as far as the answers are there. */
export function useQualities(sources: Source[]): SourceQuality[] {
  return useQueries({
    queries: sources
      .filter((source) => source.plan !== 'off')
      .map(({ id }) => {
        const [path, init] = qualityOf(id);
        return { queryKey: ['get', path, init], queryFn: ({ signal }: { signal: AbortSignal }) => ask<SourceQuality>('get', path, { ...init, signal }), staleTime: FIGURES_MS };
      }),
    combine: (all) => all.flatMap((one) => (one.data ? [one.data] : [])),
  });
}
