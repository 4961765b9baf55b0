import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import type { AdjustmentDetail } from '@/api/schema';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime, Money } from '@/parts/values';
import { Record } from '@/patterns/record/record';
import { History, Steps } from './steps';
import { BudgetPill, useLineName } from './words';
import './finance.css';

function Effects({ detail, currency, name }: { detail: AdjustmentDetail; currency: string; name: (id: string) => string }) {
  const { t } = useTranslation('finance');
  if (detail.effects.length === 0) return null;
  const money = (amount_minor: number) => <Money value={{ amount_minor, currency }} />;
  return (
    <section className="card">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the table scrolls sideways by keyboard too */}
      <div className="budget-grid" tabIndex={0} role="region" aria-label={t('effects')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('line')}</th>
              {(['month', 'room_before', 'room_after', 'rest_before', 'rest_after'] as const).map((word) => (
                <th key={word} scope="col" className="figure">
                  {t(word)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {detail.effects.map((effect) => (
              <tr key={`${effect.line_id}${effect.month}`}>
                <th scope="row">{name(effect.line_id)}</th>
                <td className="figure">{t('month_n', { month: effect.month })}</td>
                <td className="figure">{money(effect.room_before_minor)}</td>
                <td className="figure">{money(effect.room_after_minor)}</td>
                <td className="figure">{money(effect.rest_before_minor)}</td>
                <td className="figure">{money(effect.rest_after_minor)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** One adjustment (预算调整): from where to where, what it does, who decides. */
export function AdjustmentPage() {
  const { t } = useTranslation('finance');
  const { id = '' } = useParams();
  const found = api.useQuery('get', '/api/v1/governance/adjustments/{id}', { params: { path: { id } } });
  const budgetId = found.data?.adjustment.budget_id ?? '';
  const budget = api.useQuery('get', '/api/v1/governance/budgets/{id}', { params: { path: { id: budgetId } } }, { enabled: Boolean(budgetId) });
  const named = useLineName(budget.data);
  if (found.isPending) return <Skeleton shape="record" />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const { adjustment } = found.data;
  const currency = budget.data?.budget.currency ?? 'CNY';
  const name = (line: string) => named(line) ?? '';
  const place = (line: string, month: number) => `${name(line)} · ${t('month_n', { month })}`;
  return (
    <Record
      title={adjustment.reason}
      crumbs={[{ label: t('adjustments'), to: '/finance/adjustments' }]}
      state={<BudgetPill state={adjustment.state} />}
      actions={<Steps offers={found.data.actions} path={`/api/v1/governance/adjustments/${id}`} row={adjustment} />}
      facts={[
        { id: 'budget', label: t('budget'), value: <Link to={`/finance/budgets/${budgetId}`}>{budget.data?.budget.name}</Link> },
        { id: 'from', label: t('from_line'), value: place(adjustment.from_line_id, adjustment.from_month) },
        { id: 'to', label: t('to_line'), value: place(adjustment.to_line_id, adjustment.to_month) },
        { id: 'amount', label: t('amount'), value: <Money value={{ amount_minor: adjustment.amount_minor, currency }} /> },
        { id: 'at', label: t('at'), value: <DateTime at={adjustment.created_at} time /> },
        { id: 'applied', label: t('applied'), value: <DateTime at={adjustment.applied_at} time /> },
      ]}
      notes={<Effects detail={found.data} currency={currency} name={name} />}
      tabs={[{ id: 'history', label: t('history'), content: <History steps={found.data.history} /> }]}
    />
  );
}
