// Which columns a chart can show, and what it draws.
import type { SqlColumn } from '@/api/schema';
import type { QueryChart, SqlResult, Value } from './contract';

/** Series and points beyond which nobody tells anything apart. */
export const SERIES_MAX = 8;
export const POINTS_MAX = 1_000;
export const BARS_MAX = 40;
/** A pie of more slices is not read but guessed. */
export const SLICES_MAX = 3;

const isFigure = ({ kind }: SqlColumn) => kind === 'integer' || kind === 'number';
const isMoment = ({ kind }: SqlColumn) => kind === 'time' || kind === 'date';

/** Columns that can be measured. */
export const figures = (columns: SqlColumn[]): SqlColumn[] => columns.filter(isFigure);

/** The chart that an answer asks for by its shape: one figure is a number, figures over time are lines, figures by name bars. */
export function guess({ columns, rows }: Pick<SqlResult, 'columns' | 'rows'>): QueryChart {
  const found = figures(columns);
  const [first] = found;
  if (!first || rows.length === 0) return { kind: 'table', y: [] };
  if (rows.length === 1 && columns.length === 1) return { kind: 'number', y: [first.name] };
  const moment = columns.find(isMoment);
  const x = moment ?? columns.find((column) => !isFigure(column)) ?? (found.length > 1 ? first : undefined);
  if (!x) return { kind: 'table', y: [] };
  const y = found.filter((column) => column !== x).map(({ name }) => name);
  const series = columns.find((column) => column !== x && !isFigure(column) && !isMoment(column));
  const parts = series ? { y: y.slice(0, 1), series: series.name } : { y: y.slice(0, SERIES_MAX) };
  return { kind: moment ? 'line' : 'bar', x: x.name, ...parts };
}

/** A chart with the columns that an answer still has; where one that it needs is gone, the answer's own chart. */
export function fitted(chart: QueryChart, result: Pick<SqlResult, 'columns' | 'rows'>): QueryChart {
  if (chart.kind === 'table') return chart;
  const has = (name: string | null | undefined): name is string => typeof name === 'string' && result.columns.some((column) => column.name === name);
  const y = chart.y.filter((name) => figures(result.columns).some((column) => column.name === name));
  if (y.length === 0 || (chart.kind !== 'number' && !has(chart.x))) {
    const own = guess(result);
    return own.kind === 'table' ? own : { ...own, kind: own.y.length === 0 ? 'table' : chart.kind };
  }
  return { kind: chart.kind, y, ...(has(chart.x) ? { x: chart.x } : {}), ...(has(chart.series) ? { series: chart.series } : {}) };
}

/** What a chart draws. */
export interface Drawn {
  labels: Value[];
  series: { name: string; data: (number | null)[] }[];
  /** Rows of the same place were added up. */
  added: boolean;
  /** How many more places or series there are. */
  moreLabels: number;
  moreSeries: number;
}

const asNumber = (value: Value | undefined): number | null => (typeof value === 'number' ? value : null);

/** Places along the axis in the order of the rows, and a line of figures for each series. */
export function drawn(chart: QueryChart, { columns, rows }: Pick<SqlResult, 'columns' | 'rows'>, most: number, say: (value: Value) => string = String): Drawn {
  const at = (name: string | null | undefined) => columns.findIndex((column) => column.name === name);
  const x = at(chart.x);
  const by = at(chart.series);
  const places = new Map<string, { value: Value; place: number }>();
  const lines = new Map<string, Map<number, number | null>>();
  let added = false;
  for (const row of rows) {
    const value = row[x] ?? null;
    const key = `${typeof value}/${value}`;
    const { place } = places.get(key) ?? { place: places.size };
    places.set(key, { value, place });
    for (const name of chart.y) {
      const label = by < 0 ? name : chart.y.length > 1 ? `${say(row[by] ?? null)} · ${name}` : say(row[by] ?? null);
      const line = lines.get(label) ?? new Map<number, number | null>();
      lines.set(label, line);
      const figure = asNumber(row[at(name)]);
      const before = line.get(place);
      if (before !== undefined && figure !== null) added = true;
      line.set(place, before !== undefined && before !== null ? before + (figure ?? 0) : figure);
    }
  }
  const labels = [...places.values()].map(({ value }) => value).slice(0, most);
  const series = [...lines].slice(0, SERIES_MAX).map(([name, line]) => ({ name, data: labels.map((_, place) => line.get(place) ?? null) }));
  return { labels, series, added, moreLabels: places.size - labels.length, moreSeries: lines.size - series.length };
}

/** True where slices say something: few of them, and none below zero. */
export function isPie({ labels, series, moreLabels }: Drawn): boolean {
  const data = series[0]?.data ?? [];
  return series.length === 1 && moreLabels === 0 && labels.length <= SLICES_MAX && data.every((value) => value === null || value >= 0);
}

/** True where times are days: all of them at midnight, as cutting them to days leaves them. */
export function areDays(values: Value[]): boolean {
  const times = values.filter((value) => value !== null);
  return times.length > 0 && times.every((value) => typeof value === 'string' && /T00:00:00(\.0+)?Z$/.test(value));
}
