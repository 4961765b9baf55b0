import { LockOutlined } from '@ant-design/icons';
import { Button, DatePicker, Form } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LegalHold, PrivacyReason } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { CustomerSelect } from '../customer-select';
import { HOLDS, PRIVACY_MANAGE, useMake } from './calls';
import { useNow } from './now';
import { ActDrawer, ReasonField } from './reason';
import { CustomerLink } from './words';

/** Whether data stay because of it now. */
function HoldPill({ row }: { row: LegalHold }) {
  const { t } = useTranslation('privacy');
  const now = useNow();
  if (row.lifted_at) return <StatePill tone="quiet">{t('hold_lifted')}</StatePill>;
  if (row.until && Date.parse(row.until) <= now) return <StatePill tone="quiet">{t('hold_over')}</StatePill>;
  return <StatePill tone="warn">{t('hold_active')}</StatePill>;
}

function Lift({ row }: { row: LegalHold }) {
  const { t } = useTranslation('privacy');
  const may = useMay()(PRIVACY_MANAGE);
  const [open, setOpen] = useState(false);
  if (!may || row.lifted_at) return null;
  return (
    <div className="row">
      <Button onClick={() => setOpen(true)}>{t('lift')}</Button>
      <ActDrawer path={`${HOLDS}/{id}/lift`} row={row} open={open} onClose={() => setOpen(false)} title={t('lift')} hint={t('lift_hint')} button={t('lift')} done={t('lift_done')}>
        <ReasonField />
      </ActDrawer>
    </div>
  );
}

interface Values extends PrivacyReason {
  profile_id: string;
  until?: Dayjs | null;
}

function NewHoldForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  const { done } = useNotice();
  const [form] = Form.useForm<Values>();
  const person = Form.useWatch('profile_id', form);
  const make = useMake(HOLDS);
  const send = ({ profile_id, reason, until }: Values) =>
    make.mutate(
      { profile_id, reason: reason.trim(), until: until?.endOf('day').toISOString() ?? null },
      {
        onSuccess: () => {
          done(t('hold_made'));
          onClose();
        },
      },
    );
  return (
    <FormDrawer<Values> title={t('new_hold')} hint={t('new_hold_hint')} form={form} open={open} onClose={onClose} onFinish={send} act={t('new_hold')} busy={make.isPending} error={make.error}>
      <Form.Item name="profile_id" label={t('customer')} rules={[{ required: true, message: t('customer_needed') }]}>
        <CustomerSelect value={person ?? null} onChange={(id) => form.setFieldsValue({ profile_id: id } as never)} />
      </Form.Item>
      <Form.Item name="until" label={t('hold_until')} extra={t('hold_until_hint')}>
        <DatePicker minDate={dayjs()} style={{ width: '100%' }} />
      </Form.Item>
      <ReasonField />
    </FormDrawer>
  );
}

/** Whose data have to stay for now (法定保留). */
export function Holds() {
  const { t } = useTranslation('privacy');
  const may = useMay()(PRIVACY_MANAGE);
  const [open, setOpen] = useState(false);
  const until = (row: LegalHold) => (row.until ? <DateTime at={row.until} /> : t('until_lifted'));
  const make = may && <Button onClick={() => setOpen(true)}>{t('new_hold')}</Button>;
  const spec: ListSpec<typeof HOLDS> = {
    id: 'legal_holds',
    path: HOLDS,
    rowKey: (row) => row.id,
    rowName: (row) => row.reason,
    peek: (row) => (
      <div className="stack">
        <Facts
          facts={[
            { id: 'state', label: t('state_is'), value: <HoldPill row={row} /> },
            { id: 'who', label: t('customer'), value: <CustomerLink id={row.profile_id} /> },
            { id: 'reason', label: t('reason'), value: <span className="data anywhere">{row.reason}</span> },
            { id: 'since', label: t('since'), value: <DateTime at={row.created_at} time /> },
            { id: 'until', label: t('hold_until'), value: until(row) },
            { id: 'lifted', label: t('lifted_at'), value: row.lifted_at ? <DateTime at={row.lifted_at} time /> : undefined },
            { id: 'because', label: t('lifted_because'), value: row.lifted_because ? <span className="data anywhere">{row.lifted_because}</span> : undefined },
          ]}
        />
        <Lift row={row} />
      </div>
    ),
    views: [{ id: 'active', label: t('hold_active'), params: { active: 'true' } }],
    filters: [{ id: 'active', label: t('hold_active_only'), kind: 'flag' }],
    columns: [
      { id: 'reason', label: t('reason'), title: true, cell: (row) => <span className="data anywhere">{row.reason}</span> },
      { id: 'who', label: t('customer'), cell: (row) => <CustomerLink id={row.profile_id} /> },
      { id: 'state', label: t('state_is'), cell: (row) => <HoldPill row={row} /> },
      { id: 'since', label: t('since'), cell: (row) => <DateTime at={row.created_at} short time /> },
      { id: 'until', label: t('hold_until'), cell: until },
    ],
    empty: (
      <EmptyState icon={<LockOutlined />} title={t('holds_empty')} hint={t('holds_empty_hint')}>
        {make}
      </EmptyState>
    ),
  };
  return (
    <>
      <List spec={spec} label={t('tab.holds')} tools={make} />
      <NewHoldForm open={open} onClose={() => setOpen(false)} />
    </>
  );
}
