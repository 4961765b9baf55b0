import { useMutation } from '@tanstack/react-query';
import { refresh } from '@/api/query';
import { ask, useAsked } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import { useMay } from '@/session/session';
import type { DashboardDetail, DashboardRow, MetricDetail, MetricReplay, MetricRow, MetricSample } from './metric-types';

const BASE = '/api/v1/rulebook';
/** May read metrics and dashboards. */
export const METRIC_READ = 'rulebook.metric.read';
/** May measure one now. */
export const METRIC_MEASURE = 'rulebook.metric.measure';
/** Samples that a trend the size of a word draws. */
const TREND_SAMPLES = 30;

/** All metrics with their newest values. */
export function useMetrics() {
  return useAsked<Page<MetricRow>>(`${BASE}/metrics`);
}

/** One metric with its history. */
export function useMetric(id: string) {
  return useAsked<MetricDetail>(`${BASE}/metrics/{metric}`, { params: { path: { metric: id } } });
}

/** The newest samples of a metric, for a small trend; asked for once it is in sight. */
export function useTrend(id: string, enabled: boolean) {
  return useAsked<Page<MetricSample>>(`${BASE}/metrics/{metric}/samples`, { params: { path: { metric: id }, query: { page_size: TREND_SAMPLES } } }, { enabled, staleTime: 300_000 });
}

/** What other limits would have done on the stored samples. */
export function useReplay(id: string, query: { [name: string]: number | undefined }, enabled: boolean) {
  return useAsked<MetricReplay>(`${BASE}/metrics/{metric}/replay`, { params: { path: { metric: id }, query } }, { enabled });
}

/** Measures a metric now. */
export function useMeasure(id: string) {
  return useMutation({
    mutationFn: () => ask<MetricDetail>('post', `${BASE}/metrics/{metric}/measure`, { params: { path: { metric: id } } }),
    onSuccess: () => refresh(`${BASE}/metrics`, `${BASE}/dashboards`),
  });
}

/** The dashboards that the reader may open. */
export function useDashboards(enabled = true) {
  const may = useMay()(METRIC_READ);
  return useAsked<Page<DashboardRow>>(`${BASE}/dashboards`, {}, { enabled: enabled && may, staleTime: 300_000 });
}

/** One dashboard with what the reader may see of it. */
export function useDashboard(id: string) {
  return useAsked<DashboardDetail>(`${BASE}/dashboards/{dashboard}`, { params: { path: { dashboard: id } } });
}
