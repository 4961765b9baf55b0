import { BarChartOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Format } from '@/format/format';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { useDays } from './calls';
import type { Source } from './contract';
import { wholeDays } from './days';

const DAYS = 30;
const PARTS = ['stored', 'duplicates', 'bots'] as const;

/** What a source brought, day by day. */
export function Days({ source }: { source: Source }) {
  const { t } = useTranslation('sources');
  const format = useFormat();
  const found = useDays(source.id, DAYS);
  if (found.isPending) return <Skeleton rows={8} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  if (found.data.items.length === 0) {
    return (
      <EmptyState icon={<BarChartOutlined />} title={t('days_none', { count: DAYS })} hint={t('days_none_hint')}>
        <Link to="?tab=install">{t('to_install')}</Link>
      </EmptyState>
    );
  }
  const days = wholeDays(found.data.items, DAYS);
  // The server counts by the day in UTC, so that is how a day is written here.
  const utc = new Format(format.language, 'UTC');
  const number = (cell: unknown) => format.number(Number(cell));
  const sum = (part: (typeof PARTS)[number]) => format.number(days.reduce((all, day) => all + day[part], 0));
  return (
    <section className="card stack-tight source-days">
      <Chart
        title={t('days_title', { count: DAYS })}
        summary={t('days_says', { count: DAYS, stored: sum('stored'), duplicates: sum('duplicates'), bots: sum('bots') })}
        height={280}
        option={{
          legend: {},
          xAxis: { type: 'category', data: days.map(({ day }) => utc.date(day, { short: true })) },
          yAxis: { type: 'value', minInterval: 1, axisLabel: { formatter: (value: number) => format.compact(value) } },
          series: PARTS.map((part) => ({ type: 'bar' as const, stack: 'day', name: t(`part.${part}`), data: days.map((day) => day[part]), barMaxWidth: 28, tooltip: { valueFormatter: number } })),
        }}
        table={{ head: [t('day'), ...PARTS.map((part) => t(`part.${part}`))], rows: days.map((day) => [utc.date(day.day), ...PARTS.map((part) => day[part])]), show: [String, number, number, number] }}
      />
      <p className="quiet small">{t('days_hint')}</p>
    </section>
  );
}
