import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { BudgetAlert } from '@/api/schema';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { Explain } from './explain';

function useWords(): (row: BudgetAlert) => string {
  const { t } = useTranslation('finance');
  return (row) => t(`alert.${row.kind}`, { threshold: row.threshold, used: row.used_percent, month: row.month });
}

function Peek({ row }: { row: BudgetAlert }) {
  const { t } = useTranslation('finance');
  const may = useMay();
  const words = useWords();
  const { done } = useNotice();
  const [answering, setAnswering] = useState(false);
  const answer = api.useMutation('post', '/api/v1/governance/alerts/{id}/answer', {
    onSuccess: async () => {
      setAnswering(false);
      done(t('saved'));
      await refresh('/api/v1/governance/alerts', '/api/v1/rulebook/task');
    },
  });
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'what', label: t('alerts'), value: words(row) },
          { id: 'due', label: t('due'), value: <DateTime at={row.due_at} /> },
          { id: 'cause', label: t('cause'), value: row.cause },
          { id: 'measure', label: t('measure'), value: row.measure },
        ]}
      />
      {!row.answered_at && may('governance.alert.answer') && (
        <Button type="primary" onClick={() => setAnswering(true)}>
          {t('answer')}
        </Button>
      )}
      <Explain title={t('answer')} open={answering} busy={answer.isPending} error={answer.error} onClose={() => setAnswering(false)} onGive={(body) => answer.mutate({ params: { path: { id: row.id }, header: ifMatch(row) }, body })} />
    </div>
  );
}

/** The alerts of a budget. */
export function Alerts({ budgetId }: { budgetId: string }) {
  const { t } = useTranslation('finance');
  const words = useWords();
  const spec: ListSpec<'/api/v1/governance/alerts'> = {
    id: 'budget-alerts',
    path: '/api/v1/governance/alerts',
    fixed: { budget_id: budgetId },
    rowKey: (row) => row.id,
    rowName: words,
    peek: (row) => <Peek row={row} />,
    columns: [
      { id: 'what', label: t('alerts'), title: true, cell: words },
      { id: 'at', label: t('at'), cell: (row) => <DateTime at={row.opened_at} short /> },
      { id: 'due', label: t('due'), cell: (row) => <DateTime at={row.due_at} short /> },
      { id: 'state', label: t('state_is'), cell: (row) => (row.answered_at ? <StatePill tone="good">{t('answered')}</StatePill> : <StatePill tone="warn">{t('unanswered')}</StatePill>) },
    ],
    empty: <EmptyState title={t('no_alerts')} hint={t('no_alerts_hint')} />,
  };
  return <List spec={spec} label={t('alerts')} />;
}
