import { Button, Form, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { BudgetDetail, Commitment } from '@/api/schema';
import { minorUnits } from '@/areas/campaigns/words';
import { Because } from '@/areas/system/decide';
import { useFormat } from '@/format/use-format';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Money, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { useLineName } from './words';

interface PaidWords {
  amount: number;
  supplier?: string;
  description: string;
}

function Peek({ row, currency }: { row: Commitment; currency: string }) {
  const { t } = useTranslation('finance');
  const may = useMay();
  const { done, failed } = useNotice();
  const [doing, setDoing] = useState<'settle' | 'release'>();
  const after = {
    onSuccess: async () => {
      setDoing(undefined);
      done(t('saved'));
      await refresh('/api/v1/governance');
    },
  };
  const settle = api.useMutation('post', '/api/v1/governance/commitments/{id}/settle', after);
  const release = api.useMutation('post', '/api/v1/governance/commitments/{id}/release', { ...after, onError: failed });
  const init = { params: { path: { id: row.id }, header: ifMatch(row) } };
  const unit = minorUnits(currency);
  const money = (amount_minor: number) => <Money value={{ amount_minor, currency }} />;
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'why', label: t('reason'), value: row.reason },
          { id: 'amount', label: t('amount'), value: money(row.amount_minor) },
          { id: 'open', label: t('still_reserved'), value: money(row.open_minor) },
          { id: 'spent', label: t('spent'), value: money(row.spent_minor) },
          { id: 'back', label: t('given_back'), value: money(row.released_minor) },
          { id: 'by', label: t('by'), value: row.created_by_name },
          { id: 'at', label: t('at'), value: <DateTime at={row.created_at} time /> },
        ]}
      />
      {!row.closed_at && may('governance.commitment.create') && (
        <div className="row">
          <Button type="primary" onClick={() => setDoing('settle')}>
            {t('settle')}
          </Button>
          <Button onClick={() => setDoing('release')}>{t('release')}</Button>
        </div>
      )}
      <FormDrawer<PaidWords>
        title={t('settle')}
        open={doing === 'settle'}
        onClose={() => setDoing(undefined)}
        onFinish={({ amount, supplier, description }) => settle.mutate({ ...init, body: { amount_minor: Math.round(amount * unit), supplier: supplier ?? null, description } })}
        act={t('settle')}
        busy={settle.isPending}
        error={settle.error}
        initial={{ amount: row.open_minor / unit, description: row.reason }}
      >
        <Form.Item name="amount" label={t('amount_in', { currency })} rules={[{ required: true, message: t('needed') }]}>
          <InputNumber min={0} max={row.open_minor / unit} precision={2} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="supplier" label={t('supplier')}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="description" label={t('description')} rules={[{ required: true, whitespace: true, message: t('needed') }]}>
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      </FormDrawer>
      <Because title={t('release')} open={doing === 'release'} busy={release.isPending} error={release.error} onClose={() => setDoing(undefined)} onGive={(reason) => release.mutate({ ...init, body: { reason } })} />
    </div>
  );
}

/** What is reserved of a budget or of one line. */
export function Commitments({ detail, lineId }: { detail: BudgetDetail; lineId?: string | undefined }) {
  const { t } = useTranslation('finance');
  const { currency } = detail.budget;
  const name = useLineName(detail);
  const spec: ListSpec<'/api/v1/governance/commitments'> = {
    id: 'commitments',
    path: '/api/v1/governance/commitments',
    fixed: { budget_id: detail.budget.id, ...(lineId ? { line_id: lineId } : {}) },
    rowKey: (row) => row.id,
    rowName: (row) => row.reason,
    peek: (row) => <Peek row={row} currency={currency} />,
    columns: [
      { id: 'why', label: t('reason'), title: true, cell: (row) => row.reason },
      { id: 'line', label: t('line'), cell: (row) => name(row.line_id) ?? <Nothing /> },
      { id: 'month', label: t('month'), cell: (row) => t('month_n', { month: row.month }) },
      { id: 'amount', label: t('amount'), figure: true, cell: (row) => <Money value={{ amount_minor: row.amount_minor, currency }} /> },
      { id: 'open', label: t('still_reserved'), figure: true, cell: (row) => <Money value={{ amount_minor: row.open_minor, currency }} /> },
      { id: 'by', label: t('by'), wide: true, cell: (row) => row.created_by_name },
    ],
    empty: <EmptyState title={t('no_commitments')} hint={t('no_commitments_hint')} />,
  };
  return <List spec={spec} label={t('commitments')} />;
}

/** What was spent of a budget. */
export function Expenses({ detail }: { detail: BudgetDetail }) {
  const { t } = useTranslation('finance');
  const format = useFormat();
  const { currency } = detail.budget;
  const name = useLineName(detail);
  const spec: ListSpec<'/api/v1/governance/expenses'> = {
    id: 'expenses',
    path: '/api/v1/governance/expenses',
    fixed: { budget_id: detail.budget.id },
    rowKey: (row) => row.id,
    rowName: (row) => row.description,
    peek: (row) => (
      <Facts
        facts={[
          { id: 'what', label: t('description'), value: row.description },
          { id: 'supplier', label: t('supplier'), value: row.supplier },
          { id: 'source', label: t('source'), value: row.source === 'commitment' ? t('from_commitment') : `${row.source} ${row.external_id}` },
        ]}
      />
    ),
    columns: [
      { id: 'what', label: t('description'), title: true, cell: (row) => row.description },
      { id: 'on', label: t('at'), cell: (row) => format.date(row.happened_on, { short: true }) },
      { id: 'line', label: t('line'), cell: (row) => name(row.line_id) ?? <Nothing /> },
      { id: 'amount', label: t('amount'), figure: true, cell: (row) => <Money value={{ amount_minor: row.amount_minor, currency }} /> },
      {
        id: 'state',
        label: t('state_is'),
        cell: (row) => (row.reversed_at ? <StatePill tone="quiet">{t('reversed')}</StatePill> : row.over ? <StatePill tone="bad">{t('overrun')}</StatePill> : <StatePill tone="good">{t('within')}</StatePill>),
      },
    ],
    empty: <EmptyState title={t('no_expenses')} hint={t('no_expenses_hint')} />,
  };
  return <List spec={spec} label={t('expenses')} />;
}
