import { api } from '@/api/client';
import { useLocal } from '@/i18n/use-local';
import type { Choice } from '@/patterns/list/types';
import { useMay } from '@/session/session';

/** The roles to choose from. */
export function useRoleChoices(): Choice[] {
  const local = useLocal();
  const enabled = useMay()('identity.role.read');
  const { data } = api.useQuery('get', '/api/v1/identity/roles', { params: { query: { page_size: 200 } } }, { enabled, staleTime: 300_000 });
  return (data?.items ?? []).map((row) => ({ value: row.id, label: local(row.names) ?? row.code }));
}
