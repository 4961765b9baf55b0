import { EyeOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Watch } from '@/api/schema';
import { useTypes } from '@/areas/records/api';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { EditWatch, turned } from './watch-form';
import { Fault, OutcomePill, WATCHES, WatchPill } from './watch-words';

const RUNS = `${WATCHES}/{id}/runs` as const;

/** What each look found, newest first. */
function Runs({ id }: { id: string }) {
  const { t } = useTranslation('watches');
  const spec: ListSpec<typeof RUNS> = {
    id: 'watch_runs',
    path: RUNS,
    pathParams: { id },
    rowKey: (run) => run.id,
    rowName: (run) => run.at,
    columns: [
      { id: 'at', label: t('at'), title: true, cell: (run) => <DateTime at={run.at} short time /> },
      { id: 'outcome', label: t('outcome_is'), cell: (run) => <OutcomePill run={run} /> },
      { id: 'status', label: t('status'), figure: true, cell: (run) => run.status ?? <Nothing /> },
      { id: 'latency', label: t('latency'), figure: true, cell: (run) => t('ms', { value: run.latency_ms }) },
      { id: 'found', label: t('found'), figure: true, wide: true, cell: (run) => run.found },
      { id: 'opened', label: t('opened'), figure: true, cell: (run) => run.opened },
      { id: 'why', label: t('why'), cell: (run) => (run.outcome === 'failed' ? <Fault of={run} /> : <Nothing />) },
      { id: 'digest', label: t('digest'), hidden: true, wide: true, cell: (run) => (run.digest ? <code>{run.digest.slice(0, 12)}</code> : <Nothing />) },
    ],
    empty: <EmptyState icon={<EyeOutlined />} title={t('runs_none')} hint={t('runs_none_hint')} />,
  };
  return <List spec={spec} label={t('runs')} />;
}

function Acts({ watch }: { watch: Watch }) {
  const { t } = useTranslation('watches');
  const { done, failed } = useNotice();
  const [editing, setEditing] = useState(false);
  const look = api.useMutation('post', `${WATCHES}/{id}/look`, {
    onSuccess: async (run) => {
      if (run.outcome === 'failed') failed(new Error(run.fault ? t(`fault.${run.fault}`) : (run.detail ?? t('fault.record'))));
      else done(t('looked', { count: run.opened }));
      await refresh(WATCHES);
    },
    onError: failed,
  });
  const turn = useMutation({
    mutationFn: async (active: boolean) => client.PUT(`${WATCHES}/{id}`, { params: { path: { id: watch.id }, header: ifMatch(watch) }, body: turned(watch, active) }),
    onSuccess: () => refresh(WATCHES),
    onError: failed,
  });
  return (
    <>
      <Switch checked={watch.active} loading={turn.isPending} aria-label={t('active', { name: watch.name })} onChange={(active) => turn.mutate(active)} />
      <Button onClick={() => setEditing(true)}>{t('edit')}</Button>
      <Button type="primary" disabled={!watch.active} loading={look.isPending} onClick={() => look.mutate({ params: { path: { id: watch.id } } })}>
        {t('look')}
      </Button>
      {editing && <EditWatch watch={watch} onClose={() => setEditing(false)} />}
    </>
  );
}

function Shown({ watch }: { watch: Watch }) {
  const { t } = useTranslation('watches');
  const may = useMay();
  const types = useTypes();
  const opens = types.data?.items.find((type) => type.id === watch.opens)?.title ?? watch.opens;
  const named = (id: string | null | undefined) => (id ? (watch.names?.[id] ?? id) : undefined);
  return (
    <Record
      title={watch.name}
      crumbs={[{ label: t('title'), to: '/insight/watches' }, { label: watch.name }]}
      state={<WatchPill watch={watch} />}
      actions={may('rulebook.watch.manage') && <Acts watch={watch} />}
      facts={[
        { id: 'kind', label: t('kind'), value: t(`kinds.${watch.kind}`) },
        { id: 'url', label: t('url'), value: <span className="anywhere data">{watch.url}</span> },
        { id: 'selector', label: t('selector'), value: watch.selector && <code className="anywhere">{watch.selector}</code> },
        { id: 'keywords', label: t('keywords'), value: watch.keywords.length > 0 && `${watch.keywords.join(' · ')} (${t(`matches.${watch.keyword_match}`)})` },
        { id: 'opens', label: t('opens'), value: opens ?? t('opens_nothing') },
        { id: 'competitor', label: t('competitor'), value: watch.competitor_id && <Link to={`/records/competitor/${watch.competitor_id}`}>{named(watch.competitor_id)}</Link> },
        { id: 'why', label: t('why'), value: watch.state === 'failing' && <Fault of={watch} /> },
        { id: 'risk', label: t('risk'), value: watch.risk_id && <Link to={`/records/candidate_risk/${watch.risk_id}`}>{named(watch.risk_id)}</Link> },
      ]}
      under={[
        { id: 'status', label: t('status'), value: watch.status },
        { id: 'latency', label: t('latency'), value: typeof watch.latency_ms === 'number' && t('ms', { value: watch.latency_ms }) },
        { id: 'certificate', label: t('certificate'), value: watch.certificate_until && <DateTime at={watch.certificate_until} /> },
        { id: 'looked', label: t('looked_at'), value: watch.looked_at && <DateTime at={watch.looked_at} time /> },
        { id: 'next', label: t('next_at'), value: watch.active && <DateTime at={watch.next_at} time /> },
        { id: 'interval', label: t('interval'), value: watch.interval_minutes ? `${watch.interval_minutes} ${t('minutes')}` : t('interval_policy') },
        { id: 'owner', label: t('owner'), value: named(watch.owner_id) },
      ]}
      tabs={[{ id: 'runs', label: t('runs'), content: <Runs id={watch.id} /> }]}
    />
  );
}

/** A watch (监测) with what each look found. */
export function WatchPage() {
  const { id = '' } = useParams();
  const watch = api.useQuery('get', `${WATCHES}/{id}`, { params: { path: { id } } });
  if (watch.isPending) return <Skeleton rows={6} />;
  if (watch.isError) return <ErrorState error={watch.error} retry={() => void watch.refetch()} />;
  return <Shown watch={watch.data} />;
}
