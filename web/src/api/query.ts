import { QueryCache, QueryClient } from '@tanstack/react-query';
import { asProblem, Problem } from './problem';

const SESSION = '/api/v1/identity/session';

/** Under this key the session is held. */
export const SESSION_KEY = ['get', SESSION, {}] as const;

/** Holds what the server last said. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal stays one; only what may pass by itself is tried again.
      retry: (count, error) => count < 2 && asProblem(error).passing,
      throwOnError: false,
    },
    mutations: { retry: false },
  },
  queryCache: new QueryCache({
    onError: (error, query) => {
      const signedOut = error instanceof Problem && error.signedOut;
      if (signedOut && query.queryKey[1] !== SESSION) void queries.invalidateQueries({ queryKey: ['get', SESSION] });
    },
  }),
});

/** Asks again for everything below these addresses, because an act changed it. */
export function refresh(...prefixes: string[]): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ queryKey }) => prefixes.some((prefix) => String(queryKey[1]).startsWith(prefix)),
  });
}
