import { TeamOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import { Act } from '@/parts/act';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { StatePill, type Tone } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec, RowOf } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useSession } from '@/session/session';
import { Because } from './decide';

type Request = RowOf<'/api/v1/identity/deletion-requests'>;
type Step = { do: 'approve' } | { do: 'withdraw' } | { do: 'restore' } | { do: 'reject'; reason: string };

const STATES = ['pending', 'done', 'rejected', 'withdrawn', 'restored'] as const;
const TONES: { [state: string]: Tone } = { pending: 'warn', done: 'good', rejected: 'bad', withdrawn: 'quiet', restored: 'info' };
const AT = '/api/v1/identity/deletion-requests/{id}';

function ChangePill({ state }: { state: string }) {
  const { t } = useTranslation('operations');
  return <StatePill tone={TONES[state] ?? 'quiet'}>{t(`change_state.${state}`)}</StatePill>;
}

async function step(row: Request, which: Step): Promise<unknown> {
  const init = { params: { path: { id: row.id }, header: ifMatch(row) } };
  switch (which.do) {
    case 'approve':
      return client.POST(`${AT}/approve`, init);
    case 'reject':
      return client.POST(`${AT}/reject`, { ...init, body: { reason: which.reason } });
    case 'withdraw':
      return client.POST(`${AT}/withdraw`, init);
    case 'restore':
      return client.POST(`${AT}/restore`, init);
  }
}

function Decide({ row }: { row: Request }) {
  const { t } = useTranslation('operations');
  const { session, may } = useSession();
  const { done, failed } = useNotice();
  const [refusing, setRefusing] = useState(false);
  const act = useMutation({
    mutationFn: (which: Step) => step(row, which),
    onSuccess: async (_, which) => {
      setRefusing(false);
      done(t(`change_did.${which.do}`));
      await refresh('/api/v1/identity', '/api/v1/rulebook/task', '/api/v1/system/audit');
    },
    onError: failed,
  });
  const mine = row.created_by === session?.user.id;
  const approves = may('identity.deletion_request.approve');
  const state = String(row.state);
  return (
    <div className="row">
      {state === 'pending' && approves && (
        <>
          <Act type="primary" loading={act.isPending} why={mine ? t('not_your_own') : undefined} onClick={() => act.mutate({ do: 'approve' })}>
            {t('approve')}
          </Act>
          <Button onClick={() => setRefusing(true)}>{t('reject')}</Button>
        </>
      )}
      {state === 'pending' && mine && <Button onClick={() => act.mutate({ do: 'withdraw' })}>{t('withdraw')}</Button>}
      {state === 'done' && row.restorable_until && (
        <Button loading={act.isPending} onClick={() => act.mutate({ do: 'restore' })}>
          {t('restore')}
        </Button>
      )}
      <Because title={t('reject')} open={refusing} busy={act.isPending} error={null} onClose={() => setRefusing(false)} onGive={(reason) => act.mutate({ do: 'reject', reason })} />
    </div>
  );
}

function ChangeView({ row }: { row: Request }) {
  const { t } = useTranslation('operations');
  const format = useFormat();
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'what', label: t('change'), value: row.summary || row.kind },
          { id: 'state', label: t('state'), value: <ChangePill state={row.state} /> },
          { id: 'rows', label: t('rows'), value: format.number(row.row_count) },
          { id: 'why', label: t('reason'), value: row.reason },
          { id: 'by', label: t('asked_by'), value: row.created_by_name },
          { id: 'at', label: t('made'), value: <DateTime at={row.created_at} time /> },
          { id: 'second', label: t('second_person'), value: row.decided_by_name },
          { id: 'because', label: t('decision_reason'), value: row.decision_reason },
          { id: 'until', label: t('restorable_until'), value: row.restorable_until && <DateTime at={row.restorable_until} time /> },
        ]}
      />
      <Decide row={row} />
    </div>
  );
}

/** Important changes (重要更改): asked for by one person, approved by another, to be taken back for 30 days. */
export function FourEyes() {
  const { t } = useTranslation('operations');
  const format = useFormat();
  const spec: ListSpec<'/api/v1/identity/deletion-requests'> = {
    id: 'four-eyes',
    path: '/api/v1/identity/deletion-requests',
    one: true,
    rowKey: (row) => row.id,
    rowName: (row) => row.summary || row.kind,
    peek: (row) => <ChangeView row={row} />,
    views: [{ id: 'pending', label: t('change_state.pending'), params: { state: 'pending' } }],
    filters: [{ id: 'state', label: t('state'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`change_state.${value}`) })) }],
    columns: [
      { id: 'what', label: t('change'), title: true, cell: (row) => row.summary || row.kind },
      { id: 'state', label: t('state'), cell: (row) => <ChangePill state={row.state} /> },
      { id: 'rows', label: t('rows'), figure: true, cell: (row) => format.number(row.row_count) },
      { id: 'by', label: t('asked_by'), cell: (row) => row.created_by_name ?? <Nothing /> },
      { id: 'second', label: t('second_person'), cell: (row) => row.decided_by_name ?? <Nothing /> },
      { id: 'at', label: t('made'), cell: (row) => <DateTime at={row.created_at} short /> },
    ],
    empty: <EmptyState icon={<TeamOutlined />} title={t('changes_empty')} hint={t('changes_sub')} />,
  };
  return (
    <>
      <PageHead title={t('changes')} sub={t('changes_sub')} />
      <List spec={spec} label={t('changes')} />
    </>
  );
}
