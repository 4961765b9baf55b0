import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '@/api/client';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { Table } from '@/patterns/list/table';
import { useCurrency } from './words';

const AT = '/api/v1/campaigns/campaigns/{id}';
const SERIES = ['sent', 'opened', 'clicked', 'unsubscribed'] as const;
/** Hours from which on a line is drawn. */
const LINE_FROM = 4;

/** What happened hour by hour. */
export function HoursChart({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const currency = useCurrency();
  const hours = api.useQuery('get', `${AT}/results/hours`, { params: { path: { id: campaignId } } });
  if (hours.isPending) return <Skeleton rows={5} />;
  if (hours.isError) return <ErrorState error={hours.error} retry={() => void hours.refetch()} />;
  const rows = hours.data.items;
  if (rows.length === 0) return null;
  const names = SERIES.map((key) => t(`figure.${key}`));
  const hour = (at: string) => format.date(at, { short: true, time: true });
  return (
    <section className="card">
      <Chart
        title={t('hours')}
        summary={t('hours_summary', { from: hour(rows[0]?.at ?? ''), to: hour(rows.at(-1)?.at ?? '') })}
        option={{
          legend: {},
          xAxis: { type: 'category', data: rows.map((row) => hour(row.at)) },
          yAxis: { type: 'value', minInterval: 1, axisLabel: { formatter: (n: number) => format.compact(n) } },
          // A line needs at least a few points to say anything.
          series: SERIES.map((key, i) => ({ type: rows.length < LINE_FROM ? ('bar' as const) : ('line' as const), name: names[i] ?? key, symbolSize: 5, barMaxWidth: 28, data: rows.map((row) => row[key]) })),
        }}
        table={{
          head: [t('hour'), ...names, t('figure.orders'), t('figure.revenue')],
          rows: rows.map((row) => [hour(row.at), ...SERIES.map((key) => row[key]), row.orders, row.revenue_minor]),
          show: [String, ...[...SERIES, 'orders'].map(() => (cell: string | number | null) => format.number(Number(cell))), (cell) => format.money({ amount_minor: Number(cell), currency })],
        }}
      />
    </section>
  );
}

/** What the messages of each language brought. */
export function LanguagesChart({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const currency = useCurrency();
  const [, setParams] = useSearchParams();
  const languages = api.useQuery('get', `${AT}/results/languages`, { params: { path: { id: campaignId } } });
  if (languages.isPending) return <Skeleton rows={5} />;
  if (languages.isError) return <ErrorState error={languages.error} retry={() => void languages.refetch()} />;
  // Sends that the door refused before a language was chosen have none and sent nothing.
  const rows = languages.data.items.filter((row) => row.language);
  const names = rows.map((row) => t(`language.${row.language ?? ''}`));
  const series = ['sent', 'opened', 'clicked'] as const;
  return (
    <section className="card">
      <Chart
        title={t('by_language')}
        summary={rows.map((row, i) => t('language_summary', { language: names[i], sent: format.number(row.sent), clicked: format.number(row.clicked) })).join(t('comma'))}
        option={{
          legend: {},
          tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
          xAxis: { type: 'category', data: names },
          yAxis: { type: 'value', minInterval: 1, axisLabel: { formatter: (n: number) => format.compact(n) } },
          series: series.map((key) => ({ type: 'bar', name: t(`figure.${key}`), barMaxWidth: 28, data: rows.map((row) => row[key]) })),
        }}
        table={{
          head: [t('language_label'), ...series.map((key) => t(`figure.${key}`)), t('figure.unsubscribed'), t('figure.orders'), t('figure.revenue')],
          rows: rows.map((row, i) => [names[i] ?? '', row.sent, row.opened, row.clicked, row.unsubscribed, row.orders, row.revenue_minor]),
          show: [String, ...Array.from({ length: 5 }, () => (cell: string | number | null) => format.number(Number(cell))), (cell) => format.money({ amount_minor: Number(cell), currency })],
        }}
        onPick={(_, i) => {
          const language = rows[i]?.language;
          if (language) setParams(new URLSearchParams({ tab: 'sends', language }));
        }}
      />
    </section>
  );
}

/** Which links people followed. */
export function LinksTable({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const [, setParams] = useSearchParams();
  const links = api.useQuery('get', `${AT}/results/links`, { params: { path: { id: campaignId } } });
  if (links.isPending) return <Skeleton shape="table" rows={3} />;
  if (links.isError) return <ErrorState error={links.error} retry={() => void links.refetch()} />;
  if (links.data.items.length === 0) return null;
  const to = (row: { number: number }) => `?tab=sends&seen=clicked&link=${row.number}`;
  return (
    <section className="card list-card" aria-label={t('links')}>
      <h2 className="list-pad">{t('links')}</h2>
      <Table
        label={t('links')}
        rows={links.data.items}
        rowKey={(row) => String(row.number)}
        rowName={(row) => row.url}
        linkOf={to}
        onOpen={(row) => setParams(new URLSearchParams(to(row)))}
        columns={[
          { id: 'url', label: t('link'), title: true, cell: (row) => <span className="anywhere">{row.url}</span> },
          { id: 'clicked', label: t('figure.clicked'), figure: true, cell: (row) => format.number(row.clicked) },
          { id: 'raw', label: t('with_scanners'), figure: true, cell: (row) => format.number(row.clicked_raw) },
          { id: 'visits', label: t('visits'), figure: true, cell: (row) => format.number(row.visits) },
        ]}
      />
    </section>
  );
}
