import { useMutation } from '@tanstack/react-query';
import { api, client, told } from '@/api/client';
import { refresh } from '@/api/query';
import type { AnswerReport, WriteReport } from '@/api/schema';

export const REPORTS = '/api/v1/customers/insight-reports';

/** May have the report of a month written. */
export const REPORT_WRITE = 'customers.insight_report.write';
/** May say for a department whether it uses a report. */
export const REPORT_ANSWER = 'customers.insight_report.answer';

/** Where a report is read. */
export const reportAt = (id: string) => `/customers/insight-reports/${id}`;

const of = (id: string) => ({ path: { id } });
const again = () => refresh(REPORTS, '/api/v1/rulebook/task');

/** A report beside that of the month before; it never changes but for the answers. */
export function useReport(id: string) {
  return api.useQuery('get', `${REPORTS}/{id}`, { params: of(id) });
}

/** Has the report of a month written that is over and has none. */
export function useWriteReport() {
  return useMutation({ mutationFn: (body: WriteReport) => told(client.POST(REPORTS, { body })), onSuccess: again });
}

/** Says for a department whether it uses a report. */
export function useAnswerReport(id: string) {
  return useMutation({ mutationFn: (body: AnswerReport) => told(client.POST(`${REPORTS}/{id}/answer`, { params: of(id), body })), onSuccess: again });
}
