import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { MATCHES } from './calls';
import { afterwards, beside } from './neighbours';

interface Rows {
  pages?: { items: { id: string }[] }[];
}

/** Goes from a row to its neighbour in the list that is on screen. */
export function useStep(id: string) {
  const client = useQueryClient();
  const [, setParams] = useSearchParams();
  const shown = useCallback((): string[] => {
    const lists = client.getQueryCache().findAll({ queryKey: ['get', MATCHES], type: 'active' });
    const found = lists.map((query) => ((query.state.data ?? {}) as Rows).pages?.flatMap((page) => page.items.map((row) => row.id)) ?? []);
    return found.find((ids) => ids.includes(id)) ?? [];
  }, [client, id]);
  const open = useCallback(
    (next: string | undefined) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (next) after.set('peek', next);
          else after.delete('peek');
          return after;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setParams],
  );
  const step = (by: 1 | -1) => {
    const next = beside(shown(), id, by);
    if (next) open(next);
  };
  return { step, on: () => open(afterwards(shown(), id)) };
}
