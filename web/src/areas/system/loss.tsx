import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { api, client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Loss, BackupRun } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Copy } from '@/parts/copy';
import { UserSelect } from '@/parts/fields';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState, ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Facts } from '@/patterns/record/record';
import { Wizard } from '@/patterns/wizard/wizard';
import { useMay, useSession } from '@/session/session';
import { useAuditWords } from './audit-words';
import { LossPill, Note } from './backup-words';
import { LossReport } from './loss-report';
import './system.css';

const LOSSES = '/api/v1/system/losses';
/** How often a running restore is asked how far it is. */
const POLL_MS = 1_500;
/** Backups to choose from; older ones are on the page of backups. */
const OFFERED = 30;

function Preview({ runId }: { runId: string }) {
  const { t } = useTranslation('backups');
  const format = useFormat();
  const words = useAuditWords();
  const preview = api.useQuery('get', '/api/v1/system/loss-preview', { params: { query: { run_id: runId } } });
  if (preview.isPending) return <Skeleton shape="table" rows={5} />;
  if (preview.isError) return <ProblemNote error={preview.error} />;
  const { data } = preview;
  const difference = (now: number, then: number) => (then === now ? t('loss.same') : t(then > now ? 'loss.comes_back' : 'loss.is_lost', { count: format.number(Math.abs(then - now)) }));
  return (
    <>
      <h2>{t('loss.compare')}</h2>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table is scrolled by keyboard too */}
      <div className="system-table" tabIndex={0} role="region" aria-label={t('loss.compare')}>
        <table className="conflict-table">
          <thead>
            <tr>
              <th scope="col">{t('loss.records')}</th>
              <th scope="col">{t('loss.now')}</th>
              <th scope="col">{t('loss.then')}</th>
              <th scope="col">{t('loss.difference')}</th>
            </tr>
          </thead>
          <tbody>
            {data.kinds.map((kind) => (
              <tr key={kind.kind}>
                <th scope="row">{t(`kind.${kind.kind}`)}</th>
                <td>{format.number(kind.now)}</td>
                <td>{format.number(kind.then)}</td>
                <td className={kind.then === kind.now ? 'quiet' : kind.then > kind.now ? 'good' : 'bad'}>{difference(kind.now, kind.then)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2>{t('loss.acts', { count: data.changes })}</h2>
      {data.acts.length === 0 ? (
        <p className="quiet">{t('loss.no_acts')}</p>
      ) : (
        <ul className="plain-list">
          {data.acts.map((act) => (
            <li key={act.noun + act.action}>
              {words({ noun: act.noun, action: act.action, row_count: 1 })} <span className="quiet">× {format.number(act.count)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function BackupStep({ loss, chosen, onChoose }: { loss: Loss; chosen: string | undefined; onChoose: (id: string) => void }) {
  const { t } = useTranslation('backups');
  const format = useFormat();
  const runs = api.useQuery('get', '/api/v1/system/backups', { params: { query: { page_size: OFFERED } } });
  if (runs.isPending) return <Skeleton shape="table" rows={4} />;
  if (runs.isError) return <ErrorState error={runs.error} retry={() => void runs.refetch()} />;
  const sound = runs.data.items.filter((run: BackupRun) => run.state === 'done' && run.verified);
  if (sound.length === 0) return <EmptyState title={t('loss.no_backup')} hint={t('loss.no_backup_hint')} />;
  const lost = (run: BackupRun) => format.duration(Math.max(0, Date.parse(loss.noticed_at) - Date.parse(run.taken_at)));
  return (
    <>
      <p>{t('loss.choose')}</p>
      <Radio.Group value={chosen ?? null} onChange={(event) => onChoose(String(event.target.value))} aria-label={t('loss.choose')}>
        <div className="stack">
          {sound.map((run) => (
            <Radio key={run.id} value={run.id}>
              <DateTime at={run.taken_at} short time /> <span className="quiet small">{t('loss.lost_since', { span: lost(run), rows: format.number(run.row_count ?? 0) })}</span>
            </Radio>
          ))}
        </div>
      </Radio.Group>
      {chosen && <Preview runId={chosen} />}
    </>
  );
}

function Restored({ loss }: { loss: Loss }) {
  const { t } = useTranslation('backups');
  const format = useFormat();
  const { restored } = loss;
  if (loss.state === 'restoring') return <Note tone="info" title={t('loss.restoring')}>{t('loss.restoring_hint')}</Note>;
  if (!restored) return null;
  const { result } = restored;
  const sound = result.differences.length === 0;
  return (
    <>
      <Note tone={sound ? 'good' : 'bad'} title={t(sound ? 'loss.all_back' : 'loss.not_all_back')}>{sound ? t('loss.beside') : result.differences.join(', ')}</Note>
      <Facts
        facts={[
          { id: 'of', label: t('of_backup'), value: <DateTime at={loss.taken_at} time /> },
          { id: 'rows', label: t('rows'), value: format.number(result.rows) },
          { id: 'files', label: t('files'), value: format.number(result.files) },
          { id: 'took', label: t('rto'), value: format.duration(result.took_ms) },
          { id: 'dir', label: t('loss.dir'), value: <code className="anywhere">{result.dir}</code> },
          { id: 'database', label: t('loss.database'), value: restored.database && <code className="anywhere">{restored.database}</code> },
        ]}
      />
      <h2>{t('loss.switch')}</h2>
      <p>{t('loss.switch_hint')}</p>
      <div className="row">
        <code className="anywhere">{restored.command}</code>
        <Copy text={restored.command} />
      </div>
      {!result.master_key && <Note tone="warn" title={t('loss.no_master_key')} />}
    </>
  );
}

function RestoreStep({ loss, chosen }: { loss: Loss; chosen: string | undefined }) {
  const { t } = useTranslation('backups');
  const { failed } = useNotice();
  const restore = useMutation({
    mutationFn: async () => client.POST('/api/v1/system/losses/{id}/restore', { params: { path: { id: loss.id }, header: ifMatch(loss) }, body: { run_id: chosen ?? '' } }),
    onSuccess: () => refresh(LOSSES),
    onError: failed,
  });
  const again = loss.restored && loss.run_id === chosen;
  return (
    <>
      {loss.problem && loss.state === 'open' && <Note tone="bad" title={loss.problem.text} />}
      {loss.state !== 'restoring' && !again && (
        <>
          <p>{t('loss.restore_what')}</p>
          <div className="row">
            <Button type="primary" loading={restore.isPending} onClick={() => restore.mutate()}>
              {t('loss.restore')}
            </Button>
          </div>
        </>
      )}
      <Restored loss={loss} />
    </>
  );
}

function ReportStep({ loss }: { loss: Loss }) {
  const { t } = useTranslation('backups');
  const { done } = useNotice();
  const usual = api.useQuery('get', '/api/v1/system/loss-superior');
  const send = useMutation({
    mutationFn: async (body: { superior_id?: string; findings: string }) =>
      client.POST('/api/v1/system/losses/{id}/report', { params: { path: { id: loss.id }, header: ifMatch(loss) }, body: { superior_id: body.superior_id ?? null, findings: body.findings } }),
    onSuccess: async () => {
      done(t('loss.reported'));
      await refresh(LOSSES);
    },
  });
  if (usual.isPending) return <Skeleton shape="record" />;
  const known = usual.data?.user_id && usual.data.name ? { id: usual.data.user_id, name: usual.data.name } : undefined;
  return (
    <>
      <p>{t('loss.report_hint')}</p>
      <LossReport loss={loss} />
      <Form layout="vertical" requiredMark={false} initialValues={{ superior_id: known?.id }} onFinish={(values: { superior_id?: string; findings: string }) => send.mutate(values)}>
        <Form.Item name="superior_id" label={t('loss.superior')} extra={known ? t('loss.superior_usual') : undefined} rules={[{ required: true, message: t('loss.superior_needed') }]}>
          <UserSelect known={known} />
        </Form.Item>
        <Form.Item name="findings" label={t('loss.findings')} rules={[{ required: true, whitespace: true, min: 5, message: t('loss.findings_needed') }]}>
          <Input.TextArea rows={5} maxLength={2_000} placeholder={t('loss.findings_example')} />
        </Form.Item>
        <div className="stack">
          <ProblemNote error={send.error} />
          <div className="row">
            <Button type="primary" htmlType="submit" loading={send.isPending}>
              {t('loss.report')}
            </Button>
          </div>
        </div>
      </Form>
    </>
  );
}

function Acknowledge({ loss }: { loss: Loss }) {
  const { t } = useTranslation('backups');
  const { done } = useNotice();
  const act = useMutation({
    mutationFn: async ({ note }: { note?: string }) => client.POST('/api/v1/system/losses/{id}/acknowledge', { params: { path: { id: loss.id } }, body: { note: note?.trim() || null } }),
    onSuccess: async () => {
      done(t('loss.acknowledged'));
      await refresh('/api/v1/');
    },
  });
  return (
    <section className="card stack" aria-labelledby="acknowledge">
      <h2 id="acknowledge">{t('loss.acknowledge')}</h2>
      <Form layout="vertical" requiredMark={false} onFinish={(values: { note?: string }) => act.mutate(values)}>
        <Form.Item name="note" label={t('loss.note')}>
          <Input.TextArea rows={3} maxLength={1_000} />
        </Form.Item>
        <div className="stack">
          <ProblemNote error={act.error} />
          <div className="row">
            <Button type="primary" htmlType="submit" loading={act.isPending}>
              {t('loss.acknowledge')}
            </Button>
          </div>
        </div>
      </Form>
    </section>
  );
}

function Steps({ loss }: { loss: Loss }) {
  const { t } = useTranslation('backups');
  const [chosen, setChosen] = useChosen(loss);
  return (
    <Wizard
      steps={[
        {
          id: 'notice',
          label: t('loss.step_notice'),
          content: (
            <Facts
              facts={[
                { id: 'what', label: t('loss.what'), value: loss.what },
                { id: 'cause', label: t('loss.cause'), value: loss.cause },
                { id: 'at', label: t('loss.noticed_at'), value: <DateTime at={loss.noticed_at} time /> },
                { id: 'by', label: t('loss.noticed_by'), value: loss.noticed_by },
                { id: 'opened', label: t('loss.opened_by'), value: loss.created_by_name },
              ]}
            />
          ),
        },
        { id: 'backup', label: t('loss.step_backup'), content: <BackupStep loss={loss} chosen={chosen} onChoose={setChosen} />, why: chosen ? undefined : t('loss.choose_first') },
        {
          id: 'restore',
          label: t('loss.step_restore'),
          content: <RestoreStep loss={loss} chosen={chosen} />,
          why: loss.state === 'restored' ? undefined : t('loss.restore_first'),
        },
        { id: 'report', label: t('loss.step_report'), content: <ReportStep loss={loss} /> },
      ]}
    />
  );
}

/** The chosen backup stands in the address; what was restored is the choice until another is made. */
function useChosen(loss: Loss): [string | undefined, (id: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = (id: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.set('backup', id);
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  return [params.get('backup') ?? loss.run_id ?? undefined, set];
}

/** One loss of data (数据丢失处置): from the notice over the restore to the acknowledged report. */
export function LossPage() {
  const { t } = useTranslation('backups');
  const { id = '' } = useParams();
  const { session } = useSession();
  const may = useMay()('system.loss.manage');
  const found = api.useQuery('get', '/api/v1/system/losses/{id}', { params: { path: { id } } }, { refetchInterval: (query) => ((query.state.data as Loss | undefined)?.state === 'restoring' ? POLL_MS : false) });
  if (found.isPending) return <Skeleton shape="record" />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const loss = found.data;
  const sent = loss.state === 'reported' || loss.state === 'acknowledged';
  const mine = loss.state === 'reported' && loss.superior_id === session?.user.id;
  const crumbs = may ? [{ label: t('title'), to: '/system/backups' }, { label: t('loss.title'), to: '/system/losses' }] : [{ label: t('loss.title') }];
  return (
    <>
      <PageHead title={t('loss.one')} crumbs={crumbs} state={<LossPill state={loss.state} />} sub={<span className="anywhere">{loss.what}</span>} />
      {sent || !may ? (
        <div className="stack">
          <section className="card stack" aria-labelledby="report">
            <h2 id="report">{t('loss.the_report')}</h2>
            <LossReport loss={loss} />
          </section>
          {mine && <Acknowledge loss={loss} />}
        </div>
      ) : (
        <Steps loss={loss} />
      )}
    </>
  );
}
