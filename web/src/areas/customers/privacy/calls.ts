import { useMutation, useQuery } from '@tanstack/react-query';
import { client, ifMatch } from '@/api/client';
import { asProblem } from '@/api/problem';
import { refresh } from '@/api/query';
import { ask, useAsked } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import { save } from '@/parts/chart/csv';
import { USUAL_DAYS } from './clock';
import type { AccessDay, Leak, LeakStep, LegalHold, PrivacyFlags, PrivacyOverview, PrivacyReason, ProfileExport, RetentionPreview, RetentionRule, RetentionRun, SubjectRequest, Versioned } from './contract';

const PRIVACY = '/api/v1/customers/privacy';
export const REQUESTS = `${PRIVACY}/subject-requests`;
export const LEAKS = `${PRIVACY}/leaks`;
export const HOLDS = `${PRIVACY}/holds`;
export const ERASURES = `${PRIVACY}/erasures`;
export const CONSENT_TEXTS = `${PRIVACY}/consent-texts`;
export const RETENTION_RULES = `${PRIVACY}/retention-rules`;
export const RETENTION_RUNS = `${PRIVACY}/retention-runs`;
export const EXPORTS = `${PRIVACY}/exports`;
export const DECOYS = `${PRIVACY}/decoys`;
export const DECOY_HITS = `${PRIVACY}/decoy-hits`;
export const ACCESS_ALERTS = `${PRIVACY}/access-alerts`;

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
  return useAsked<PrivacyOverview>(`${PRIVACY}/overview`, {}, { staleTime: 30_000 });
}

const proving = (row: SubjectRequest | undefined) => row?.result?.kind === 'erasure' && row.result.step === 'erased';

/** One request; while its proof is being made, again and again. */
export function useRequest(id: string) {
  return useQuery({
    queryKey: ['get', `${REQUESTS}/{id}`, id],
    queryFn: ({ signal }) => ask<SubjectRequest>('get', `${REQUESTS}/{id}`, { params: of(id), signal }),
    refetchInterval: ({ state }) => (proving(state.data) ? RUNNING_MS : false),
  });
}

/** One leak. */
export function useLeak(id: string) {
  return useAsked<Leak>(`${LEAKS}/{id}`, { params: of(id) });
}

/** What was done about a leak. */
export function useLeakSteps(id: string) {
  return useAsked<Page<LeakStep>>(`${LEAKS}/{id}/timeline`, { params: of(id) });
}

/** The leaks that are not closed, the first of them. */
export function useOpenLeaks() {
  return useAsked<Page<Leak>>(LEAKS, { params: { query: { page_size: 20 } } }, { staleTime: 30_000 });
}

/** What keeps somebody's data for now. */
export function useHoldsOf(profile_id: string, enabled: boolean) {
  return useAsked<Page<LegalHold>>(HOLDS, { params: { query: { active: true, profile_id } } }, { enabled });
}

/** What somebody does not want to be done with their data. */
export function useFlags(profile_id: string, enabled: boolean) {
  return useAsked<PrivacyFlags>(`${PRIVACY}/profiles/{profile_id}/flags`, { params: { path: { profile_id } } }, { enabled });
}

/** Lists that left as files, newest first. */
export function useExports(enabled: boolean) {
  return useAsked<Page<ProfileExport>>(EXPORTS, { params: { query: { page_size: 50 } } }, { enabled, staleTime: 60_000 });
}

/** What each took out, day by day. */
export function useAccessDays() {
  return useAsked<Page<AccessDay>>(`${PRIVACY}/access-figures`, { params: { query: { days: USUAL_DAYS } } }, { staleTime: 60_000 });
}

/** What a rule would do now; nothing changes. */
export function usePreview(rule: RetentionRule, enabled: boolean) {
  return useQuery({
    queryKey: ['get', `${RETENTION_RULES}/{id}/preview`, rule.id, rule.version],
    queryFn: ({ signal }) => ask<RetentionPreview>('post', `${RETENTION_RULES}/{id}/preview`, { params: of(rule.id), signal }),
    enabled,
    staleTime: 0,
  });
}

/** Lets a rule run now. */
export function useRunRule(rule: RetentionRule) {
  return useMutation({ mutationFn: () => ask<RetentionRun>('post', `${RETENTION_RULES}/{id}/run`, { params: of(rule.id) }), onSuccess: again });
}

/** Makes a row of a list. */
export function useMake<Body, Row>(path: string) {
  return useMutation({ mutationFn: (body: Body) => ask<Row>('post', path, { body }), onSuccess: again });
}

/** Does something with a row, on the version that was read. */
export function useAct<Body, Row>(path: string, act: string) {
  return useMutation({
    mutationFn: ({ row, body }: { row: Versioned; body: Body }) => ask<Row>(act ? 'post' : 'patch', act ? `${path}/{id}/${act}` : `${path}/{id}`, { params: { ...of(row.id), header: ifMatch(row) }, body }),
    onSuccess: again,
    // Whoever was faster is shown first; the next try is made on what they left.
    onError: (error) => (asProblem(error).stale ? again() : undefined),
  });
}

/** Sets or lifts limits without a request. */
export function useSetFlags(profile_id: string) {
  return useMutation({ mutationFn: (body: object) => ask<PrivacyFlags>('post', `${PRIVACY}/profiles/{profile_id}/flags`, { params: { path: { profile_id } }, body }), onSuccess: again });
}

/** Looks again for what is left of somebody who was erased. */
export function useCheck(id: string) {
  return useMutation({ mutationFn: () => ask<SubjectRequest>('post', `${REQUESTS}/{id}/check`, { params: of(id), body: {} }), onSuccess: again });
}

type AskFile = (method: string, path: string, init: object) => Promise<{ data: Blob }>;

/** Saves the file of a request; the reason is logged. */
export function useDownload(row: SubjectRequest) {
  return useMutation({
    mutationFn: async (body: PrivacyReason) => {
      const request = client.request as unknown as AskFile;
      const { data } = await request('post', `${REQUESTS}/{id}/download`, { params: of(row.id), body, parseAs: 'blob' });
      save(`${row.number}.zip`, data);
    },
  });
}
