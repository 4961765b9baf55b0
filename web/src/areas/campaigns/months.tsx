import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { sums } from '@/areas/finance/words';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { Label, StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { Table } from '@/patterns/list/table';

/** The months of the budget line that pays for a campaign: planned, reserved, spent, left. */
export function Months({ lineId }: { lineId: string }) {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const local = useLocal();
  const found = api.useQuery('get', '/api/v1/governance/lines/{id}', { params: { path: { id: lineId } } });
  if (found.isPending) return <Skeleton shape="table" rows={12} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const { line, months, year, currency, closed_months: closed } = found.data;
  const money = (amount: number) => format.money({ amount_minor: amount, currency });
  const name = local(line.names) || line.code;
  return (
    <section className="card stack-tight" aria-label={t('tab.months')}>
      <p>
        <Link to={`/finance/budgets/${line.budget_id}`}>{name}</Link> <span className="quiet">{t('months_of', { year, amount: money(line.annual_minor) })}</span>
      </p>
      <Table
        label={t('tab.months')}
        rows={months}
        rowKey={(one) => String(one.month)}
        rowName={(one) => t('month_n', { month: one.month })}
        linkOf={() => undefined}
        onOpen={() => undefined}
        columns={[
          { id: 'month', label: t('month'), title: true, cell: (one) => <span className="nowrap">{t('month_n', { month: one.month })} {closed.includes(one.month) && <Label>{t('month_closed')}</Label>}</span> },
          { id: 'planned', label: t('month_planned'), figure: true, cell: (one) => money(sums(one).room) },
          { id: 'committed', label: t('month_committed'), figure: true, cell: (one) => money(one.committed_minor) },
          { id: 'spent', label: t('month_spent'), figure: true, cell: (one) => money(one.spent_minor) },
          { id: 'rest', label: t('month_rest'), figure: true, cell: (one) => (one.overrun ? <StatePill tone="bad">{t('month_overrun')}</StatePill> : money(sums(one).rest)) },
        ]}
      />
    </section>
  );
}
