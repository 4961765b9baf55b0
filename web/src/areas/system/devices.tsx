import { LaptopOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { DeviceCheck, NewDevice } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { StatePill, type Tone } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec, RowOf } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useSession } from '@/session/session';

type Device = RowOf<'/api/v1/identity/devices'>;

const STATES = ['waiting', 'active', 'retired'] as const;
const KINDS = ['laptop', 'desktop', 'phone', 'tablet', 'server'] as const;
const TONES: { [state: string]: Tone } = { waiting: 'warn', active: 'good', retired: 'quiet' };

function DevicePill({ state }: { state: string }) {
  const { t } = useTranslation('operations');
  return <StatePill tone={TONES[state] ?? 'quiet'}>{t(`device_state.${state}`)}</StatePill>;
}

function Encrypted({ row }: { row: Device }) {
  const { t } = useTranslation('operations');
  return <StatePill tone={row.encrypted ? 'good' : 'bad'}>{t(row.encrypted ? 'encrypted' : 'not_encrypted')}</StatePill>;
}

function Enter({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('operations');
  const { done } = useNotice();
  const enter = api.useMutation('post', '/api/v1/identity/devices', {
    onSuccess: async () => {
      done(t('device_entered'));
      onClose();
      await refresh('/api/v1/identity/devices', '/api/v1/identity/session');
    },
  });
  return (
    <FormDrawer<NewDevice> title={t('device_new')} open={open} onClose={onClose} onFinish={(body) => enter.mutate({ body })} act={t('device_new')} busy={enter.isPending} error={enter.error} hint={t('device_new_hint')} initial={{ this_browser: true }}>
      <Form.Item name="name" label={t('device_name')} rules={[{ required: true, whitespace: true, message: t('device_name_needed') }]}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="kind" label={t('device_kind_label')} rules={[{ required: true, message: t('device_kind_needed') }]}>
        <Select options={KINDS.map((value) => ({ value, label: t(`device_kind.${value}`) }))} />
      </Form.Item>
      <Form.Item name="serial" label={t('serial')}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="this_browser" valuePropName="checked">
        <Checkbox>{t('this_browser')}</Checkbox>
      </Form.Item>
    </FormDrawer>
  );
}

function Check({ row, open, onClose }: { row: Device; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('operations');
  const { done } = useNotice();
  const check = useMutation({
    mutationFn: async (body: DeviceCheck) => client.POST('/api/v1/identity/devices/{id}/check', { params: { path: { id: row.id }, header: ifMatch(row) }, body }),
    onSuccess: async () => {
      done(t('device_checked'));
      onClose();
      await refresh('/api/v1/identity/devices');
    },
  });
  return (
    <FormDrawer<DeviceCheck> title={t('device_check')} open={open} onClose={onClose} onFinish={(body) => check.mutate(body)} act={t('device_check')} busy={check.isPending} error={check.error} initial={{ encrypted: row.encrypted, encryption: row.encryption ?? null }}>
      <Form.Item name="encrypted" valuePropName="checked">
        <Checkbox>{t('encrypted')}</Checkbox>
      </Form.Item>
      <Form.Item name="encryption" label={t('encryption')}>
        <Input maxLength={80} />
      </Form.Item>
    </FormDrawer>
  );
}

function DeviceView({ row }: { row: Device }) {
  const { t } = useTranslation('operations');
  const { session, may } = useSession();
  const { done, failed } = useNotice();
  const [checking, setChecking] = useState(false);
  const retire = useMutation({
    mutationFn: async () => client.DELETE('/api/v1/identity/devices/{id}', { params: { path: { id: row.id }, header: ifMatch(row) } }),
    onSuccess: async () => {
      done(t('device_retired'));
      await refresh('/api/v1/identity/devices');
    },
    onError: failed,
  });
  const manages = may('identity.device.manage');
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'state', label: t('state'), value: <DevicePill state={row.state} /> },
          { id: 'owner', label: t('owner'), value: row.owner_name },
          { id: 'kind', label: t('device_kind_label'), value: t(`device_kind.${row.kind}`) },
          { id: 'serial', label: t('serial'), value: row.serial },
          { id: 'encrypted', label: t('encryption'), value: <span className="row pill-row"><Encrypted row={row} />{row.encryption}</span> },
          { id: 'checked', label: t('checked'), value: row.checked_at && <DateTime at={row.checked_at} time /> },
          { id: 'due', label: t('check_due'), value: row.check_due_at && <DateTime at={row.check_due_at} /> },
        ]}
      />
      {String(row.state) !== 'retired' && (
        <div className="row">
          {manages && (
            <Button type="primary" onClick={() => setChecking(true)}>
              {t('device_check')}
            </Button>
          )}
          {(manages || row.owner_id === session?.user.id) && (
            <Button danger loading={retire.isPending} onClick={() => retire.mutate()}>
              {t('device_retire')}
            </Button>
          )}
        </div>
      )}
      <Check row={row} open={checking} onClose={() => setChecking(false)} />
    </div>
  );
}

/** The device register (设备登记): what may hold company data, and whether it is encrypted. */
export function Devices() {
  const { t } = useTranslation('operations');
  const [entering, setEntering] = useState(false);
  const spec: ListSpec<'/api/v1/identity/devices'> = {
    id: 'devices',
    path: '/api/v1/identity/devices',
    rowKey: (row) => row.id,
    rowName: (row) => row.name,
    peek: (row) => <DeviceView row={row} />,
    views: [
      { id: 'waiting', label: t('device_state.waiting'), params: { state: 'waiting' } },
      { id: 'overdue', label: t('check_overdue'), params: { check_overdue: 'true' } },
    ],
    filters: [
      { id: 'state', label: t('state'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`device_state.${value}`) })) },
      { id: 'check_overdue', label: t('check_overdue'), kind: 'flag' },
    ],
    columns: [
      { id: 'name', label: t('device_name'), title: true, cell: (row) => row.name },
      { id: 'kind', label: t('device_kind_label'), cell: (row) => t(`device_kind.${row.kind}`) },
      { id: 'owner', label: t('owner'), cell: (row) => row.owner_name },
      { id: 'state', label: t('state'), cell: (row) => <DevicePill state={row.state} /> },
      { id: 'encrypted', label: t('encryption'), cell: (row) => <Encrypted row={row} /> },
      { id: 'due', label: t('check_due'), cell: (row) => <DateTime at={row.check_due_at} short /> },
    ],
    empty: <EmptyState icon={<LaptopOutlined />} title={t('devices_empty')} hint={t('device_new_hint')} />,
  };
  return (
    <>
      <PageHead title={t('devices')} sub={t('devices_sub')} actions={<Button type="primary" onClick={() => setEntering(true)}>{t('device_new')}</Button>} />
      <List spec={spec} label={t('devices')} />
      <Enter open={entering} onClose={() => setEntering(false)} />
    </>
  );
}
