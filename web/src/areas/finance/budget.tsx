import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { BudgetDetail, BudgetLineDetail as LineDetail } from '@/api/schema';
import { useBrandChoices } from '@/areas/customers/words';
import { useDepartmentChoices } from '@/areas/people/choices';
import { useLocal } from '@/i18n/use-local';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime, Money } from '@/parts/values';
import { Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { Alerts } from './alerts';
import { AdjustmentList } from './adjustments';
import { Commitments, Expenses } from './commitments';
import { Months, NewAdjustment, NewCommitment, NewLine, Spread } from './forms';
import { Burn, Grid } from './grid';
import { ReportList } from './reports';
import { History, Steps } from './steps';
import { BudgetPill, MONTHS } from './words';

type Form = 'line' | 'adjust' | 'reserve' | { months: LineDetail } | { spread: LineDetail } | undefined;

/** Closes a month that is over. */
function Close({ detail }: { detail: BudgetDetail }) {
  const { t } = useTranslation('finance');
  const { done, failed } = useNotice();
  const close = api.useMutation('post', '/api/v1/governance/budgets/{id}/months/{number}/close', {
    onSuccess: async () => {
      done(t('closed_now'));
      await refresh('/api/v1/governance', '/api/v1/rulebook/task');
    },
    onError: failed,
  });
  const open = MONTHS.filter((month) => !detail.closed_months.includes(month));
  return (
    <Select
      aria-label={t('close_month')}
      placeholder={t('close_month')}
      value={null}
      loading={close.isPending}
      options={open.map((value) => ({ value, label: t('month_n', { month: value }) }))}
      onChange={(month: number | null) => month && close.mutate({ params: { path: { id: detail.budget.id, number: month } } })}
      style={{ minWidth: 140 }}
    />
  );
}

/** What can be done with a line: its months while it is being written, its reservations afterwards. */
function LineTools({ row, open, onForm, onClose }: { row: LineDetail; open: boolean; onForm: (form: Form) => void; onClose: () => void }) {
  const { t } = useTranslation('finance');
  const name = useLocal()(row.line.names) || row.line.code;
  return (
    <section className="card stack" aria-label={name}>
      <div className="row">
        <strong>{name}</strong>
        {open && <Button onClick={() => onForm({ months: row })}>{t('edit_months')}</Button>}
        {open && <Button onClick={() => onForm({ spread: row })}>{t('spread')}</Button>}
        <Button onClick={onClose}>{t('all_lines')}</Button>
      </div>
    </section>
  );
}

function Forms({ detail, form, onClose }: { detail: BudgetDetail; form: Form; onClose: () => void }) {
  return (
    <>
      <NewLine detail={detail} open={form === 'line'} onClose={onClose} />
      <NewAdjustment detail={detail} open={form === 'adjust'} onClose={onClose} />
      <NewCommitment detail={detail} open={form === 'reserve'} onClose={onClose} />
      {typeof form === 'object' && 'months' in form && <Months detail={detail} row={form.months} onClose={onClose} />}
      {typeof form === 'object' && 'spread' in form && <Spread row={form.spread} onClose={onClose} />}
    </>
  );
}

/** One budget: lines by months, what is reserved and spent, adjustments, alerts and month ends. */
export function BudgetPage() {
  const { t } = useTranslation('finance');
  const { id = '' } = useParams();
  const may = useMay();
  const brands = useBrandChoices();
  const departments = useDepartmentChoices();
  const [form, setForm] = useState<Form>();
  const [lineId, setLineId] = useState<string>();
  const found = api.useQuery('get', '/api/v1/governance/budgets/{id}', { params: { path: { id } } });
  if (found.isPending) return <Skeleton shape="record" />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const detail = found.data;
  const { budget } = detail;
  const open = budget.state === 'draft' || budget.state === 'returned';
  const approved = budget.state === 'approved';
  const row = detail.lines.find((one) => one.line.id === lineId);
  const sum = detail.lines.reduce((all, one) => all + one.line.annual_minor, 0);
  return (
    <>
      <Record
        title={budget.name}
        crumbs={[{ label: t('title'), to: '/finance/budgets' }]}
        state={<BudgetPill state={budget.state} />}
        actions={
          <>
            <Steps offers={detail.actions} path={`/api/v1/governance/budgets/${id}`} row={budget} />
            {open && may('governance.budget.write') && <Button onClick={() => setForm('line')}>{t('new_line')}</Button>}
            {approved && may('governance.commitment.create') && <Button onClick={() => setForm('reserve')}>{t('reserve')}</Button>}
            {approved && may('governance.adjustment.create') && <Button onClick={() => setForm('adjust')}>{t('new_adjustment')}</Button>}
            {approved && may('governance.report.issue') && <Close detail={detail} />}
          </>
        }
        facts={[
          { id: 'year', label: t('year'), value: budget.year },
          { id: 'annual', label: t('annual'), value: <Money value={{ amount_minor: sum, currency: budget.currency }} /> },
          { id: 'brand', label: t('brand'), value: brands.find((one) => one.value === budget.brand_id)?.label },
          { id: 'department', label: t('department'), value: departments.find((one) => one.value === budget.department_id)?.label },
          { id: 'submitted', label: t('submitted'), value: <DateTime at={budget.submitted_at} /> },
          { id: 'checked', label: t('checked'), value: <DateTime at={budget.checked_at} /> },
          { id: 'approved', label: t('approved'), value: <DateTime at={budget.approved_at} /> },
        ]}
        tabs={[
          {
            id: 'grid',
            label: t('grid'),
            content: (
              <div className="stack">
                <Grid detail={detail} onLine={(one) => setLineId(one.line.id)} />
                {row && <LineTools row={row} open={open && may('governance.budget.write')} onForm={setForm} onClose={() => setLineId(undefined)} />}
                {approved && <Burn detail={detail} />}
                {approved && <h2>{t('commitments')}</h2>}
                {approved && <Commitments detail={detail} lineId={lineId} />}
              </div>
            ),
          },
          { id: 'expenses', label: t('expenses'), content: <Expenses detail={detail} /> },
          { id: 'adjustments', label: t('adjustments'), content: <AdjustmentList budgetId={id} /> },
          { id: 'alerts', label: t('alerts'), content: <Alerts budgetId={id} /> },
          { id: 'reports', label: t('reports'), content: <ReportList budgetId={id} /> },
          { id: 'history', label: t('history'), content: <History steps={detail.history} /> },
        ]}
      />
      <Forms detail={detail} form={form} onClose={() => setForm(undefined)} />
    </>
  );
}
