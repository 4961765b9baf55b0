import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useBrandChoices } from '@/areas/campaigns/choices';
import { useDepartmentChoices } from '@/areas/people/choices';
import { RECORDS } from './api';
import type { Row } from './types';

/** Names of people and things that any rows on this page already told. */
export function useNames(): { [id: string]: string } {
  const client = useQueryClient();
  const departments = useDepartmentChoices();
  const brands = useBrandChoices();
  // Rows arrive after the conditions were drawn; a condition is drawn again with them.
  const told = client.getQueriesData<{ items?: Row[]; pages?: { items: Row[] }[] }>({ predicate: ({ queryKey }) => queryKey[1] === `${RECORDS}/{type}` });
  const known = [...departments, ...brands];
  const key = `${told.length}-${known.length}-${told.map(([, data]) => (data?.pages ? data.pages.length : (data?.items?.length ?? 0))).join()}`;
  return useMemo(() => {
    const rows = told.flatMap(([, data]) => data?.items ?? data?.pages?.flatMap((page) => page.items) ?? []);
    return Object.assign({}, ...rows.map((row) => row.names ?? {}), Object.fromEntries(known.map((one) => [one.value, one.label]))) as { [id: string]: string };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);
}
