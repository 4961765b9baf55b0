import { UserAddOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { AccountRequest } from '@/api/schema';
import { useDepartmentChoices } from '@/areas/people/choices';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { StatePill, type Tone } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay, useSession } from '@/session/session';
import { Because } from './decide';

const STATES = ['pending', 'approved', 'rejected', 'withdrawn'] as const;
const TONES: { [state: string]: Tone } = { pending: 'warn', approved: 'good', rejected: 'bad', withdrawn: 'quiet' };
const AT = '/api/v1/identity/account-requests/{id}';

function RequestPill({ state }: { state: string }) {
  const { t } = useTranslation('operations');
  return <StatePill tone={TONES[state] ?? 'quiet'}>{t(`request_state.${state}`)}</StatePill>;
}

type Step = { do: 'approve' } | { do: 'withdraw' } | { do: 'reject'; reason: string };

function Decide({ row }: { row: AccountRequest }) {
  const { t } = useTranslation('operations');
  const { done, failed } = useNotice();
  const { session, may } = useSession();
  const [refusing, setRefusing] = useState(false);
  const act = useMutation({
    mutationFn: async (step: Step) => {
      const init = { params: { path: { id: row.id }, header: ifMatch(row) } };
      if (step.do === 'reject') return client.POST(`${AT}/reject`, { ...init, body: { reason: step.reason } });
      return step.do === 'approve' ? client.POST(`${AT}/approve`, init) : client.POST(`${AT}/withdraw`, init);
    },
    onSuccess: async (_, step) => {
      setRefusing(false);
      done(t(`request_did.${step.do}`, { name: row.name }));
      await refresh('/api/v1/identity/account-requests', '/api/v1/identity/users', '/api/v1/rulebook/task');
    },
    onError: failed,
  });
  if (String(row.state) !== 'pending') return null;
  return (
    <div className="row">
      {may('identity.account_request.approve') && (
        <>
          <Button type="primary" loading={act.isPending} onClick={() => act.mutate({ do: 'approve' })}>
            {t('approve')}
          </Button>
          <Button onClick={() => setRefusing(true)}>{t('reject')}</Button>
        </>
      )}
      {row.created_by === session?.user.id && <Button onClick={() => act.mutate({ do: 'withdraw' })}>{t('withdraw')}</Button>}
      <Because title={t('reject')} open={refusing} busy={act.isPending} error={null} onClose={() => setRefusing(false)} onGive={(reason) => act.mutate({ do: 'reject', reason })} />
    </div>
  );
}

function Request({ row }: { row: AccountRequest }) {
  const { t } = useTranslation('operations');
  const local = useLocal();
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'state', label: t('state'), value: <RequestPill state={row.state} /> },
          { id: 'name', label: t('name'), value: row.user_id ? <Link to={`/system/users/${row.user_id}`}>{row.name}</Link> : row.name },
          { id: 'email', label: t('email'), value: row.email, masked: (row as { masked?: string[] }).masked?.includes('email') ?? false },
          { id: 'department', label: t('department'), value: local(row.department_names) },
          { id: 'role', label: t('role'), value: local(row.role_names) },
          { id: 'scope', label: t('scope'), value: t(`system:scope.${row.scope}`) },
          { id: 'why', label: t('reason'), value: row.reason },
          { id: 'by', label: t('asked_by'), value: row.created_by_name },
          { id: 'at', label: t('made'), value: <DateTime at={row.created_at} time /> },
          { id: 'decided', label: t('decided'), value: row.decided_at && <DateTime at={row.decided_at} time /> },
          { id: 'because', label: t('decision_reason'), value: row.decision_reason },
        ]}
      />
      <Decide row={row} />
    </div>
  );
}

/** Account requests (账号申请): heads ask, IT approves, then the link goes out. */
export function AccountRequests() {
  const { t } = useTranslation('operations');
  const local = useLocal();
  const may = useMay();
  const departments = useDepartmentChoices();
  const spec: ListSpec<'/api/v1/identity/account-requests'> = {
    id: 'account-requests',
    path: '/api/v1/identity/account-requests',
    one: true,
    rowKey: (row) => row.id,
    rowName: (row) => row.name,
    peek: (row) => <Request row={row} />,
    views: [{ id: 'pending', label: t('request_state.pending'), params: { state: 'pending' } }],
    filters: [
      { id: 'state', label: t('state'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`request_state.${value}`) })) },
      { id: 'department_id', label: t('department'), kind: 'choice', options: departments },
    ],
    columns: [
      { id: 'name', label: t('name'), title: true, cell: (row) => row.name },
      { id: 'state', label: t('state'), cell: (row) => <RequestPill state={row.state} /> },
      { id: 'department', label: t('department'), cell: (row) => local(row.department_names) },
      { id: 'role', label: t('role'), cell: (row) => local(row.role_names) },
      { id: 'by', label: t('asked_by'), cell: (row) => row.created_by_name ?? <Nothing /> },
      { id: 'at', label: t('made'), cell: (row) => <DateTime at={row.created_at} short /> },
    ],
    empty: <EmptyState icon={<UserAddOutlined />} title={t('requests_empty')} hint={may('identity.account_request.create') ? t('requests_empty_hint') : t('requests_sub')} />,
  };
  return (
    <>
      <PageHead title={t('requests')} sub={t('requests_sub')} />
      <List spec={spec} label={t('requests')} />
    </>
  );
}
