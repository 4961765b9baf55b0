import type { SessionView } from '@/api/schema';
import { queries, SESSION_KEY } from '@/api/query';

/** Takes over a session that was just opened; what another person read is forgotten. */
export function useEnter(): (session: SessionView) => void {
  return (session) => {
    queries.removeQueries({ predicate: (query) => query.queryKey[1] !== SESSION_KEY[1] });
    queries.setQueryData(SESSION_KEY, session);
  };
}
