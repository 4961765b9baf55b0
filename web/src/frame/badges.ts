import { api } from '@/api/client';
import { useSession } from '@/session/session';

/** Small figures beside the areas: what waits for me there. */
export function useWaiting(): Record<string, string | undefined> {
  const { session } = useSession();
  const { data } = api.useQuery(
    'get',
    '/api/v1/rulebook/task-count',
    {},
    { enabled: Boolean(session), refetchInterval: 60_000 },
  );
  return { home: data?.open ? String(data.open) : undefined };
}
