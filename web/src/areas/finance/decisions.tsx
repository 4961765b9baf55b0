import { useTranslation } from 'react-i18next';
import { PageHead } from '@/parts/head';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Money, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useBudgetChoices, useCurrencyOf } from './words';

/** Every decision of the money door (用款门), refusals too. */
export function Decisions() {
  const { t } = useTranslation('finance');
  const currency = useCurrencyOf();
  const budgets = useBudgetChoices();
  const spec: ListSpec<'/api/v1/governance/decisions'> = {
    id: 'money-decisions',
    path: '/api/v1/governance/decisions',
    rowKey: (row) => row.id,
    rowName: (row) => row.reason,
    peek: (row) => (
      <Facts
        facts={[
          { id: 'why', label: t('reason'), value: row.reason },
          { id: 'message', label: t('refused_because'), value: row.message || undefined },
          { id: 'by', label: t('by'), value: row.decided_by_name },
        ]}
      />
    ),
    filters: [
      { id: 'budget_id', label: t('budget'), kind: 'choice', options: budgets },
      { id: 'allowed', label: t('let_through'), kind: 'flag' },
    ],
    columns: [
      { id: 'why', label: t('reason'), title: true, cell: (row) => row.reason },
      { id: 'budget', label: t('budget'), wide: true, cell: (row) => budgets.find((one) => one.value === row.budget_id)?.label ?? <Nothing /> },
      { id: 'amount', label: t('amount'), figure: true, cell: (row) => <Money value={{ amount_minor: row.amount_minor, currency: currency(row.budget_id) }} /> },
      { id: 'state', label: t('state_is'), cell: (row) => (row.allowed ? <StatePill tone="good">{t('let_through')}</StatePill> : <StatePill tone="bad">{t('refused')}</StatePill>) },
      { id: 'by', label: t('by'), wide: true, cell: (row) => row.decided_by_name },
      { id: 'at', label: t('at'), cell: (row) => <DateTime at={row.decided_at} short /> },
    ],
    empty: <EmptyState title={t('no_decisions')} hint={t('decisions_sub')} />,
  };
  return (
    <>
      <PageHead title={t('decisions')} sub={t('decisions_sub')} />
      <List spec={spec} label={t('decisions')} />
    </>
  );
}
