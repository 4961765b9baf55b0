import { useMutation, useQuery } from '@tanstack/react-query';
import { ifMatch } from '@/api/client';
import { asProblem } from '@/api/problem';
import { refresh } from '@/api/query';
import { ask, useAsked } from '@/areas/records/api';
import type { AcceptInsight, AdoptInsight, CustomerInsightDetail, CustomerInsightPatch, DeclineInsight, InsightStanding, NewCustomerInsight, SendInsight } from './contract';

export const INSIGHTS = '/api/v1/customers/insights';

/** May write insights and send them. */
export const INSIGHT_EDIT = 'customers.insight.edit';
/** May answer for a department. */
export const INSIGHT_ANSWER = 'customers.insight.answer';

/** Where somebody reads an insight and answers. */
export const insightAt = (id: string) => `/customers/insights/${id}`;

const of = (id: string) => ({ path: { id } });
/** An answer closes a task, too. */
const again = () => refresh(INSIGHTS, '/api/v1/rulebook/task');

/** How insights stand in this quarter. */
export function useStanding() {
  return useAsked<InsightStanding>(`${INSIGHTS}/standing`, {}, { staleTime: 30_000 });
}

/** One insight with its measurements. */
export function useInsight(id: string) {
  return useQuery({ queryKey: ['get', `${INSIGHTS}/{id}`, id], queryFn: ({ signal }) => ask<CustomerInsightDetail>('get', `${INSIGHTS}/{id}`, { params: of(id), signal }) });
}

/** Writes an insight down, as a draft. */
export function useMakeInsight() {
  return useMutation({ mutationFn: (body: NewCustomerInsight) => ask<CustomerInsightDetail>('post', INSIGHTS, { body }), onSuccess: again });
}

type Row = Pick<CustomerInsightDetail, 'id' | 'version'>;

function useStep<Body>(row: Row, method: 'post' | 'patch', step: string) {
  return useMutation({
    mutationFn: (body: Body) => ask<CustomerInsightDetail>(method, `${INSIGHTS}/{id}${step}`, { params: { ...of(row.id), header: ifMatch(row) }, body }),
    onSuccess: again,
    // Whoever was faster is shown first; the next try is made on what they left.
    onError: (error) => (asProblem(error).stale ? again() : undefined),
  });
}

/** Changes a draft. */
export const useChangeInsight = (row: Row) => useStep<CustomerInsightPatch>(row, 'patch', '');
/** Asks a department to use it. */
export const useSendInsight = (row: Row) => useStep<SendInsight>(row, 'post', '/send');
/** Says that the department will use it. */
export const useAcceptInsight = (row: Row) => useStep<AcceptInsight>(row, 'post', '/accept');
/** Says that it will not, and why. */
export const useDeclineInsight = (row: Row) => useStep<DeclineInsight>(row, 'post', '/decline');
/** Says what the department did. */
export const useAdoptInsight = (row: Row) => useStep<AdoptInsight>(row, 'post', '/adopt');
