import { LineChartOutlined } from '@ant-design/icons';
import { Checkbox, Segmented } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageHead } from '@/parts/head';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Search } from '@/patterns/list/bar';
import { useListState } from '@/patterns/list/state';
import { Table } from '@/patterns/list/table';
import { useMetrics } from './metric-api';
import type { MetricRow } from './metric-types';
import { MetricPill, useChange, useLimit, useMetricValue } from './metric-words';
import { Trend } from './trend';
import './insight.css';

const CONDITIONS = ['state', 'key'];
const STATES = ['over', 'near', 'ok', 'unknown'] as const;
/** The worst first: what asks for somebody stands on top. */
const ORDER: { [state: string]: number } = { over: 0, near: 1, ok: 2, unknown: 3 };

function Change({ metric }: { metric: MetricRow }) {
  const change = useChange()(metric);
  return change ? <span className={`small ${change.tone}`}>{change.said}</span> : <Nothing />;
}

function Limits({ metric }: { metric: MetricRow }) {
  const { t } = useTranslation('metrics');
  const limit = useLimit();
  const { near, over } = metric.limits ?? {};
  if (!near && !over) return <Nothing />;
  return (
    <span className="stack-tight small">
      {near && <span className="quiet">{t('near_at', { limit: limit(metric.unit, near) })}</span>}
      {over && <span>{t('over_at', { limit: limit(metric.unit, over) })}</span>}
    </span>
  );
}

function Rows({ rows }: { rows: MetricRow[] }) {
  const { t } = useTranslation('metrics');
  const navigate = useNavigate();
  const value = useMetricValue();
  const to = (row: MetricRow) => `/insight/metrics/${row.id}`;
  return (
    <section className="card list-card" aria-label={t('metrics')}>
      <Table
        label={t('metrics')}
        rows={rows}
        rowKey={(row) => row.id}
        rowName={(row) => row.title}
        linkOf={to}
        onOpen={(row) => void navigate(to(row))}
        columns={[
          { id: 'title', label: t('metric'), title: true, cell: (row) => row.title },
          { id: 'value', label: t('value'), figure: true, cell: (row) => (row.sight === 'none' ? <Label>{t('not_for_you')}</Label> : <strong>{value(row.unit, row.value, true)}</strong>) },
          { id: 'change', label: t('change'), cell: (row) => <Change metric={row} /> },
          { id: 'trend', label: t('trend'), wide: true, cell: (row) => <Trend id={row.id} /> },
          { id: 'limits', label: t('limits'), wide: true, cell: (row) => <Limits metric={row} /> },
          { id: 'state', label: t('state_is'), cell: (row) => <MetricPill state={row.state} limits={Boolean(row.limits)} /> },
          { id: 'at', label: t('measured'), wide: true, cell: (row) => (row.connected ? <DateTime at={row.measured_at} short time /> : <Label tone="warn">{t('not_connected')}</Label>) },
        ]}
      />
    </section>
  );
}

/** All metrics (指标): what asks for somebody first. */
export function Metrics() {
  const { t } = useTranslation('metrics');
  const metrics = useMetrics();
  const { state, set } = useListState(CONDITIONS);
  const search = useCallback((q: string) => set({ q: q.trim() || undefined }), [set]);
  const typed = state.q.toLowerCase();
  const all = metrics.data?.items ?? [];
  const rows = all
    .filter((row) => !state.filters.state || row.state === state.filters.state)
    .filter((row) => !state.filters.key || row.key_metric)
    .filter((row) => row.title.toLowerCase().includes(typed) || row.clauses.some((clause) => clause.toLowerCase().includes(typed)))
    .sort((a, b) => (ORDER[a.state] ?? 9) - (ORDER[b.state] ?? 9) || a.title.localeCompare(b.title));
  return (
    <>
      <PageHead title={t('metrics')} sub={t('metrics_sub')} />
      <div className="list-bar">
        <Search words={t('metrics_search')} value={state.q} onSearch={search} />
        <Segmented
          aria-label={t('state_is')}
          value={state.filters.state ?? ''}
          onChange={(value: string) => set({ state: value || undefined })}
          options={[{ value: '', label: t('common:list.all') }, ...STATES.map((value) => ({ value, label: t(`state.${value}`) }))]}
        />
        <Checkbox checked={Boolean(state.filters.key)} onChange={(event) => set({ key: event.target.checked ? '1' : undefined })}>
          {t('key_metrics')}
        </Checkbox>
      </div>
      {metrics.isPending ? (
        <Skeleton shape="table" rows={10} />
      ) : metrics.isError ? (
        <ErrorState error={metrics.error} retry={() => void metrics.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState icon={<LineChartOutlined />} title={t(all.length ? 'common:list.none' : 'metrics_empty')} hint={t(all.length ? 'common:list.none_hint' : 'metrics_empty_hint')} />
      ) : (
        <Rows rows={rows} />
      )}
    </>
  );
}
