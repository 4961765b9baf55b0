import { api } from '@/api/client';
import { useLocal } from '@/i18n/use-local';
import { useMay } from '@/session/session';

const KEPT = { staleTime: 60_000 };

/** The brands that a campaign can speak for. */
export function useBrandChoices() {
  const local = useLocal();
  const enabled = useMay()('brand.brand.read');
  const { data } = api.useQuery('get', '/api/v1/brand/brands', { params: { query: { page_size: 200 } } }, { ...KEPT, enabled });
  return (data?.items ?? []).map((row) => ({ value: row.id, label: local(row.names) ?? row.key }));
}

/** The segments that can be written to. */
export function useSegments() {
  const enabled = useMay()('customers.segment.read');
  const { data } = api.useQuery('get', '/api/v1/customers/segments', { params: { query: { page_size: 200 } } }, { ...KEPT, enabled });
  return data?.items ?? [];
}

/** The content of one brand that may be sent. */
export function useApprovedContents(brandId: string | null | undefined) {
  const enabled = useMay()('brand.content.read');
  const { data } = api.useQuery(
    'get',
    '/api/v1/brand/contents',
    { params: { query: { page_size: 200, state: 'approved' as never, brand_id: brandId ?? undefined } } },
    { ...KEPT, enabled: enabled && Boolean(brandId) },
  );
  return data?.items ?? [];
}

/** One segment and one content by name, for the facts of a campaign. */
export function useNamesOf(segmentId: string | null | undefined, contentId: string | null | undefined) {
  const may = useMay();
  const segment = api.useQuery('get', '/api/v1/customers/segments/{id}', { params: { path: { id: segmentId ?? '' } } }, { ...KEPT, enabled: Boolean(segmentId) && may('customers.segment.read') });
  const content = api.useQuery('get', '/api/v1/brand/contents/{id}', { params: { path: { id: contentId ?? '' } } }, { ...KEPT, enabled: Boolean(contentId) && may('brand.content.read') });
  return { segment: segment.data, content: content.data };
}
