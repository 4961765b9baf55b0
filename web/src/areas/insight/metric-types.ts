/** What metrics and dashboards answer; the generated types take their place as soon as they are there. */
import type { Row } from '@/areas/records/types';

export type MetricUnit = 'percent' | 'count' | 'money' | 'hours' | 'days' | 'minutes' | 'score' | 'people';
export type MetricState = 'unknown' | 'ok' | 'near' | 'over';

export interface MetricLimit {
  op: string;
  value: number;
  /** The policy parameter that says so, where one does. */
  parameter?: string | null;
}

export interface MetricLimits {
  near?: MetricLimit | null;
  over?: MetricLimit | null;
  clears_by: number;
  for_samples: number;
}

export interface MetricSeries {
  key: string;
  title: string;
  value?: number | null;
  row_count: number;
  state: MetricState;
}

export interface MetricRow {
  id: string;
  title: string;
  version: number;
  unit: MetricUnit;
  better: 'higher' | 'lower';
  every: 'hourly' | 'daily';
  key_metric?: boolean;
  clauses: string[];
  /** Over how much the reader sees it. */
  sight: 'all' | 'part' | 'none';
  connected: boolean;
  value?: number | null;
  value_before?: number | null;
  changed?: number | null;
  row_count: number;
  state: MetricState;
  measured_at?: string | null;
  changed_at?: string | null;
  limits?: MetricLimits | null;
  alert?: { type_id: string; id: string } | null;
  series: MetricSeries[];
}

export interface MetricSample {
  id: string;
  series: string;
  version: number;
  at: string;
  value?: number | null;
  row_count: number;
  state: MetricState;
}

export interface MetricDetail extends MetricRow {
  view: string;
  definition: string;
  counted: string;
  metrics: string[];
  parameters: string[];
  samples: MetricSample[];
}

export interface MetricReplay {
  samples: number;
  from?: string | null;
  firings: number;
  over: number;
  open_minutes: number;
  fired: { at: string; level: MetricState; value: number; cleared_at?: string | null }[];
}

export interface DashboardRow {
  id: string;
  title: string;
  summary: string;
  area: string;
  clauses: string[];
}

export interface TileCell {
  by_value?: string | null;
  by_title: string;
  across_value?: string | null;
  across_title?: string | null;
  records: number;
  value?: number | null;
}

export interface TileGroups {
  type_id: string;
  by: string;
  by_title: string;
  across?: string | null;
  across_title?: string | null;
  figure: string;
  of?: string | null;
  filter?: string | null;
  cells: TileCell[];
}

export interface TileList {
  type_id: string;
  view?: string | null;
  filter?: string | null;
  columns: { key: string; title: string; kind?: string | null }[];
  records: Row[];
  more: boolean;
}

export interface DashboardTile {
  kind: 'metric' | 'gauge' | 'groups' | 'list' | 'clauses' | 'text';
  title: string;
  wide: boolean;
  shows: 'line' | 'bars' | 'heat' | 'table';
  /** The reader may see nothing of it. */
  hidden: boolean;
  metric?: MetricRow | null;
  points: { at: string; value?: number | null }[];
  target?: number | null;
  attainment?: number | null;
  groups?: TileGroups | null;
  list?: TileList | null;
  clauses: { id: string; title: string; status: string }[];
  text: string;
}

export interface DashboardDetail extends DashboardRow {
  tiles: DashboardTile[];
}
