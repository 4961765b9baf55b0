import { StopOutlined } from '@ant-design/icons';
import { Button, DatePicker, Form, Input, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Suppression } from '@/api/schema';
import { masks } from '@/api/masked';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { useOpenForm } from '@/parts/open-form';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Masked, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { CustomerSelect } from './customer-select';
import { CHANNELS } from './words';

const REASONS = ['hard_bounce', 'complaint', 'invalid', 'manual'] as const;

function SuppressionPill({ row }: { row: Suppression }) {
  const { t } = useTranslation('suppressions');
  return <StatePill tone={row.lifted_at ? 'quiet' : 'bad'}>{t(row.lifted_at ? 'lifted' : 'active')}</StatePill>;
}

function Lift({ row }: { row: Suppression }) {
  const { t } = useTranslation('suppressions');
  const { done } = useNotice();
  const may = useMay()('customers.suppression.edit');
  const [open, setOpen] = useState(false);
  const lift = api.useMutation('post', '/api/v1/customers/suppressions/{id}/lift', {
    onSuccess: async () => {
      done(t('lift_done'));
      setOpen(false);
      await refresh('/api/v1/customers');
    },
  });
  if (!may || row.lifted_at) return null;
  return (
    <div className="row">
      <Button onClick={() => setOpen(true)}>{t('lift')}</Button>
      <FormDrawer<{ because: string }>
        title={t('lift')}
        hint={t('lift_hint')}
        open={open}
        onClose={() => setOpen(false)}
        act={t('lift')}
        busy={lift.isPending}
        error={lift.error}
        onFinish={(body) => lift.mutate({ params: { path: { id: row.id }, header: ifMatch(row) }, body })}
      >
        <Form.Item name="because" label={t('customers:reason')} rules={[{ required: true, whitespace: true, min: 5, message: t('reason_needed') }]}>
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </FormDrawer>
    </div>
  );
}

interface Values {
  person: string;
  node_id: string;
  channel: (typeof CHANNELS)[number];
  detail: string;
  expires_at?: Dayjs | null;
}

function Add({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('suppressions');
  const { done } = useNotice();
  const [form] = Form.useForm<Values>();
  const person = Form.useWatch('person', form);
  const channel = Form.useWatch('channel', form);
  const nodes = api.useQuery('get', '/api/v1/customers/profiles/{id}/nodes', { params: { path: { id: person } } }, { enabled: Boolean(person) });
  const kind = channel === 'email' ? 'email' : 'mobile';
  const choices = (nodes.data?.items ?? []).filter((node) => node.kind === kind).map((node) => ({ value: node.id, label: node.value ?? t('hidden_address') }));
  const add = api.useMutation('post', '/api/v1/customers/suppressions', {
    onSuccess: async () => {
      done(t('added'));
      onClose();
      await refresh('/api/v1/customers');
    },
  });
  return (
    <FormDrawer<Values>
      title={t('add')}
      hint={t('add_hint')}
      form={form}
      open={open}
      onClose={onClose}
      act={t('add')}
      busy={add.isPending}
      error={add.error}
      initial={{ channel: 'email' }}
      onFinish={({ node_id, channel: on, detail, expires_at }) => add.mutate({ body: { node_id, channel: on, detail, expires_at: expires_at?.endOf('day').toISOString() ?? null } })}
    >
      <Form.Item name="person" label={t('customer')} rules={[{ required: true, message: t('customer_needed') }]}>
        <CustomerSelect value={person ?? null} onChange={(id) => form.setFieldsValue({ person: id, node_id: undefined } as never)} />
      </Form.Item>
      <Form.Item name="channel" label={t('customers:channel')}>
        <Select options={CHANNELS.map((value) => ({ value, label: t(`customers:channel_name.${value}`) }))} onChange={() => form.setFieldsValue({ node_id: undefined } as never)} />
      </Form.Item>
      <Form.Item name="node_id" label={t('address')} rules={[{ required: true, message: t('address_needed') }]}>
        <Select options={choices} disabled={!person} notFoundContent={t('no_address')} />
      </Form.Item>
      <Form.Item name="detail" label={t('customers:reason')} rules={[{ required: true, whitespace: true, min: 2, message: t('reason_needed') }]}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
      <Form.Item name="expires_at" label={t('expires')} extra={t('expires_hint')}>
        <DatePicker style={{ width: '100%' }} />
      </Form.Item>
    </FormDrawer>
  );
}

/** The suppression list (禁发名单): addresses that nothing goes to, and why. */
export function Suppressions() {
  const { t } = useTranslation('suppressions');
  const may = useMay()('customers.suppression.edit');
  const [open, setOpen] = useOpenForm();
  const address = (row: Suppression) => (masks(row, 'address') ? <Masked /> : (row.address ?? <span className="quiet">{t('address_erased')}</span>));
  const person = (row: Suppression) => <Link to={`/customers/profiles/${row.profile_id}`}>{t('open_customer')}</Link>;
  const reason = (row: Suppression) => t(`customers:suppression_reason.${row.reason}`);
  const spec: ListSpec<'/api/v1/customers/suppressions'> = {
    id: 'suppressions',
    path: '/api/v1/customers/suppressions',
    rowKey: (row) => row.id,
    rowName: (row) => row.address ?? reason(row),
    peek: (row) => (
      <div className="stack">
        <Facts
          facts={[
            { id: 'state', label: t('state'), value: <SuppressionPill row={row} /> },
            { id: 'address', label: t('address'), value: address(row) },
            { id: 'channel', label: t('customers:channel'), value: t(`customers:channel_name.${row.channel}`) },
            { id: 'reason', label: t('customers:reason'), value: reason(row) },
            { id: 'detail', label: t('detail'), value: row.detail && <span className="data">{row.detail}</span> },
            { id: 'at', label: t('since'), value: <DateTime at={row.happened_at} time /> },
            { id: 'until', label: t('expires'), value: row.expires_at ? <DateTime at={row.expires_at} /> : t('for_good') },
            { id: 'lifted', label: t('lifted_at'), value: row.lifted_at && <DateTime at={row.lifted_at} time /> },
            { id: 'because', label: t('lifted_because'), value: row.lifted_because },
            { id: 'customer', label: t('customer'), value: person(row) },
          ]}
        />
        <Lift row={row} />
      </div>
    ),
    views: [
      { id: 'active', label: t('active'), params: { active: 'true' } },
      ...REASONS.map((value) => ({ id: value, label: t(`customers:suppression_reason.${value}`), params: { reason: value } })),
    ],
    filters: [
      { id: 'channel', label: t('customers:channel'), kind: 'choice', options: CHANNELS.map((value) => ({ value, label: t(`customers:channel_name.${value}`) })) },
      { id: 'reason', label: t('customers:reason'), kind: 'choice', options: REASONS.map((value) => ({ value, label: t(`customers:suppression_reason.${value}`) })) },
      { id: 'active', label: t('active_only'), kind: 'flag' },
    ],
    columns: [
      { id: 'address', label: t('address'), title: true, cell: address },
      { id: 'channel', label: t('customers:channel'), cell: (row) => t(`customers:channel_name.${row.channel}`) },
      { id: 'reason', label: t('customers:reason'), cell: reason },
      { id: 'detail', label: t('detail'), wide: true, cell: (row) => (row.detail ? <span className="data">{row.detail}</span> : <Nothing />) },
      { id: 'at', label: t('since'), cell: (row) => <DateTime at={row.happened_at} short time /> },
      { id: 'until', label: t('expires'), wide: true, cell: (row) => (row.expires_at ? <DateTime at={row.expires_at} /> : t('for_good')) },
      { id: 'customer', label: t('customer'), cell: person },
      { id: 'state', label: t('state'), cell: (row) => <SuppressionPill row={row} /> },
    ],
    empty: <EmptyState icon={<StopOutlined />} title={t('empty')} hint={t('empty_hint')} />,
  };
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} actions={may && <Button onClick={() => setOpen(true)}>{t('add')}</Button>} />
      <List spec={spec} label={t('title')} />
      <Add open={open} onClose={() => setOpen(false)} />
    </>
  );
}
