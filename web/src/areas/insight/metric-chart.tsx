import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { useMode } from '@/theme/mode';
import { palettes } from '@/theme/palette';
import type { MetricRow } from './metric-types';
import { useMetricValue } from './metric-words';

interface MetricChartProps {
  metric: MetricRow;
  title: string;
  points: { at: string; value?: number | null }[];
  height?: number;
}

/** A metric over time; from where it is near its limit to where it is over, the ground is coloured. */
export function MetricChart({ metric, title, points, height = 240 }: MetricChartProps) {
  const { t } = useTranslation('metrics');
  const format = useFormat();
  const value = useMetricValue();
  const { mode } = useMode();
  const colours = palettes[mode];
  const { near, over } = metric.limits ?? {};
  const line = (at: number, name: string, color: string) => ({ yAxis: at, lineStyle: { color, type: 'dashed' as const }, label: { formatter: name, position: 'insideEndTop' as const, color } });
  const lines = [...(near ? [line(near.value, t('state.near'), colours.warn)] : []), ...(over ? [line(over.value, t('state.over'), colours.bad)] : [])];
  const band = near && over ? [[{ yAxis: near.value, itemStyle: { color: colours.warnSoft, opacity: 0.6 } }, { yAxis: over.value }] as [object, object]] : [];
  const limits = [near?.value, over?.value].filter((one): one is number => typeof one === 'number');
  return (
    <Chart
      title={title}
      summary={t('chart_says', { value: value(metric.unit, metric.value), state: t(`state.${metric.state}`) })}
      height={height}
      option={{
        xAxis: { type: 'category', data: points.map((point) => format.date(point.at, { short: true, time: metric.every === 'hourly' })) },
        // The limits belong into the picture, wherever the values are.
        yAxis: { type: 'value', scale: true, min: ({ min }) => Math.min(min, ...limits), max: ({ max }) => Math.max(max, ...limits), axisLabel: { formatter: (at: number) => value(metric.unit, at, true) } },
        series: [
          {
            type: 'line',
            name: metric.title,
            data: points.map((point) => point.value ?? null),
            showSymbol: points.length < 40,
            symbolSize: 6,
            connectNulls: false,
            tooltip: { valueFormatter: (at) => value(metric.unit, typeof at === 'number' ? at : null) },
            markLine: { silent: true, symbol: 'none', data: lines },
            markArea: { silent: true, data: band },
          },
        ],
      }}
      table={{ head: [t('measured'), t('value')], rows: points.map((point) => [format.date(point.at, { time: true }), point.value ?? null]), show: [String, (cell) => value(metric.unit, typeof cell === 'number' ? cell : null)] }}
    />
  );
}

/** A metric's values by what they are of, the greatest first. */
export function SeriesChart({ metric, title }: { metric: MetricRow; title: string }) {
  const { t } = useTranslation('metrics');
  const value = useMetricValue();
  const series = metric.series.filter((one) => typeof one.value === 'number').sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
  const shown = series.slice(0, 15);
  return (
    <Chart
      title={title}
      summary={t('series_says', { count: series.length, first: shown[0]?.title ?? '' })}
      height={Math.max(140, shown.length * 30 + 20)}
      option={{
        grid: { right: 72 },
        xAxis: { type: 'value', axisLabel: { formatter: (at: number) => value(metric.unit, at, true) } },
        yAxis: { type: 'category', inverse: true, data: shown.map((one) => one.title) },
        series: [{ type: 'bar', name: metric.title, barMaxWidth: 20, data: shown.map((one) => one.value ?? null), label: { show: true, position: 'right', formatter: ({ value: at }) => value(metric.unit, typeof at === 'number' ? at : null, true) }, tooltip: { valueFormatter: (at) => value(metric.unit, typeof at === 'number' ? at : null) } }],
      }}
      table={{ head: [t('of_what'), t('value'), t('row_count')], rows: series.map((one) => [one.title, one.value ?? null, one.row_count]), show: [String, (cell) => value(metric.unit, typeof cell === 'number' ? cell : null), String] }}
    />
  );
}
