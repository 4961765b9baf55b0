import { AlertOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Settlement } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { StatePill, type Tone } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec, RowOf } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';

type Case = RowOf<'/api/v1/identity/security-cases'>;

const STATES = ['open', 'handling', 'closed'] as const;
const TONES: { [state: string]: Tone } = { open: 'bad', handling: 'warn', closed: 'good' };

function CasePill({ state }: { state: string }) {
  const { t } = useTranslation('operations');
  return <StatePill tone={TONES[state] ?? 'quiet'}>{t(`case_state.${state}`)}</StatePill>;
}

function useCaseWords(): (kind: string) => string {
  const { t, i18n } = useTranslation('operations');
  return (kind) => (i18n.exists(`operations:case_kind.${kind}`) ? t(`case_kind.${kind}`) : kind);
}

function Close({ row, open, onClose }: { row: Case; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('operations');
  const { done } = useNotice();
  const act = useMutation({
    mutationFn: async (body: Settlement) => client.POST('/api/v1/identity/security-cases/{id}/close', { params: { path: { id: row.id }, header: ifMatch(row) }, body }),
    onSuccess: async () => {
      done(t('case_closed'));
      onClose();
      await refresh('/api/v1/identity');
    },
  });
  return (
    <FormDrawer<Settlement> title={t('case_close')} open={open} onClose={onClose} onFinish={(body) => act.mutate(body)} act={t('case_close')} busy={act.isPending} error={act.error} initial={{ unlock: false }}>
      <Form.Item name="resolution" label={t('resolution')} rules={[{ required: true, whitespace: true, min: 2, message: t('resolution_needed') }]}>
        <Input.TextArea rows={4} maxLength={500} />
      </Form.Item>
      <Form.Item name="unlock" valuePropName="checked">
        <Checkbox>{t('unlock')}</Checkbox>
      </Form.Item>
    </FormDrawer>
  );
}

function CaseView({ row }: { row: Case }) {
  const { t } = useTranslation('operations');
  const { done, failed } = useNotice();
  const words = useCaseWords();
  const [closing, setClosing] = useState(false);
  const handle = api.useMutation('post', '/api/v1/identity/security-cases/{id}/handle', {
    onSuccess: async () => {
      done(t('case_taken'));
      await refresh('/api/v1/identity/security-cases');
    },
    onError: failed,
  });
  const state = String(row.state);
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'state', label: t('state'), value: <CasePill state={state} /> },
          { id: 'kind', label: t('case_kind_label'), value: words(row.kind) },
          { id: 'user', label: t('account'), value: <Link to={`/system/users/${row.user_id}`}>{row.user_name}</Link> },
          { id: 'at', label: t('made'), value: <DateTime at={row.created_at} time /> },
          { id: 'by', label: t('handler'), value: row.handler_name },
          { id: 'closed', label: t('ended'), value: row.closed_at && <DateTime at={row.closed_at} time /> },
          { id: 'how', label: t('resolution'), value: row.resolution },
        ]}
      />
      {state !== 'closed' && (
        <div className="row">
          {state === 'open' && (
            <Button type="primary" loading={handle.isPending} onClick={() => handle.mutate({ params: { path: { id: row.id } } })}>
              {t('case_take')}
            </Button>
          )}
          <Button onClick={() => setClosing(true)}>{t('case_close')}</Button>
        </div>
      )}
      <Close row={row} open={closing} onClose={() => setClosing(false)} />
    </div>
  );
}

/** Security cases (安全工单): accounts in danger. */
export function SecurityCases() {
  const { t } = useTranslation('operations');
  const words = useCaseWords();
  const spec: ListSpec<'/api/v1/identity/security-cases'> = {
    id: 'security-cases',
    path: '/api/v1/identity/security-cases',
    one: true,
    rowKey: (row) => row.id,
    rowName: (row) => row.user_name,
    peek: (row) => <CaseView row={row} />,
    views: STATES.map((state) => ({ id: state, label: t(`case_state.${state}`), params: { state } })),
    filters: [{ id: 'state', label: t('state'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`case_state.${value}`) })) }],
    columns: [
      { id: 'user', label: t('account'), title: true, cell: (row) => row.user_name },
      { id: 'kind', label: t('case_kind_label'), cell: (row) => words(row.kind) },
      { id: 'state', label: t('state'), cell: (row) => <CasePill state={row.state} /> },
      { id: 'handler', label: t('handler'), cell: (row) => row.handler_name ?? <Nothing /> },
      { id: 'at', label: t('made'), cell: (row) => <DateTime at={row.created_at} short time /> },
    ],
    empty: <EmptyState icon={<AlertOutlined />} title={t('cases_empty')} hint={t('cases_empty_hint')} />,
  };
  return (
    <>
      <PageHead title={t('cases')} sub={t('cases_sub')} />
      <List spec={spec} label={t('cases')} />
    </>
  );
}
