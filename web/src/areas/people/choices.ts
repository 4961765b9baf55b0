import { api } from '@/api/client';
import type { Choice } from '@/patterns/list/types';

/** The departments to choose from. */
export function useDepartmentChoices(): Choice[] {
  const { data } = api.useQuery('get', '/api/v1/identity/departments', { params: { query: { page_size: 200 } } }, { staleTime: 300_000 });
  return (data?.items ?? []).map((row) => ({ value: row.id, label: row.name }));
}
