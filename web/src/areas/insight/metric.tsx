import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { EvidenceRows } from '@/areas/rulebook/evidence-rows';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { type Fact, Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { METRIC_MEASURE, useMeasure, useMetric } from './metric-api';
import { MetricChart, SeriesChart } from './metric-chart';
import type { MetricDetail, MetricLimit } from './metric-types';
import { MetricPill, useChange, useLimit, useMetricValue } from './metric-words';
import { Replay } from './replay';
import './insight.css';

/** One limit; where a policy parameter says it, that is where it is changed. */
function Limit({ metric, limit }: { metric: MetricDetail; limit: MetricLimit }) {
  const said = useLimit()(metric.unit, limit);
  return limit.parameter ? (
    <Link className="underlined" to={`/rulebook/parameters/${limit.parameter}`}>
      {said}
    </Link>
  ) : (
    said
  );
}

function useFacts(metric: MetricDetail): Fact[] {
  const { t } = useTranslation('metrics');
  const value = useMetricValue();
  const change = useChange()(metric);
  const { near, over, for_samples, clears_by } = metric.limits ?? {};
  return [
    { id: 'value', label: t('value'), value: <strong>{value(metric.unit, metric.value)}</strong>, masked: metric.sight === 'none' },
    { id: 'change', label: t('change'), value: change && <span className={change.tone}>{change.said}</span> },
    { id: 'rows', label: t('row_count'), value: metric.row_count },
    { id: 'near', label: t('state.near'), value: near && <Limit metric={metric} limit={near} /> },
    { id: 'over', label: t('state.over'), value: over && <Limit metric={metric} limit={over} /> },
    ...(metric.limits ? [{ id: 'how', label: t('alert_rule'), value: t('alert_rule_says', { count: for_samples ?? 1, by: value(metric.unit, clears_by ?? 0) }) }] : []),
    { id: 'measured', label: t('measured'), value: <DateTime at={metric.measured_at} time /> },
    { id: 'every', label: t('every_is'), value: t(`every.${metric.every}`) },
    { id: 'since', label: t('since'), value: metric.changed_at && <DateTime at={metric.changed_at} time /> },
    ...(metric.alert ? [{ id: 'alert', label: t('alert'), value: <Link to={`/records/${metric.alert.type_id}/${metric.alert.id}`}>{t('alert_open')}</Link> }] : []),
    {
      id: 'clauses',
      label: t('clauses'),
      value: metric.clauses.length ? metric.clauses.map((id) => (
        <Link key={id} to={`/rulebook/clauses/${id}`} className="metric-clause">
          {id}
        </Link>
      )) : undefined,
    },
  ];
}

function Course({ metric }: { metric: MetricDetail }) {
  const { t } = useTranslation('metrics');
  if (metric.sight === 'none') return <EmptyState title={t('not_for_you')} hint={t('not_for_you_hint')} />;
  const measured = metric.samples.some((one) => typeof one.value === 'number');
  const parts = metric.series.some((one) => typeof one.value === 'number');
  if (!measured && !parts) return <EmptyState title={t('no_samples')} hint={t('no_samples_hint')} />;
  return (
    <div className="stack">
      {metric.sight === 'part' && <p className="quiet small">{t('part_only')}</p>}
      {measured && (
        <section className="card">
          <MetricChart metric={metric} title={t('trend')} points={metric.samples} />
        </section>
      )}
      {parts && (
        <section className="card">
          <SeriesChart metric={metric} title={t('by_series')} />
        </section>
      )}
    </div>
  );
}

function Definition({ metric }: { metric: MetricDetail }) {
  const { t, i18n } = useTranslation('metrics');
  const facts: Fact[] = [
    ...(metric.view ? [{ id: 'view', label: t('reads'), value: i18n.exists(`evidence:view.${metric.view}`) ? t(`evidence:view.${metric.view}`) : <code className="anywhere">{metric.view}</code> }] : []),
    { id: 'definition', label: t(metric.view ? 'rows_are' : 'formula'), value: metric.definition && <code className="anywhere">{metric.definition}</code> },
    ...(metric.counted ? [{ id: 'counted', label: t('counted'), value: <code className="anywhere">{metric.counted}</code> }] : []),
    { id: 'version', label: t('version'), value: metric.version },
  ];
  return (
    <section className="card stack metric-definition" aria-label={t('definition')}>
      <dl className="facts">
        {facts.map((fact) => (
          <div key={fact.id}>
            <dt>{fact.label}</dt>
            <dd>{fact.value || '–'}</dd>
          </div>
        ))}
      </dl>
      {metric.metrics.length > 0 && (
        <p>
          {t('of_metrics')}
          {metric.metrics.map((id) => (
            <Link key={id} to={`/insight/metrics/${id}`} className="metric-clause data">
              {id}
            </Link>
          ))}
        </p>
      )}
      {metric.parameters.length > 0 && (
        <p>
          {t('of_parameters')}
          {metric.parameters.map((key) => (
            <Link key={key} to={`/rulebook/parameters/${key}`} className="metric-clause data">
              {key}
            </Link>
          ))}
        </p>
      )}
    </section>
  );
}

function Measure({ id }: { id: string }) {
  const { t } = useTranslation('metrics');
  const may = useMay()(METRIC_MEASURE);
  const { done, failed } = useNotice();
  const measure = useMeasure(id);
  return (
    <Act loading={measure.isPending} why={may ? undefined : t('may_not_measure')} onClick={() => measure.mutate(undefined, { onSuccess: () => done(t('measured_now')), onError: failed })}>
      {t('measure_now')}
    </Act>
  );
}

/** One metric (指标): its value and course, its limits, what other limits would have done, the rows behind it. */
export function MetricPage() {
  const { t } = useTranslation('metrics');
  const { id = '' } = useParams();
  const found = useMetric(id);
  if (found.isPending) return <Skeleton shape="record" />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  return <Shown key={id} metric={found.data} crumb={t('metrics')} />;
}

function Shown({ metric, crumb }: { metric: MetricDetail; crumb: string }) {
  const { t } = useTranslation('metrics');
  const facts = useFacts(metric);
  return (
    <Record
      title={metric.title}
      crumbs={[{ label: crumb, to: '/insight/metrics' }]}
      state={<MetricPill state={metric.state} limits={Boolean(metric.limits)} />}
      actions={<Measure id={metric.id} />}
      facts={facts}
      tabs={[
        { id: 'course', label: t('course'), content: <Course metric={metric} /> },
        ...(metric.sight !== 'none' && metric.view ? [{ id: 'rows', label: t('rows'), content: <EvidenceRows path="/api/v1/rulebook/metrics/{metric}/rows" of={{ metric: metric.id }} fallback="all" /> }] : []),
        ...(metric.limits ? [{ id: 'replay', label: t('replay'), content: <Replay metric={metric} /> }] : []),
        { id: 'definition', label: t('definition'), content: <Definition metric={metric} /> },
      ]}
    />
  );
}
