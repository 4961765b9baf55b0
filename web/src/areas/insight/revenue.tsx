import { DatePicker, Segmented, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { api } from '@/api/client';
import type { Cleaning, RevenueBy, RevenueReport, RevenueRow } from '@/api/schema';
import { minorUnits } from '@/areas/campaigns/words';
import { useBrandChoices } from '@/areas/customers/words';
import { useFormat } from '@/format/use-format';
import { useGoodsName } from '@/i18n/goods';
import { Chart } from '@/parts/chart/chart';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Money } from '@/parts/values';
import { type Tile, Tiles } from '@/patterns/board/board';
import { Table } from '@/patterns/list/table';
import '@/patterns/list/list.css';

const BY = ['month', 'day', 'department', 'brand', 'store'] as const;
const CLEANINGS = ['usual', 'sales', 'net'] as const;
/** Bars that are still told apart; the table below has all of them. */
const BARS_MAX = 15;

/** What a key of the report is called. */
function useKeyWords(by: RevenueBy): (key: string | null | undefined) => string {
  const { t } = useTranslation('sales');
  const goods = useGoodsName();
  const brands = useBrandChoices();
  return (key) => {
    if (!key) return t('none_key');
    if (by === 'department') return goods(key) ?? key;
    return by === 'brand' ? (brands.find((one) => one.value === key)?.label ?? key) : key;
  };
}

/** The orders behind a row; orders cannot be narrowed to a department of the shop or a store, so those rows narrow the report. */
function useRowLink(by: RevenueBy): (row: RevenueRow) => string | undefined {
  const [params] = useSearchParams();
  return (row) => {
    const query = new URLSearchParams();
    for (const name of ['from', 'to', 'brand_id']) {
      const value = params.get(name);
      if (value) query.set(name, value);
    }
    if (!row.key) return undefined;
    if (by === 'brand') query.set('brand_id', row.key);
    else if (by === 'month' || by === 'day') {
      const from = dayjs(row.key);
      query.set('from', from.toISOString());
      query.set('to', from.add(1, by).toISOString());
    } else if (by === 'department') return `/insight/revenue?${new URLSearchParams({ ...Object.fromEntries(params), by: 'month', department: row.key })}`;
    return `/orders?${query}`;
  };
}

function useTiles(report: RevenueReport): Tile[] {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const [params] = useSearchParams();
  const query = new URLSearchParams([...params].filter(([name]) => ['from', 'to', 'brand_id'].includes(name)));
  const [total] = report.totals;
  if (!total) return [];
  const { currency } = total;
  const orders = `/orders?${query}`;
  return [
    { id: 'revenue', label: t('revenue'), value: format.moneyCompact({ amount_minor: total.revenue_minor, currency }), note: format.money({ amount_minor: total.revenue_minor, currency }), to: orders },
    { id: 'orders', label: t('orders'), value: format.compact(total.order_count), note: t('lines_n', { count: total.line_count, shown: format.number(total.line_count) }), to: orders },
    { id: 'customers', label: t('customers'), value: format.compact(total.customer_count), note: t('customers_note'), to: '/customers/profiles' },
    { id: 'basket', label: t('basket'), value: total.order_count ? format.money({ amount_minor: Math.round(total.revenue_minor / total.order_count), currency }) : '–', note: t('basket_note'), to: orders },
  ];
}

function RevenueChart({ report }: { report: RevenueReport }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const navigate = useNavigate();
  const words = useKeyWords(report.by);
  const link = useRowLink(report.by);
  const currency = report.totals[0]?.currency ?? 'CNY';
  const inTime = report.by === 'month' || report.by === 'day';
  const mine = report.rows.filter((row) => row.currency === currency);
  const rows = inTime ? mine : [...mine].sort((a, b) => b.revenue_minor - a.revenue_minor).slice(0, BARS_MAX);
  const names = rows.map((row) => words(row.key));
  const unit = minorUnits(currency);
  const values = rows.map((row) => row.revenue_minor / unit);
  const money = (value: number) => format.moneyCompact({ amount_minor: Math.round(value * unit), currency });
  return (
    <section className="card">
      <Chart
        title={t(`by_title.${report.by}`)}
        summary={t('chart_summary', { count: rows.length, best: names[values.indexOf(Math.max(...values))] ?? '' })}
        height={inTime ? 280 : Math.max(200, rows.length * 30)}
        option={
          inTime
            ? {
                xAxis: { type: 'category', data: names },
                yAxis: { type: 'value', axisLabel: { formatter: money } },
                series: [{ type: report.by === 'day' ? 'line' : 'bar', name: t('revenue'), data: values, barMaxWidth: 36, symbolSize: 4, tooltip: { valueFormatter: (value) => money(Number(value)) } }],
              }
            : {
                grid: { right: 72 },
                xAxis: { type: 'value', axisLabel: { formatter: money } },
                yAxis: { type: 'category', inverse: true, data: names },
                series: [{ type: 'bar', name: t('revenue'), data: values, barMaxWidth: 20, label: { show: true, position: 'right', formatter: ({ value }) => money(Number(value)) }, tooltip: { valueFormatter: (value) => money(Number(value)) } }],
              }
        }
        table={{
          head: [t(`by.${report.by}`), t('revenue'), t('orders'), t('customers')],
          rows: rows.map((row, i) => [names[i] ?? '', row.revenue_minor / unit, row.order_count, row.customer_count]),
          show: [String, (cell) => money(Number(cell)), (cell) => format.number(Number(cell)), (cell) => format.number(Number(cell))],
        }}
        onPick={(_, i) => {
          const to = rows[i] && link(rows[i]);
          if (to) void navigate(to);
        }}
      />
    </section>
  );
}

function Rows({ report }: { report: RevenueReport }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const navigate = useNavigate();
  const words = useKeyWords(report.by);
  const link = useRowLink(report.by);
  return (
    <section className="card list-card" aria-label={t('rows')}>
      <Table
        label={t('rows')}
        rows={report.rows}
        rowKey={(row) => `${row.key ?? ''}-${row.currency}`}
        rowName={(row) => words(row.key)}
        linkOf={link}
        onOpen={(row) => {
          const to = link(row);
          if (to) void navigate(to);
        }}
        columns={[
          { id: 'key', label: t(`by.${report.by}`), title: true, cell: (row) => words(row.key) },
          { id: 'revenue', label: t('revenue'), figure: true, cell: (row) => <Money value={{ amount_minor: row.revenue_minor, currency: row.currency }} /> },
          { id: 'orders', label: t('orders'), figure: true, cell: (row) => format.number(row.order_count) },
          { id: 'lines', label: t('lines'), figure: true, wide: true, cell: (row) => format.number(row.line_count) },
          { id: 'customers', label: t('customers'), figure: true, cell: (row) => format.number(row.customer_count) },
        ]}
      />
    </section>
  );
}

/** What orders earned (销售额): by month, department, brand or store; every figure opens the orders behind it. */
export function Revenue() {
  const { t } = useTranslation('sales');
  const [params, setParams] = useSearchParams();
  const brands = useBrandChoices();
  const goods = useGoodsName();
  const by = BY.find((one) => one === params.get('by')) ?? 'month';
  const cleaning = CLEANINGS.find((one) => one === params.get('cleaning')) ?? 'usual';
  const [from, to, brandId, department] = ['from', 'to', 'brand_id', 'department'].map((name) => params.get(name) ?? undefined);
  const set = (changes: { [name: string]: string | undefined }) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changes)) {
        if (value) after.set(name, value);
        else after.delete(name);
      }
      return after;
    });
  const report = api.useQuery('get', '/api/v1/sales/revenue', { params: { query: { by: by as RevenueBy, cleaning: cleaning as Cleaning, ...(from ? { from } : {}), ...(to ? { to } : {}), ...(brandId ? { brand_id: brandId } : {}), ...(department ? { department } : {}) } } });
  const departments = api.useQuery('get', '/api/v1/catalog/departments', {}, { staleTime: 300_000 }).data?.items.flatMap((row) => (row.department ? [{ value: row.department, label: goods(row.department) ?? row.department }] : [])) ?? [];
  const range: [Dayjs | null, Dayjs | null] = [from ? dayjs(from) : null, to ? dayjs(to).subtract(1, 'day') : null];
  return (
    <>
      <PageHead title={t('revenue')} sub={t('revenue_sub')} />
      <div className="list-bar">
        <Segmented aria-label={t('by_label')} value={by} onChange={(value) => set({ by: value })} options={BY.map((value) => ({ value, label: t(`by.${value}`) }))} />
        <DatePicker.RangePicker
          aria-label={t('range')}
          value={range}
          allowEmpty={[true, true]}
          onChange={(days) => set({ from: days?.[0]?.startOf('day').toISOString(), to: days?.[1]?.add(1, 'day').startOf('day').toISOString() })}
        />
        <Select aria-label={t('brand')} placeholder={t('brand')} allowClear value={brandId ?? null} options={brands} onChange={(value: string | null) => set({ brand_id: value ?? undefined })} style={{ minWidth: 140 }} />
        <Select aria-label={t('department')} placeholder={t('department')} allowClear showSearch={{ optionFilterProp: 'label' }} value={department ?? null} options={departments} onChange={(value: string | null) => set({ department: value ?? undefined })} style={{ minWidth: 160 }} />
        <Select aria-label={t('cleaning_label')} value={cleaning} options={CLEANINGS.map((value) => ({ value, label: t(`cleaning.${value}`) }))} onChange={(value) => set({ cleaning: value === 'usual' ? undefined : value })} style={{ minWidth: 180 }} />
      </div>
      {report.isPending ? <Skeleton shape="tiles" rows={4} /> : report.isError ? <ErrorState error={report.error} retry={() => void report.refetch()} /> : <Board report={report.data} />}
    </>
  );
}

function Board({ report }: { report: RevenueReport }) {
  const { t } = useTranslation('sales');
  const tiles = useTiles(report);
  if (report.rows.length === 0) return <EmptyState title={t('no_revenue')} hint={t('no_revenue_hint')} />;
  return (
    <div className="stack">
      <Tiles tiles={tiles} />
      <RevenueChart report={report} />
      <Rows report={report} />
    </div>
  );
}
