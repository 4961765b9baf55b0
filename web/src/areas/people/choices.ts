import { api } from '@/api/client';
import { useLocal } from '@/i18n/use-local';
import type { Choice } from '@/patterns/list/types';

/** Departments and positions are few and asked for on many pages. */
const KEPT = { staleTime: 300_000 };
const ALL = { params: { query: { page_size: 200 } } };

/** The departments to choose from. */
export function useDepartmentChoices(): Choice[] {
  const local = useLocal();
  const { data } = api.useQuery('get', '/api/v1/identity/departments', ALL, KEPT);
  return (data?.items ?? []).map((row) => ({ value: row.id, label: local(row.names) ?? row.code }));
}

/** The positions of a department to choose from. */
export function usePositionChoices(departmentId: string | null | undefined): Choice[] {
  const local = useLocal();
  const { data } = api.useQuery('get', '/api/v1/identity/positions', ALL, KEPT);
  return (data?.items ?? []).filter((row) => row.department_id === departmentId).map((row) => ({ value: row.id, label: local(row.names) ?? row.id }));
}
