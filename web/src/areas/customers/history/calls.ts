import { useMutation } from '@tanstack/react-query';
import { api, client, ifMatch, told } from '@/api/client';
import { asProblem } from '@/api/problem';
import { refresh } from '@/api/query';
import type { SegmentHook, SegmentHooks } from '@/api/schema';

const SEGMENT = '/api/v1/customers/segments/{id}';
export const SNAPSHOTS = `${SEGMENT}/snapshots` as const;
const HOOKS = `${SEGMENT}/hooks` as const;

/** May freeze who is in a segment, and say who is told of changes. */
export const SEGMENT_EDIT = 'customers.segment.edit';

/** While a segment follows the events, its history is asked for as often as this. */
const LIVE_MS = 5_000;

const of = (id: string) => ({ path: { id } });

/** How large a segment was, and who came and went. */
export function useHistory(id: string) {
  return api.useQuery('get', `${SEGMENT}/history`, { params: of(id) }, { refetchInterval: ({ state: { data } }) => (data?.live_until ? LIVE_MS : false) });
}

/** Freezes who is in a segment now. */
export function useFreeze(id: string) {
  return useMutation({ mutationFn: (reason: string) => told(client.POST(SNAPSHOTS, { params: of(id), body: { reason } })), onSuccess: () => refresh(SNAPSHOTS) });
}

/** Which programs are told who enters and leaves. */
export function useHooks(id: string) {
  return api.useQuery('get', HOOKS, { params: of(id) });
}

/** Says who is told from now on. */
export function useSetHooks({ segment_id, version }: Pick<SegmentHooks, 'segment_id' | 'version'>) {
  const again = () => refresh('/api/v1/customers/segments');
  return useMutation({
    mutationFn: (hooks: SegmentHook[]) => told(client.PUT(HOOKS, { params: { ...of(segment_id), header: ifMatch({ version }) }, body: { hooks } })),
    onSuccess: again,
    // Whoever was faster is shown first.
    onError: (error) => (asProblem(error).stale ? again() : undefined),
  });
}
