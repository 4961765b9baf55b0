import { useQuery } from '@tanstack/react-query';
import { client } from '@/api/client';
import { currentLanguage } from '@/i18n';
import { localText } from '@/i18n/use-local';
import { useMay } from '@/session/session';
import { RECORDS, useAsked } from './api';
import type { Field, Page, Row } from './types';

interface Offer {
  value: string;
  label: string;
}
interface Source {
  needs: string;
  find: (search: string, signal: AbortSignal) => Promise<Offer[]>;
}

/** Rows that a picker offers at once; typing narrows them. */
const OFFERED = 20;
/** Posts and roles are few enough to be looked through here. */
const NAMED = 200;
const KEPT = { staleTime: 30_000 };

/** Where the rows of another domain's published view are looked for. */
const VIEWS: { [view: string]: Source } = {
  v_catalog_product: {
    needs: 'catalog.product.read',
    find: async (search, signal) => {
      const { data } = await client.GET('/api/v1/catalog/products', { params: { query: { q: search || undefined, page_size: OFFERED } }, signal });
      return (data?.items ?? []).map((row) => ({ value: row.id, label: localText(row.names, currentLanguage()) }));
    },
  },
  v_identity_position: {
    needs: 'rulebook.clause.read',
    find: async (search, signal) => {
      const { data } = await client.GET('/api/v1/identity/positions', { params: { query: { page_size: NAMED } }, signal });
      const rows = (data?.items ?? []).map((row) => ({ value: row.id, label: `${localText(row.department_names, currentLanguage())} · ${localText(row.names, currentLanguage())}` }));
      return rows.filter((row) => row.label.toLowerCase().includes(search.toLowerCase())).slice(0, OFFERED);
    },
  },
  v_identity_role: {
    needs: 'identity.role.read',
    find: async (search, signal) => {
      const { data } = await client.GET('/api/v1/identity/roles', { params: { query: { page_size: NAMED } }, signal });
      const rows = (data?.items ?? []).map((row) => ({ value: row.id, label: localText(row.names, currentLanguage()) }));
      return rows.filter((row) => row.label.toLowerCase().includes(search.toLowerCase())).slice(0, OFFERED);
    },
  },
  v_campaigns_campaign: {
    needs: 'campaigns.campaign.read',
    find: async (search, signal) => {
      const { data } = await client.GET('/api/v1/campaigns/campaigns', { params: { query: { q: search || undefined, page_size: OFFERED } }, signal });
      return (data?.items ?? []).map((row) => ({ value: row.id, label: row.name }));
    },
  },
};

/** What a reference can point to, narrowed by what was typed. */
export function useReferences(field: Field, search: string): { options: Offer[]; loading: boolean } {
  const may = useMay();
  const record = field.record ?? '';
  const view = typeof field.view === 'string' ? field.view : '';
  const source = VIEWS[view];
  const records = useAsked<Page<Row>>(`${RECORDS}/{type}`, { params: { path: { type: record }, query: { search: search || undefined, page_size: OFFERED } } }, { ...KEPT, enabled: record !== '' && may(`records.${record}.read`) });
  const others = useQuery({ queryKey: ['get', 'reference', view, search], enabled: source !== undefined && may(source.needs), ...KEPT, queryFn: ({ signal }) => source?.find(search, signal) ?? [] });
  const options = record ? (records.data?.items ?? []).map((row) => ({ value: row.id, label: `${row.number} ${row.title}` })) : (others.data ?? []);
  return { options, loading: records.isFetching || others.isFetching };
}
