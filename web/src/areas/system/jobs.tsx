import { ClockCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { StatePill, type Tone } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import { Table } from '@/patterns/list/table';
import type { ListSpec, RowOf } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';

type Job = RowOf<'/api/v1/system/jobs'>;

const STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
const TONES: { [state: string]: Tone } = { waiting: 'quiet', running: 'info', done: 'good', failed: 'bad', cancelled: 'quiet' };

/** What a kind of work is called; kinds that nobody named show their code. */
function useKindWords(): (kind: string) => string {
  const { t, i18n } = useTranslation('operations');
  return (kind) => {
    const key = `kind.${kind.replaceAll('.', '_')}`;
    return i18n.exists(`operations:${key}`) ? t(key) : kind;
  };
}

function JobPill({ state }: { state: string }) {
  const { t } = useTranslation('operations');
  return <StatePill tone={TONES[state] ?? 'quiet'}>{t(`job_state.${state}`)}</StatePill>;
}

function JobFacts({ job }: { job: Job }) {
  const { t } = useTranslation('operations');
  const words = useKindWords();
  const { done, failed } = useNotice();
  const may = useMay()('system.job.manage');
  const options = (said: string) => ({
    onSuccess: async () => {
      done(said);
      await refresh('/api/v1/system/jobs');
    },
    onError: failed,
  });
  const retry = api.useMutation('post', '/api/v1/system/jobs/{id}/retry', options(t('job_retried')));
  const cancel = api.useMutation('post', '/api/v1/system/jobs/{id}/cancel', options(t('job_cancelled')));
  const at = { params: { path: { id: job.id } } };
  const state = String(job.state);
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'kind', label: t('job'), value: words(job.kind) },
          { id: 'code', label: t('code'), value: <code className="anywhere">{job.kind}</code> },
          { id: 'state', label: t('state'), value: <JobPill state={state} /> },
          { id: 'attempts', label: t('attempts'), value: t('attempts_of', { attempts: job.attempts, max: job.max_attempts }) },
          { id: 'made', label: t('made'), value: <DateTime at={job.created_at} time /> },
          { id: 'run', label: t('runs_at'), value: <DateTime at={job.run_at} time /> },
          { id: 'ended', label: t('ended'), value: job.finished_at && <DateTime at={job.finished_at} time /> },
          { id: 'error', label: t('last_error'), value: job.last_error && <code className="anywhere">{job.last_error}</code> },
        ]}
      />
      {may && (
        <div className="row">
          {state === 'failed' && (
            <Button type="primary" loading={retry.isPending} onClick={() => retry.mutate(at)}>
              {t('job_retry')}
            </Button>
          )}
          {state === 'waiting' && (
            <Button danger loading={cancel.isPending} onClick={() => cancel.mutate(at)}>
              {t('job_cancel')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function Schedules() {
  const { t } = useTranslation('operations');
  const words = useKindWords();
  const schedules = api.useQuery('get', '/api/v1/system/schedules');
  if (schedules.isPending) return <Skeleton shape="table" rows={4} />;
  if (schedules.isError) return <ErrorState error={schedules.error} retry={() => void schedules.refetch()} />;
  return (
    <section className="card list-card" aria-label={t('schedules')}>
      <h2 className="list-pad">{t('schedules')}</h2>
      <Table
        label={t('schedules')}
        rows={schedules.data.items}
        rowKey={(row) => row.kind}
        rowName={(row) => words(row.kind)}
        linkOf={() => undefined}
        onOpen={() => undefined}
        columns={[
          { id: 'kind', label: t('job'), title: true, cell: (row) => words(row.kind) },
          { id: 'last', label: t('last_run'), cell: (row) => <DateTime at={row.last_run_at} relative /> },
          { id: 'next', label: t('next_run'), cell: (row) => <DateTime at={row.next_run_at} short time /> },
        ]}
      />
    </section>
  );
}

/** Background work (后台任务): what runs, what failed, what runs by the clock. */
export function Jobs() {
  const { t } = useTranslation('operations');
  const words = useKindWords();
  const spec: ListSpec<'/api/v1/system/jobs'> = {
    id: 'jobs',
    path: '/api/v1/system/jobs',
    rowKey: (row) => row.id,
    rowName: (row) => words(row.kind),
    peek: (row) => <JobFacts job={row} />,
    views: (['failed', 'running', 'waiting'] as const).map((state) => ({ id: state, label: t(`job_state.${state}`), params: { state } })),
    filters: [
      { id: 'state', label: t('state'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`job_state.${value}`) })) },
      { id: 'kind', label: t('code'), kind: 'text' },
    ],
    columns: [
      { id: 'kind', label: t('job'), title: true, cell: (row) => words(row.kind) },
      { id: 'state', label: t('state'), cell: (row) => <JobPill state={row.state} /> },
      { id: 'attempts', label: t('attempts'), wide: true, cell: (row) => t('attempts_of', { attempts: row.attempts, max: row.max_attempts }) },
      { id: 'run', label: t('runs_at'), cell: (row) => <DateTime at={row.run_at} short time /> },
      { id: 'ended', label: t('ended'), cell: (row) => <DateTime at={row.finished_at} relative /> },
    ],
    empty: <EmptyState icon={<ClockCircleOutlined />} title={t('jobs_empty')} />,
  };
  return (
    <>
      <PageHead title={t('jobs')} sub={t('jobs_sub')} />
      <div className="stack">
        <Schedules />
        <List spec={spec} label={t('jobs')} />
      </div>
    </>
  );
}
