import { useMutation } from '@tanstack/react-query';
import { api, client, ifMatch, told } from '@/api/client';
import { asProblem } from '@/api/problem';
import { refresh } from '@/api/query';
import type { AcceptInsight, AdoptInsight, CustomerInsightDetail, CustomerInsightPatch, DeclineInsight, NewCustomerInsight, SendInsight } from '@/api/schema';

export const INSIGHTS = '/api/v1/customers/insights';
const ONE = `${INSIGHTS}/{id}` as const;

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
  return api.useQuery('get', `${INSIGHTS}/standing`, {}, { staleTime: 30_000 });
}

/** One insight with its measurements. */
export function useInsight(id: string) {
  return api.useQuery('get', ONE, { params: of(id) });
}

/** Writes an insight down, as a draft. */
export function useMakeInsight() {
  return useMutation({ mutationFn: (body: NewCustomerInsight) => told(client.POST(INSIGHTS, { body })), onSuccess: again });
}

type Row = Pick<CustomerInsightDetail, 'id' | 'version'>;
const on = (row: Row) => ({ ...of(row.id), header: ifMatch(row) });

function useStep<Body>(take: (body: Body) => Promise<{ data?: CustomerInsightDetail }>) {
  return useMutation({
    mutationFn: (body: Body) => told(take(body)),
    onSuccess: again,
    // Whoever was faster is shown first; the next try is made on what they left.
    onError: (error) => (asProblem(error).stale ? again() : undefined),
  });
}

/** Changes a draft. */
export const useChangeInsight = (row: Row) => useStep((body: CustomerInsightPatch) => client.PATCH(ONE, { params: on(row), body }));
/** Asks a department to use it. */
export const useSendInsight = (row: Row) => useStep((body: SendInsight) => client.POST(`${ONE}/send`, { params: on(row), body }));
/** Says that the department will use it. */
export const useAcceptInsight = (row: Row) => useStep((body: AcceptInsight) => client.POST(`${ONE}/accept`, { params: on(row), body }));
/** Says that it will not, and why. */
export const useDeclineInsight = (row: Row) => useStep((body: DeclineInsight) => client.POST(`${ONE}/decline`, { params: on(row), body }));
/** Says what the department did. */
export const useAdoptInsight = (row: Row) => useStep((body: AdoptInsight) => client.POST(`${ONE}/adopt`, { params: on(row), body }));
