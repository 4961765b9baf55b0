import { useMutation, useQuery } from '@tanstack/react-query';
import { api, client, ifMatch, told } from '@/api/client';
import { asProblem } from '@/api/problem';
import { refresh } from '@/api/query';
import type { paths, PrivacyReason, RetentionRule, SetFlags, SubjectRequest } from '@/api/schema';
import { ask } from '@/areas/records/api';
import { save } from '@/parts/chart/csv';
import { USUAL_DAYS } from './clock';
import { resultOf, type Versioned } from './contract';

const PRIVACY = '/api/v1/customers/privacy';
export const REQUESTS = `${PRIVACY}/subject-requests` as const;
export const LEAKS = `${PRIVACY}/leaks` as const;
/** Who is affected by a leak. */
export const AFFECTED = `${LEAKS}/{id}/affected` as const;
export const HOLDS = `${PRIVACY}/holds` as const;
export const ERASURES = `${PRIVACY}/erasures` as const;
export const CONSENT_TEXTS = `${PRIVACY}/consent-texts` as const;
export const RETENTION_RULES = `${PRIVACY}/retention-rules` as const;
export const RETENTION_RUNS = `${PRIVACY}/retention-runs` as const;
export const EXPORTS = `${PRIVACY}/exports` as const;
export const DECOYS = `${PRIVACY}/decoys` as const;
export const DECOY_HITS = `${PRIVACY}/decoy-hits` as const;
export const ACCESS_ALERTS = `${PRIVACY}/access-alerts` as const;

/** May see the privacy desk. */
export const PRIVACY_READ = 'customers.privacy.read';
/** May work on everything there but erasing. */
export const PRIVACY_MANAGE = 'customers.privacy.manage';
/** May erase people for good. */
export const PRIVACY_ERASE = 'customers.privacy.erase';

/** Where somebody works on a request or a leak. */
export const requestAt = (id: string) => `/customers/privacy/requests/${id}`;
export const leakAt = (id: string) => `/customers/privacy/leaks/${id}`;

/** An erasure that is being proven is asked for as often as this. */
const RUNNING_MS = 2_000;

const of = (id: string) => ({ path: { id } });
/** What is done here changes people, lists and figures all over the area. */
const again = () => refresh('/api/v1/customers');

/** How the desk stands. */
export function useOverview() {
  return api.useQuery('get', `${PRIVACY}/overview`, {}, { staleTime: 30_000 });
}

/** One request; while its proof is being made, again and again. */
export function useRequest(id: string) {
  return api.useQuery('get', `${REQUESTS}/{id}`, { params: of(id) }, { refetchInterval: ({ state: { data } }) => (data && proving(data) ? RUNNING_MS : false) });
}

function proving(row: SubjectRequest): boolean {
  const result = resultOf(row);
  return result?.kind === 'erasure' && result.step === 'erased';
}

/** One leak. */
export function useLeak(id: string) {
  return api.useQuery('get', `${LEAKS}/{id}`, { params: of(id) });
}

/** What was done about a leak. */
export function useLeakSteps(id: string) {
  return api.useQuery('get', `${LEAKS}/{id}/timeline`, { params: of(id) });
}

/** The leaks that are not closed, the first of them. */
export function useOpenLeaks() {
  return api.useQuery('get', LEAKS, { params: { query: { page_size: 20 } } }, { staleTime: 30_000 });
}

/** What keeps somebody's data for now. */
export function useHoldsOf(profile_id: string, enabled: boolean) {
  return api.useQuery('get', HOLDS, { params: { query: { active: true, profile_id } } }, { enabled });
}

/** What somebody does not want to be done with their data. */
export function useFlags(profile_id: string, enabled: boolean) {
  return api.useQuery('get', `${PRIVACY}/profiles/{profile_id}/flags`, { params: { path: { profile_id } } }, { enabled });
}

/** Lists that left as files, newest first. */
export function useExports(enabled: boolean) {
  return api.useQuery('get', EXPORTS, { params: { query: { page_size: 50 } } }, { enabled, staleTime: 60_000 });
}

/** What each took out, day by day. */
export function useAccessDays() {
  return api.useQuery('get', `${PRIVACY}/access-figures`, { params: { query: { days: USUAL_DAYS } } }, { staleTime: 60_000 });
}

/** What a rule would do now; nothing changes. */
export function usePreview(rule: RetentionRule, enabled: boolean) {
  return useQuery({
    queryKey: ['get', `${RETENTION_RULES}/{id}/preview`, rule.id, rule.version],
    queryFn: ({ signal }) => told(client.POST(`${RETENTION_RULES}/{id}/preview`, { params: of(rule.id), signal })),
    enabled,
    staleTime: 0,
  });
}

/** Lets a rule run now. */
export function useRunRule(rule: RetentionRule) {
  return useMutation({ mutationFn: () => told(client.POST(`${RETENTION_RULES}/{id}/run`, { params: of(rule.id) })), onSuccess: again });
}

/** An address below which rows are made or changed. */
type Desk = Extract<keyof paths, `${typeof PRIVACY}/${string}`>;
type Versions = { parameters: { path: { id: string }; header: { 'If-Match': string } } };
/** Addresses that make a row of a list. */
type MakePath = { [P in Desk]: P extends `${string}{${string}` ? never : paths[P] extends { post: object } ? P : never }[Desk];
/** Addresses that change a row, or do something with it, on the version that was read. */
export type ActPath = { [P in Desk]: paths[P] extends { post: Versions } | { patch: Versions } ? P : never }[Desk];
type Doing<P extends Desk> = paths[P] extends { patch: infer O } ? (O extends object ? O : paths[P]['post']) : paths[P]['post'];
/** What such an address takes. */
export type BodyOf<P extends Desk> = Doing<P> extends { requestBody: { content: { 'application/json': infer B } } } ? B : never;
/** The row that it answers with. */
export type Answer<P extends Desk> = Doing<P> extends { responses: infer R } ? (R[keyof R] extends infer One ? (One extends { content: { 'application/json': infer T } } ? T : never) : never) : never;

/** Makes a row of a list. */
export function useMake<P extends MakePath>(path: P) {
  return useMutation({ mutationFn: (body: BodyOf<P>) => ask<Answer<P>>('post', path, { body }), onSuccess: again });
}

/** Does something with a row, on the version that was read; an address that ends with the row itself changes it. */
export function useAct<P extends ActPath>(path: P) {
  return useMutation({
    mutationFn: ({ row, body }: { row: Versioned; body: BodyOf<P> }) => ask<Answer<P>>(path.endsWith('/{id}') ? 'patch' : 'post', path, { params: { ...of(row.id), header: ifMatch(row) }, body }),
    onSuccess: again,
    // Whoever was faster is shown first; the next try is made on what they left.
    onError: (error) => (asProblem(error).stale ? again() : undefined),
  });
}

/** Sets or lifts limits without a request. */
export function useSetFlags(profile_id: string) {
  return useMutation({ mutationFn: (body: SetFlags) => told(client.POST(`${PRIVACY}/profiles/{profile_id}/flags`, { params: { path: { profile_id } }, body })), onSuccess: again });
}

/** Looks again for what is left of somebody who was erased. */
export function useCheck(id: string) {
  return useMutation({ mutationFn: () => told(client.POST(`${REQUESTS}/{id}/check`, { params: of(id), body: {} })), onSuccess: again });
}

/** Saves the file of a request; the reason is logged. */
export function useDownload(row: SubjectRequest) {
  return useMutation({
    mutationFn: async (body: PrivacyReason) => save(`${row.number}.zip`, await told(client.POST(`${REQUESTS}/{id}/download`, { params: of(row.id), body, parseAs: 'blob' }))),
  });
}
