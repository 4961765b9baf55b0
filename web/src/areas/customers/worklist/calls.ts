import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, client, ifMatch, told } from '@/api/client';
import { asProblem } from '@/api/problem';
import { refresh } from '@/api/query';
import type { IgnoreItem, WorklistItem } from '@/api/schema';

export const WORKLIST = '/api/v1/customers/worklist';
const STANDING = `${WORKLIST}/standing` as const;
/** May look for problems and decide about them. */
export const WORKLIST_EDIT = 'customers.profile.edit';

/** After a search was asked for its figures are asked for as often as this, and for a minute. */
const SEARCH_ASK_MS = 3_000;
const SEARCH_MS = 60_000;

const again = () => refresh(WORKLIST, '/api/v1/customers/profiles');

/** How the worklist stands; while a search may still go on it is asked for again and again. */
export function useStanding(searching: boolean) {
  const found = api.useQuery('get', STANDING, {}, { refetchInterval: searching ? SEARCH_ASK_MS : false });
  const figures = found.data && JSON.stringify(found.data);
  const before = useRef<string>(undefined);
  // Where the figures changed, the items below them did as well.
  useEffect(() => {
    if (before.current !== undefined && figures !== undefined && before.current !== figures) void refresh(WORKLIST);
    if (figures !== undefined) before.current = figures;
  }, [figures]);
  return found;
}

/** Has problems looked for in the background. */
export function useFind() {
  const [searching, setSearching] = useState(false);
  const act = useMutation({ mutationFn: () => told(client.POST(`${WORKLIST}/find`)), onSuccess: () => setSearching(true) });
  useEffect(() => {
    if (!searching) return undefined;
    const timer = window.setTimeout(() => setSearching(false), SEARCH_MS);
    return () => window.clearTimeout(timer);
  }, [searching]);
  return { find: act, searching };
}

/** Somebody else was faster: what is on screen is asked for again. */
const anew = (error: unknown) => void (asProblem(error).stale && again());
const on = (item: WorklistItem) => ({ path: { id: item.id }, header: ifMatch(item) });

/** Decides that something may stay as it is. */
export function useIgnore(item: WorklistItem) {
  return useMutation({ mutationFn: (body: IgnoreItem) => told(client.POST(`${WORKLIST}/{id}/ignore`, { params: on(item), body })), onSuccess: again, onError: anew });
}

/** Says that what is known about somebody still holds. */
export function useConfirm(item: WorklistItem) {
  return useMutation({ mutationFn: () => told(client.POST(`${WORKLIST}/{id}/confirm`, { params: on(item) })), onSuccess: again, onError: anew });
}
