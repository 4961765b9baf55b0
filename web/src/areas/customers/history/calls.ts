import { useQuery } from '@tanstack/react-query';
import { ask } from '@/areas/records/api';
import type { SegmentHistory } from './contract';

const HISTORY = '/api/v1/customers/segments/{id}/history';

/** While a segment follows the events, its history is asked for as often as this. */
const LIVE_MS = 5_000;

/** How large a segment was, and who came and went. */
export function useHistory(id: string) {
  return useQuery({
    queryKey: ['get', HISTORY, id],
    queryFn: ({ signal }) => ask<SegmentHistory>('get', HISTORY, { params: { path: { id } }, signal }),
    refetchInterval: ({ state: { data } }) => (data?.live_until ? LIVE_MS : false),
  });
}
