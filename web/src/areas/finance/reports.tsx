import { useTranslation } from 'react-i18next';
import { PageHead } from '@/parts/head';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { useFormat } from '@/format/use-format';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useBudgetChoices } from './words';

/** Monthly reports, of one budget or of all. */
export function ReportList({ budgetId }: { budgetId?: string }) {
  const { t } = useTranslation('finance');
  const format = useFormat();
  const budgets = useBudgetChoices();
  const spec: ListSpec<'/api/v1/governance/reports'> = {
    id: 'budget-reports',
    path: '/api/v1/governance/reports',
    ...(budgetId ? { fixed: { budget_id: budgetId } } : {}),
    rowKey: (row) => row.id,
    rowName: (row) => t('report_of', { month: row.month }),
    rowLink: (row) => `/finance/reports/${row.id}`,
    columns: [
      { id: 'month', label: t('month'), title: true, cell: (row) => t('report_of', { month: row.month }) },
      { id: 'budget', label: t('budget'), cell: (row) => budgets.find((one) => one.value === row.budget_id)?.label ?? <Nothing /> },
      { id: 'variance', label: t('variance'), figure: true, cell: (row) => (typeof row.variance_percent === 'number' ? `${format.number(row.variance_percent)} %` : <Nothing />) },
      { id: 'due', label: t('due'), wide: true, cell: (row) => <DateTime at={row.due_at} short /> },
      { id: 'state', label: t('state_is'), cell: (row) => (row.issued_at ? <StatePill tone="good">{t('issued')}</StatePill> : <StatePill tone="warn">{t('not_issued')}</StatePill>) },
    ],
    empty: <EmptyState title={t('no_reports')} hint={t('no_reports_hint')} />,
  };
  return <List spec={spec} label={t('reports')} />;
}

/** The monthly reports (预算执行月报) of all budgets. */
export function Reports() {
  const { t } = useTranslation('finance');
  return (
    <>
      <PageHead title={t('reports')} sub={t('no_reports_hint')} />
      <ReportList />
    </>
  );
}
