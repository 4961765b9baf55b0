import type { EChartsOption } from 'echarts';
import { useTranslation } from 'react-i18next';
import type { QueryChartKind } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import type { Cell } from '@/parts/chart/csv';
import { Nothing } from '@/parts/values';
import { BARS_MAX, type Drawn, drawn, isPie, POINTS_MAX } from './charts';
import type { QueryChart, SqlResult, Value } from './contract';
import { useSay } from './words';

/** Height of one bar, with what lies between. */
const BAR = 28;

interface Said {
  labels: string[];
  compact: (value: unknown) => string;
  exact: (value: unknown) => string;
}

function lines(kind: QueryChartKind, { series }: Drawn, { labels, compact, exact }: Said): EChartsOption {
  const valueFormatter = (value: unknown) => exact(value);
  return {
    ...(series.length > 1 ? { legend: { type: 'plain' as const } } : {}),
    xAxis: { type: 'category', data: labels, boundaryGap: kind === 'bar', axisLabel: { hideOverlap: true } },
    yAxis: { type: 'value', axisLabel: { formatter: compact } },
    series: series.map(({ name, data }) => ({
      name,
      data,
      tooltip: { valueFormatter },
      ...(kind === 'bar' ? { type: 'bar' as const, barMaxWidth: 28 } : { type: 'line' as const, showSymbol: data.length < 40, symbolSize: 6, ...(kind === 'area' ? { areaStyle: { opacity: 0.25 } } : {}) }),
    })),
  };
}

/** Bars of names lie: a name is read from left to right. */
function lyingBars({ series }: Drawn, { labels, compact, exact }: Said): EChartsOption {
  const [only] = series.length === 1 ? series : [];
  return {
    ...(only ? {} : { legend: { type: 'plain' as const } }),
    grid: { right: 72 },
    xAxis: { type: 'value', axisLabel: { formatter: compact } },
    yAxis: { type: 'category', inverse: true, data: labels, axisLabel: { width: 140, overflow: 'truncate' } },
    series: series.map(({ name, data }) => ({ type: 'bar' as const, name, data, barMaxWidth: 18, tooltip: { valueFormatter: (value: unknown) => exact(value) }, ...(only ? { label: { show: true, position: 'right' as const, formatter: ({ value }: { value: unknown }) => compact(value) } } : {}) })),
  };
}

function pie({ series: [first] }: Drawn, { labels, exact }: Said): EChartsOption {
  return {
    tooltip: { trigger: 'item', renderMode: 'richText', confine: true, valueFormatter: (value) => exact(value) },
    series: [{ type: 'pie', radius: '70%', name: first?.name ?? '', label: { formatter: '{b} {d}%' }, data: labels.map((name, place) => ({ name, value: first?.data[place] ?? 0 })) }],
  };
}

/** What is said below a chart that does not show everything as it is. */
function Notes({ of, piece }: { of: Drawn; piece: boolean }) {
  const { t } = useTranslation('sql');
  const notes = [
    ...(of.added ? [t('chart_added')] : []),
    ...(of.moreLabels > 0 ? [t('chart_more_labels', { count: of.moreLabels })] : []),
    ...(of.moreSeries > 0 ? [t('chart_more_series', { count: of.moreSeries })] : []),
    ...(piece ? [t('chart_no_pie')] : []),
  ];
  return notes.length > 0 && <p className="quiet small">{notes.join(' ')}</p>;
}

function Drawing({ title, chart, result }: { title: string; chart: QueryChart; result: SqlResult }) {
  const { t } = useTranslation('sql');
  const format = useFormat();
  const say = useSay();
  const values = (name: string | null | undefined) => {
    const place = result.columns.findIndex((column) => column.name === name);
    return { column: result.columns[place], values: place < 0 ? [] : result.rows.map((row) => row[place] ?? null) };
  };
  const sayer = (name: string | null | undefined): ((value: Value) => string) => {
    const found = values(name);
    return found.column ? say(found.column, found.values) : String;
  };
  const x = values(chart.x).column;
  const named = x?.kind === 'text' || x?.kind === 'other' || x?.kind === 'boolean';
  const barred = chart.kind === 'bar' || chart.kind === 'pie';
  const shape = drawn(chart, result, barred ? BARS_MAX : POINTS_MAX, sayer(chart.series));
  const sayX = sayer(chart.x);
  const number = (value: unknown) => (typeof value === 'number' ? value : 0);
  const said: Said = { labels: shape.labels.map(sayX), compact: (value) => format.compact(number(value)), exact: (value) => (typeof value === 'number' ? format.number(value, 6) : '–') };
  const round = chart.kind === 'pie' && isPie(shape);
  const lies = barred && !round && named;
  const option = round ? pie(shape, said) : lies ? lyingBars(shape, said) : lines(chart.kind === 'pie' ? 'bar' : chart.kind, shape, said);
  const rows = shape.labels.map((label, place): Cell[] => [sayX(label), ...shape.series.map(({ data }) => data[place] ?? null)]);
  const show = [String, ...shape.series.map(() => (cell: Cell) => said.exact(cell))];
  return (
    <>
      <Chart title={title} summary={t('chart_says', { series: shape.series.map(({ name }) => name).join(t('common:list.or')), x: chart.x ?? '', count: shape.labels.length })} height={lies ? Math.max(160, shape.labels.length * BAR * Math.max(1, shape.series.length * 0.6) + 40) : 300} option={option} table={{ head: [chart.x ?? '', ...shape.series.map(({ name }) => name)], rows, show }} />
      <Notes of={shape} piece={chart.kind === 'pie' && !round} />
    </>
  );
}

/** An answer as a picture, or as one number. */
export function ResultChart({ title, chart, result }: { title: string; chart: QueryChart; result: SqlResult }) {
  const { t } = useTranslation('sql');
  const format = useFormat();
  if (chart.kind === 'number') {
    const place = result.columns.findIndex((column) => column.name === chart.y[0]);
    const value = result.rows[0]?.[place];
    return (
      <div>
        <div className="quiet">{chart.y[0]}</div>
        <div className="sql-number">{typeof value === 'number' ? format.number(value, 6) : <Nothing />}</div>
        {result.rows.length > 1 && <p className="quiet small">{t('chart_first_row')}</p>}
      </div>
    );
  }
  return <Drawing title={title} chart={chart} result={result} />;
}
