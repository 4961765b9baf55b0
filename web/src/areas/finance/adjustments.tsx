import { useTranslation } from 'react-i18next';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime, Money, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { BudgetPill, useBudgetChoices, useCurrencyOf } from './words';

const STATES = ['submitted', 'checked', 'applied', 'returned', 'withdrawn'] as const;

/** Adjustments, of one budget or of all. */
export function AdjustmentList({ budgetId }: { budgetId?: string }) {
  const { t } = useTranslation('finance');
  const currency = useCurrencyOf();
  const budgets = useBudgetChoices();
  const spec: ListSpec<'/api/v1/governance/adjustments'> = {
    id: 'adjustments',
    path: '/api/v1/governance/adjustments',
    ...(budgetId ? { fixed: { budget_id: budgetId } } : {}),
    rowKey: (row) => row.id,
    rowName: (row) => row.reason,
    rowLink: (row) => `/finance/adjustments/${row.id}`,
    filters: [{ id: 'state', label: t('state_is'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) }],
    columns: [
      { id: 'why', label: t('reason'), title: true, cell: (row) => row.reason },
      { id: 'budget', label: t('budget'), wide: true, cell: (row) => budgets.find((one) => one.value === row.budget_id)?.label ?? <Nothing /> },
      { id: 'amount', label: t('amount'), figure: true, cell: (row) => <Money value={{ amount_minor: row.amount_minor, currency: currency(row.budget_id) }} /> },
      { id: 'state', label: t('state_is'), cell: (row) => <BudgetPill state={row.state} /> },
      { id: 'at', label: t('at'), cell: (row) => <DateTime at={row.created_at} short /> },
    ],
    empty: <EmptyState title={t('no_adjustments')} hint={t('no_adjustments_hint')} />,
  };
  return <List spec={spec} label={t('adjustments')} />;
}

/** The adjustments (预算调整) of all budgets. */
export function Adjustments() {
  const { t } = useTranslation('finance');
  return (
    <>
      <PageHead title={t('adjustments')} sub={t('adjustment_hint')} />
      <AdjustmentList />
    </>
  );
}
