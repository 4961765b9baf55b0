import { createContext, type ReactNode, use, useEffect, useMemo } from 'react';
import { api } from '@/api/client';
import type { SessionView } from '@/api/schema';
import { asProblem, type Problem } from '@/api/problem';
import { follow } from '@/i18n';

interface SessionState {
  session: SessionView | undefined;
  /** True until the server has said whether somebody is signed in. */
  asking: boolean;
  /** Why the server could not say. */
  problem: Problem | undefined;
  retry: () => void;
  may: (permission: string | undefined) => boolean;
}

const SessionContext = createContext<SessionState | null>(null);

/** Who is signed in, for everything below. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const { data, error, isPending, refetch } = api.useQuery('get', '/api/v1/identity/session', {}, { staleTime: 60_000 });
  const problem = useMemo(() => (error ? asProblem(error) : undefined), [error]);
  const session = problem?.signedOut ? undefined : data;

  useEffect(() => {
    void follow(session?.user.language);
  }, [session?.user.language]);

  const state = useMemo<SessionState>(() => {
    const held = new Set(session?.permissions);
    return {
      session,
      asking: isPending,
      // Whoever is known to be signed in keeps the page, and what they wrote on it, while the server is away.
      problem: problem?.signedOut || session ? undefined : problem,
      retry: () => void refetch(),
      may: (permission) => permission === undefined || held.has(permission),
    };
  }, [session, isPending, problem, refetch]);

  return <SessionContext value={state}>{children}</SessionContext>;
}

/** Who is signed in, if anybody. */
export function useSession(): SessionState {
  const state = use(SessionContext);
  if (!state) throw new Error('useSession is called outside SessionProvider');
  return state;
}

/** Whether the person may do something; screens hide or explain by it, the server decides. */
export function useMay(): (permission: string | undefined) => boolean {
  return useSession().may;
}
