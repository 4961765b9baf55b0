import { CloudServerOutlined } from '@ant-design/icons';
import { Button, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { BackupRun, BackupStanding, RestoreTest } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { type Tile, Tiles } from '@/patterns/board/board';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { baseName, Note, RunPill, there } from './backup-words';

const ROOT = '/api/v1/system/';
/** How often the page asks while something is under way, and otherwise. */
const BUSY_MS = 1_500;
const IDLE_MS = 60_000;

const HOUR_MS = 3_600_000;

function moving(standing: BackupStanding | undefined): boolean {
  return Boolean(standing?.taking || standing?.verifying || standing?.testing);
}

function useTiles(standing: BackupStanding): Tile[] {
  const { t } = useTranslation('backups');
  const format = useFormat();
  const { policy } = standing;
  const slow = there(standing.restore_ms) && standing.restore_ms > policy.rto_hours * HOUR_MS;
  const risky = !there(standing.at_risk_ms) || standing.at_risk_ms > policy.rpo_hours * HOUR_MS;
  const test = standing.last_test;
  return [
    {
      id: 'newest',
      label: t('newest'),
      value: standing.newest ? format.relative(standing.newest.taken_at) : t('none_yet'),
      note: standing.fresh ? t('verified_at', { at: format.date(standing.newest?.taken_at ?? '', { short: true, time: true }) }) : t('too_old', { hours: policy.max_age_hours }),
      tone: standing.fresh ? 'good' : 'bad',
      to: standing.newest ? `/system/backups?peek=${standing.newest.id}` : '/system/backups',
    },
    {
      id: 'rpo',
      label: t('rpo'),
      value: !there(standing.at_risk_ms) ? t('everything') : format.duration(standing.at_risk_ms),
      note: t('rpo_target', { hours: policy.rpo_hours }),
      tone: risky ? 'warn' : 'good',
      to: '/rulebook/parameters/backup.rpo_hours',
      meaning: t('rpo_meaning'),
    },
    {
      id: 'rto',
      label: t('rto'),
      value: !there(standing.restore_ms) ? t('not_measured') : format.duration(standing.restore_ms),
      note: t('rto_target', { hours: policy.rto_hours }),
      tone: !there(standing.restore_ms) || slow ? 'warn' : 'good',
      to: '/system/backups?tab=tests',
      meaning: t('rto_meaning'),
    },
    {
      id: 'test',
      label: t('last_test'),
      value: test ? format.relative(test.at) : t('none_yet'),
      note: test ? t(test.passed ? 'passed' : 'not_passed') : t('test_follows'),
      tone: test?.passed ? 'good' : test ? 'bad' : 'warn',
      to: '/system/backups?tab=tests',
    },
  ];
}

function useAsk(said: string) {
  const { done, failed } = useNotice();
  return {
    onSuccess: async () => {
      done(said);
      await refresh(ROOT);
    },
    onError: failed,
  };
}

function Plan({ standing }: { standing: BackupStanding }) {
  const { t } = useTranslation('backups');
  const { policy } = standing;
  return (
    <section className="card stack" aria-labelledby="backup-plan">
      <h2 id="backup-plan">{t('plan')}</h2>
      <Facts
        facts={[
          { id: 'plan', label: t('schedule'), value: t(policy.every_hours === 24 ? 'nightly' : 'every', { hour: policy.at_hour, hours: policy.every_hours }) },
          { id: 'next', label: t('next'), value: <DateTime at={standing.next_at} short time /> },
          { id: 'keep', label: t('keep'), value: t('keep_is', { daily: policy.keep_daily, weekly: policy.keep_weekly, monthly: policy.keep_monthly }) },
          { id: 'test', label: t('next_test'), value: standing.next_test_at ? <DateTime at={standing.next_test_at} short /> : t('test_follows') },
          { id: 'folder', label: t('folder'), value: <code className="anywhere">{standing.folder}</code> },
          { id: 'key', label: t('key_file'), value: <code className="anywhere">{standing.key_file}</code> },
          { id: 'name', label: t('key_name'), value: standing.key_name && <code className="anywhere">{standing.key_name}</code> },
          { id: 'change', label: t('change'), value: <Link to="/rulebook/parameters/backup.at_hour">{t('change_where')}</Link> },
        ]}
      />
      <Note tone="warn" title={t('key_notice')}>{t('key_hint')}</Note>
    </section>
  );
}

function RunFacts({ run }: { run: BackupRun }) {
  const { t } = useTranslation('backups');
  const format = useFormat();
  const may = useMay()('system.backup.manage');
  const verify = api.useMutation('post', '/api/v1/system/backups/{id}/verify', useAsk(t('verify_begun')));
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'state', label: t('state'), value: <RunPill run={run} /> },
          { id: 'taken', label: t('taken_at'), value: <DateTime at={run.taken_at} time /> },
          { id: 'by', label: t('begun_by'), value: t(`by.${run.begun_by}`) },
          { id: 'took', label: t('took'), value: format.duration(run.took_ms) },
          { id: 'rows', label: t('rows'), value: there(run.row_count) ? format.number(run.row_count) : null },
          { id: 'files', label: t('files'), value: there(run.file_count) ? format.number(run.file_count) : null },
          { id: 'size', label: t('size'), value: there(run.size_bytes) ? format.bytes(run.size_bytes) : null },
          { id: 'verified', label: t('last_verified'), value: run.verified_at && <DateTime at={run.verified_at} time /> },
          { id: 'master', label: t('master_key'), value: t(run.master_key ? 'master_inside' : 'master_outside') },
          { id: 'file', label: t('file'), value: run.file && <code className="anywhere">{run.file}</code> },
          { id: 'sha', label: 'SHA-256', value: run.sha256 && <code className="anywhere">{run.sha256}</code> },
          { id: 'gone', label: t('removed_at'), value: run.removed_at && <DateTime at={run.removed_at} time /> },
        ]}
      />
      {run.problem && <Note tone="bad" title={run.problem.text} />}
      {may && run.state === 'done' && (
        <div className="row">
          <Button loading={verify.isPending} onClick={() => verify.mutate({ params: { path: { id: run.id } } })}>
            {t('verify')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Runs() {
  const { t } = useTranslation('backups');
  const format = useFormat();
  const spec: ListSpec<'/api/v1/system/backups'> = {
    id: 'backups',
    path: '/api/v1/system/backups',
    rowKey: (run) => run.id,
    rowName: (run) => format.date(run.taken_at, { short: true, time: true }),
    peek: (run) => <RunFacts run={run} />,
    columns: [
      { id: 'taken', label: t('taken_at'), title: true, cell: (run) => <DateTime at={run.taken_at} short time /> },
      { id: 'state', label: t('state'), cell: (run) => <RunPill run={run} /> },
      { id: 'rows', label: t('rows'), figure: true, cell: (run) => (!there(run.row_count) ? <Nothing /> : format.number(run.row_count)) },
      { id: 'size', label: t('size'), figure: true, cell: (run) => (!there(run.size_bytes) ? <Nothing /> : format.bytes(run.size_bytes)) },
      { id: 'took', label: t('took'), wide: true, cell: (run) => format.duration(run.took_ms) },
      { id: 'by', label: t('begun_by'), wide: true, cell: (run) => t(`by.${run.begun_by}`) },
      { id: 'file', label: t('file'), wide: true, cell: (run) => (run.file ? <span className="anywhere">{baseName(run.file)}</span> : <Nothing />) },
    ],
    empty: <EmptyState icon={<CloudServerOutlined />} title={t('empty')} hint={t('empty_hint')} />,
  };
  return <List spec={spec} label={t('backups')} />;
}

function TestResult({ test }: { test: RestoreTest }) {
  const { t } = useTranslation('backups');
  return <StatePill tone={test.passed ? 'good' : 'bad'}>{t(test.passed ? 'passed' : 'not_passed')}</StatePill>;
}

function Tests() {
  const { t } = useTranslation('backups');
  const format = useFormat();
  const spec: ListSpec<'/api/v1/system/restore-tests'> = {
    id: 'restore-tests',
    path: '/api/v1/system/restore-tests',
    rowKey: (test) => test.id,
    rowName: (test) => format.date(test.at, { short: true, time: true }),
    peek: (test) => (
      <div className="stack">
        <Facts
          facts={[
            { id: 'result', label: t('result'), value: <TestResult test={test} /> },
            { id: 'at', label: t('tested_at'), value: <DateTime at={test.at} time /> },
            { id: 'of', label: t('of_backup'), value: <DateTime at={test.taken_at} time /> },
            { id: 'took', label: t('rto'), value: format.duration(test.took_ms) },
            { id: 'rows', label: t('rows'), value: there(test.row_count) ? format.number(test.row_count) : null },
            { id: 'files', label: t('files'), value: there(test.file_count) ? format.number(test.file_count) : null },
            { id: 'different', label: t('different'), value: test.differences.length > 0 ? <span className="anywhere">{test.differences.join(', ')}</span> : t('none_different') },
          ]}
        />
        {test.problem && <Note tone="bad" title={test.problem.text} />}
      </div>
    ),
    columns: [
      { id: 'at', label: t('tested_at'), title: true, cell: (test) => <DateTime at={test.at} short time /> },
      { id: 'result', label: t('result'), cell: (test) => <TestResult test={test} /> },
      { id: 'took', label: t('rto'), cell: (test) => format.duration(test.took_ms) },
      { id: 'rows', label: t('rows'), figure: true, cell: (test) => (!there(test.row_count) ? <Nothing /> : format.number(test.row_count)) },
      { id: 'of', label: t('of_backup'), wide: true, cell: (test) => <DateTime at={test.taken_at} short time /> },
      { id: 'by', label: t('begun_by'), wide: true, cell: (test) => t(`by.${test.begun_by}`) },
    ],
    empty: <EmptyState title={t('tests_empty')} hint={t('tests_empty_hint')} />,
  };
  return <List spec={spec} label={t('tests')} />;
}

function Lists() {
  const { t } = useTranslation('backups');
  const [params, setParams] = useSearchParams();
  const tab = params.get('tab') === 'tests' ? 'tests' : 'backups';
  return (
    <Tabs
      activeKey={tab}
      destroyOnHidden
      onChange={(next) => setParams(next === 'tests' ? { tab: 'tests' } : {})}
      items={[
        { key: 'backups', label: t('backups'), children: <Runs /> },
        { key: 'tests', label: t('tests'), children: <Tests /> },
      ]}
    />
  );
}

/** Backups (备份): the last good one, what is at risk, how long a restore takes, and where the key is. */
export function Backups() {
  const { t } = useTranslation('backups');
  const may = useMay();
  const standing = api.useQuery('get', '/api/v1/system/backup-standing', {}, { refetchInterval: (query) => (moving(query.state.data as BackupStanding | undefined) ? BUSY_MS : IDLE_MS) });
  const take = api.useMutation('post', '/api/v1/system/backups', useAsk(t('take_begun')));
  const test = api.useMutation('post', '/api/v1/system/restore-tests', useAsk(t('test_begun')));
  if (standing.isPending) return <Skeleton shape="record" />;
  if (standing.isError) return <ErrorState error={standing.error} retry={() => void standing.refetch()} />;
  const { data } = standing;
  const work = data.taking ? t('taking') : data.verifying ? t('verifying') : data.testing ? t('testing') : undefined;
  return (
    <>
      <PageHead
        title={t('title')}
        sub={t('sub')}
        state={work && <StatePill tone="info">{work}</StatePill>}
        actions={
          <>
            {may('system.loss.manage') && (
              <Link to="/system/losses">
                <Button>{t('data_lost')}</Button>
              </Link>
            )}
            {may('system.backup.manage') && (
              <>
                <Button loading={test.isPending || data.testing} disabled={!data.newest} onClick={() => test.mutate({})}>
                  {t('test_now')}
                </Button>
                <Button type="primary" loading={take.isPending || data.taking} onClick={() => take.mutate({ body: {} })}>
                  {t('take_now')}
                </Button>
              </>
            )}
          </>
        }
      />
      <div className="stack">
        <Standings standing={data} />
        <Lists key={String(moving(data))} />
        <Plan standing={data} />
      </div>
    </>
  );
}

function Standings({ standing }: { standing: BackupStanding }) {
  return <Tiles tiles={useTiles(standing)} />;
}
