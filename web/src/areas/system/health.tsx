import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { PageHead } from '@/parts/head';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { type Tile, Tiles } from '@/patterns/board/board';
import { Facts } from '@/patterns/record/record';

/** Failed work that is counted at most; more is said as "more than". */
const COUNTED = 200;

function useTiles(): Tile[] {
  const { t } = useTranslation('operations');
  const count = (state: 'failed' | 'running' | 'waiting') => ({ params: { query: { state, page_size: COUNTED } } });
  const failed = api.useQuery('get', '/api/v1/system/jobs', count('failed'), { refetchInterval: 30_000 });
  const waiting = api.useQuery('get', '/api/v1/system/jobs', count('waiting'), { refetchInterval: 30_000 });
  const running = api.useQuery('get', '/api/v1/system/jobs', count('running'), { refetchInterval: 30_000 });
  const said = (query: typeof failed) => (query.data ? `${query.data.items.length}${query.data.next_cursor ? '+' : ''}` : '…');
  const broken = failed.data?.items.length ?? 0;
  return [
    { id: 'failed', label: t('job_state.failed'), value: said(failed), note: broken ? t('look_at_them') : t('all_well'), tone: broken ? 'bad' : 'good', to: '/system/jobs?state=failed' },
    { id: 'running', label: t('job_state.running'), value: said(running), note: t('jobs'), to: '/system/jobs?state=running' },
    { id: 'waiting', label: t('job_state.waiting'), value: said(waiting), note: t('jobs'), to: '/system/jobs?state=waiting' },
  ];
}

const MINUTES = '/api/v1/system/service-minutes';

/** What the product measured of itself in the last minute. */
function Figures() {
  const { t } = useTranslation('operations');
  const minutes = api.useQuery('get', MINUTES, { params: { query: { page_size: 1 } } }, { refetchInterval: 60_000 });
  const uptime = api.useQuery('get', '/api/v1/rulebook/metrics/{metric}', { params: { path: { metric: 'service.uptime_30d' } } });
  const last = minutes.data?.items[0];
  const percent = (value: number | null | undefined) => (typeof value === 'number' ? `${Math.round(value * 100) / 100}%` : undefined);
  return (
    <section className="card stack" aria-labelledby="figures">
      <h2 id="figures">{t('figures')}</h2>
      {minutes.isPending ? (
        <Skeleton rows={3} />
      ) : minutes.isError ? (
        <ErrorState error={minutes.error} retry={() => void minutes.refetch()} />
      ) : !last ? (
        <p className="quiet">{t('figures_none')}</p>
      ) : (
        <Facts
          facts={[
            { id: 'uptime', label: t('uptime'), value: percent(uptime.data?.value) && <Link to="/insight/metrics/service.uptime_30d">{percent(uptime.data?.value)}</Link> },
            { id: 'p95', label: t('p95'), value: typeof last.p95_ms === 'number' && t('ms', { value: last.p95_ms }) },
            { id: 'errors', label: t('error_rate'), value: last.requests > 0 && percent((100 * last.errors) / last.requests) },
            { id: 'backlog', label: t('backlog'), value: last.backlog },
            { id: 'disk', label: t('disk_free'), value: percent(last.disk_free) },
            { id: 'version_days', label: t('version_since'), value: t('days', { count: last.version_days }) },
            { id: 'certificate', label: t('certificate_left'), value: typeof last.certificate_days === 'number' && t('days', { count: last.certificate_days }) },
            { id: 'at', label: t('measured_at'), value: <DateTime at={last.at} relative /> },
          ]}
        />
      )}
    </section>
  );
}

/** What runs here (系统状态): version, database, and whether background work gets done. */
export function Health() {
  const { t } = useTranslation('operations');
  const info = api.useQuery('get', '/api/v1/system/info');
  const schedules = api.useQuery('get', '/api/v1/system/schedules');
  const tiles = useTiles();
  if (info.isPending) return <Skeleton shape="record" />;
  if (info.isError) return <ErrorState error={info.error} retry={() => void info.refetch()} />;
  const { data } = info;
  const database = data.database.toLowerCase().startsWith('p') ? 'PostgreSQL' : 'SQLite';
  const last = (schedules.data?.items ?? []).map((row) => row.last_run_at).filter((at): at is string => Boolean(at)).sort().at(-1);
  return (
    <>
      <PageHead title={t('health')} sub={t('health_sub')} />
      <div className="stack">
        <Tiles tiles={tiles} />
        <Figures />
        <section className="card stack" aria-labelledby="runs-here">
          <h2 id="runs-here">{t('runs_here')}</h2>
          <Facts
            facts={[
              { id: 'version', label: t('version'), value: data.version },
              { id: 'database', label: t('database'), value: database },
              { id: 'zone', label: t('time_zone'), value: data.time_zone },
              { id: 'public', label: t('public_url'), value: data.public_url && <span className="anywhere">{data.public_url}</span> },
              { id: 'mail', label: t('mail_goes'), value: data.mail_drop ? <Link to="/system/mail-drop">{t('mail_stays')}</Link> : t('mail_leaves') },
              { id: 'sample', label: t('data_is'), value: <StatePill tone={data.sample ? 'info' : 'good'}>{t(data.sample ? 'data_sample' : 'data_own')}</StatePill> },
              { id: 'clock', label: t('last_schedule'), value: last && <DateTime at={last} relative /> },
            ]}
          />
        </section>
      </div>
    </>
  );
}
