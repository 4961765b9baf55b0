import { LockOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { verdictOf } from '@/areas/rulebook/words';
import { useFormat } from '@/format/use-format';
import { VerdictPill } from '@/parts/pill';
import { GroupsTile } from './groups-tile';
import { ListTile } from './list-tile';
import { MetricChart, SeriesChart } from './metric-chart';
import type { DashboardTile, MetricRow } from './metric-types';
import { MetricPill, useChange, useMetricValue } from './metric-words';

/** Points from which a line says something. */
const LINE_FROM = 2;

function Value({ metric, title }: { metric: MetricRow; title: string }) {
  const value = useMetricValue();
  const change = useChange()(metric);
  return (
    <div className="row">
      <Link to={`/insight/metrics/${metric.id}`} className="tile-value" title={value(metric.unit, metric.value)} aria-label={`${title} ${value(metric.unit, metric.value, true)}`}>
        {value(metric.unit, metric.value, true)}
      </Link>
      <MetricPill state={metric.state} limits={Boolean(metric.limits)} />
      {change && <span className={`small ${change.tone}`}>{change.said}</span>}
    </div>
  );
}

function MetricTile({ tile, metric }: { tile: DashboardTile; metric: MetricRow }) {
  const { t } = useTranslation('metrics');
  const bars = tile.shows !== 'line' && metric.series.some((one) => typeof one.value === 'number');
  const lined = !bars && tile.points.filter((point) => typeof point.value === 'number').length >= LINE_FROM;
  return (
    <>
      {!bars && !lined && <h2>{tile.title}</h2>}
      {bars && <SeriesChart metric={metric} title={tile.title} />}
      {lined && <MetricChart metric={metric} title={tile.title} points={tile.points} height={150} />}
      <Value metric={metric} title={tile.title} />
      {!bars && !lined && <p className="small quiet">{t(metric.connected ? 'no_course' : 'not_connected')}</p>}
    </>
  );
}

function GaugeTile({ tile, metric }: { tile: DashboardTile; metric: MetricRow }) {
  const { t } = useTranslation('metrics');
  const format = useFormat();
  const value = useMetricValue();
  const share = Math.max(0, Math.min(100, tile.attainment ?? 0));
  const said = t('gauge_says', { value: value(metric.unit, metric.value), target: value(metric.unit, tile.target) });
  return (
    <>
      <h2>{tile.title}</h2>
      <Value metric={metric} title={tile.title} />
      <div className="gauge" role="meter" aria-label={tile.title} aria-valuenow={share} aria-valuemin={0} aria-valuemax={100} aria-valuetext={said}>
        <i style={{ width: `${share}%` }} />
      </div>
      <p className="small quiet">
        {said}
        {typeof tile.attainment === 'number' && ` · ${t('attained', { share: format.number(tile.attainment, 0) })}`}
      </p>
    </>
  );
}

function ClausesTile({ tile }: { tile: DashboardTile }) {
  return (
    <>
      <h2>{tile.title}</h2>
      <ul className="plain-list">
        {tile.clauses.map((clause) => (
          <li key={clause.id} className="row">
            <Link to={`/rulebook/clauses/${clause.id}`} className="nowrap">
              {clause.id}
            </Link>
            <span className="grow anywhere">{clause.title}</span>
            <VerdictPill verdict={verdictOf(clause.status as never)} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** One tile of a dashboard, by its kind. */
export function Tile({ tile }: { tile: DashboardTile }) {
  const { t } = useTranslation('metrics');
  if (tile.hidden) {
    return (
      <>
        <h2>{tile.title}</h2>
        <p className="quiet">
          <LockOutlined aria-hidden="true" /> {t('tile_hidden')}
        </p>
      </>
    );
  }
  if (tile.kind === 'gauge' && tile.metric) return <GaugeTile tile={tile} metric={tile.metric} />;
  if (tile.metric) return <MetricTile tile={tile} metric={tile.metric} />;
  if (tile.groups) return <GroupsTile tile={tile} groups={tile.groups} />;
  if (tile.list) return <ListTile tile={tile} list={tile.list} />;
  if (tile.kind === 'clauses') return <ClausesTile tile={tile} />;
  return (
    <>
      {tile.title && <h2>{tile.title}</h2>}
      <p className="tile-text">{tile.text}</p>
    </>
  );
}
