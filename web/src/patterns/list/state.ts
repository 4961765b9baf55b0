import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** Names in the address that every list uses for itself. */
const OWN = { q: 'q', sort: 'sort', peek: 'peek', view: 'view' } as const;

export interface ListState {
  q: string;
  sort: string | undefined;
  view: string | undefined;
  /** The id of the row that is opened beside the list. */
  peek: string | undefined;
  filters: Record<string, string>;
}

/** Reads what a list shows from its address. */
export function readState(params: URLSearchParams, filterIds: string[]): ListState {
  const filters: Record<string, string> = {};
  for (const id of filterIds) {
    const value = params.get(id);
    if (value) filters[id] = value;
  }
  return {
    q: params.get(OWN.q) ?? '',
    sort: params.get(OWN.sort) ?? undefined,
    view: params.get(OWN.view) ?? undefined,
    peek: params.get(OWN.peek) ?? undefined,
    filters,
  };
}

/** The order after a click on a column: down, up, none. */
export function nextSort(now: string | undefined, column: string): string | undefined {
  if (now === column) return `-${column}`;
  return now === `-${column}` ? undefined : column;
}

/** What a list shows, held in the address so that it can be shared and gone back to. */
export function useListState(filterIds: string[]) {
  const [params, setParams] = useSearchParams();
  const ids = filterIds.join();
  const state = useMemo(() => readState(params, ids ? ids.split(',') : []), [params, ids]);
  /** Sets names in the address; opening a row makes a step to go back to, typing does not. */
  const set = useCallback(
    (changes: Record<string, string | undefined>, push = false) => {
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes)) {
            if (value) after.set(name, value);
            else after.delete(name);
          }
          return after;
        },
        { replace: !push, preventScrollReset: true },
      );
    },
    [setParams],
  );
  return { state, set };
}
