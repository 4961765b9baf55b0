import { api } from '@/api/client';
import { useSession } from '@/session/session';

/** Tasks asked for: the badge says "50+" beyond. */
const ASKED = 50;

/** Small figures beside the areas: what waits for me there. */
export function useWaiting(): Record<string, string | undefined> {
  const { session } = useSession();
  const { data } = api.useQuery(
    'get',
    '/api/v1/rulebook/tasks',
    { params: { query: { mine: true, page_size: ASKED } } },
    { enabled: Boolean(session), refetchInterval: 60_000 },
  );
  const count = data?.items.length ?? 0;
  return { home: count === 0 ? undefined : `${count}${data?.next_cursor ? '+' : ''}` };
}
