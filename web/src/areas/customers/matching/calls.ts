import { useIsMutating, useMutation } from '@tanstack/react-query';
import { ifMatch } from '@/api/client';
import { asProblem } from '@/api/problem';
import { refresh } from '@/api/query';
import type { Profile } from '@/api/schema';
import { ask, useAsked } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import type { MatchCandidate, MatchModel, ProfileFact, ProfileMerge, Undone } from './contract';
import { until } from './until';

const CUSTOMERS = '/api/v1/customers';
export const MATCHES = `${CUSTOMERS}/matches`;
const PROFILES = `${CUSTOMERS}/profiles`;

/** May decide who is one person, and take that back. */
export const MATCH_DECIDE = 'customers.match.decide';

/** While a search runs it is asked for as often as this, and for half an hour at most. */
const SEARCH_ASK_MS = 2_000;
const SEARCH_TRIES = 900;
const SEARCH = ['customers', 'matches', 'find'];

const of = (id: string) => ({ path: { id } });
/** Who is one person changes lists, people, their orders and what was told about them. */
const again = () => refresh(CUSTOMERS, '/api/v1/sales/orders');

/** Somebody else was faster: what is on screen is asked for again. */
function retell(error: unknown) {
  if (asProblem(error).stale) void again();
}

/** What becomes of the page when an act is done; it is told before the lists change below it. */
interface Told<T> {
  onDone: (answer: T) => void;
  onFailed?: (error: unknown) => void;
}

function told<T>({ onDone, onFailed }: Told<T>) {
  return {
    onSuccess: (answer: T) => {
      onDone(answer);
      void again();
    },
    onError: (error: unknown) => {
      onFailed?.(error);
      retell(error);
    },
  };
}

/** What the last search learned and found. */
export function useModel() {
  return useAsked<MatchModel>(`${MATCHES}/model`, {}, { staleTime: 30_000 });
}

/** How a search stands now; what passes by itself is no reason to stop waiting. */
async function searchedAt(): Promise<string | null | undefined> {
  try {
    return (await ask<MatchModel>('get', `${MATCHES}/model`)).trained_at ?? null;
  } catch (error) {
    if (asProblem(error).passing) return undefined;
    throw error;
  }
}

/** Looks for duplicates and waits for the end of it; false where it still runs when patience ends. */
export function useSearch({ onDone, onFailed }: Told<boolean>) {
  return useMutation({
    mutationKey: SEARCH,
    mutationFn: async () => {
      const before = await ask<MatchModel>('get', `${MATCHES}/model`);
      await ask('post', `${MATCHES}/find`, { body: {} });
      const pause = () => new Promise<void>((resolve) => void setTimeout(resolve, SEARCH_ASK_MS));
      const end = await until(searchedAt, (at) => at !== undefined && at !== (before.trained_at ?? null), { tries: SEARCH_TRIES, pause });
      return end !== undefined;
    },
    ...told({ onDone, ...(onFailed ? { onFailed } : {}) }),
  });
}

/** True while a search that was begun here runs, on whichever page its reader is. */
export function useSearching(): boolean {
  return useIsMutating({ mutationKey: SEARCH }) > 0;
}

/** Decides that two are one person. */
export function useMergeMatch(row: MatchCandidate, after: Told<MatchCandidate>) {
  return useMutation({
    mutationFn: () => ask<MatchCandidate>('post', `${MATCHES}/{id}/merge`, { params: { ...of(row.id), header: ifMatch(row) }, body: {} }),
    ...told(after),
  });
}

/** Decides that two are two people. */
export function useDistinct(row: MatchCandidate, after: Told<MatchCandidate>) {
  return useMutation({
    mutationFn: (reason: string) => ask<MatchCandidate>('post', `${MATCHES}/{id}/distinct`, { params: { ...of(row.id), header: ifMatch(row) }, body: { reason } }),
    ...told(after),
  });
}

/** How the identifiers of a person came together, newest first. */
export function useMerges(profile: string) {
  return useAsked<Page<ProfileMerge>>(`${PROFILES}/{id}/merges`, { params: of(profile) });
}

/** Where the fields of a person came from. */
export function useFacts(profile: string) {
  return useAsked<Page<ProfileFact>>(`${PROFILES}/{id}/facts`, { params: of(profile) });
}

/** Parts two people who were joined. */
export function useUndo(merge: ProfileMerge, after: Told<Undone>) {
  return useMutation({
    mutationFn: (reason: string) => ask<Undone>('post', `${CUSTOMERS}/merges/{id}/undo`, { params: { ...of(merge.id), header: ifMatch(merge) }, body: { reason } }),
    ...told(after),
  });
}

/** Joins two people on a member of staff's word; answers who stayed. */
export function useMergeWith(profile: Pick<Profile, 'id' | 'version'>, after: Told<Profile>) {
  return useMutation({
    mutationFn: (body: { with: string; reason: string }) => ask<Profile>('post', `${PROFILES}/{id}/merge`, { params: { ...of(profile.id), header: ifMatch(profile) }, body }),
    ...told(after),
  });
}
