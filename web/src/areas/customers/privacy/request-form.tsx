import { DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { NewSubjectRequest } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { CustomerSelect } from '../customer-select';
import { REQUESTS, requestAt, useMake } from './calls';
import { REGIMES, REQUEST_CHANNELS, REQUEST_KINDS } from './contract';

type Values = Omit<NewSubjectRequest, 'received_at'> & { received_at?: Dayjs | null };

const trimmed = (text: string | null | undefined) => text?.trim() || null;

/** Who asks: somebody we know, or whatever they gave us. */
function WhoFields() {
  const { t } = useTranslation('privacy');
  const form = Form.useFormInstance<Values>();
  const profile = Form.useWatch('profile_id', form);
  return (
    <>
      <Form.Item name="profile_id" label={t('customer')} extra={t('customer_hint')}>
        <CustomerSelect value={profile ?? null} onChange={(id) => form.setFieldsValue({ profile_id: id ?? null } as never)} />
      </Form.Item>
      <Form.Item
        name="contact"
        label={t('contact')}
        extra={t('contact_hint')}
        dependencies={['profile_id']}
        rules={[{ validator: (_, value: string) => (profile || trimmed(value) ? Promise.resolve() : Promise.reject(new Error(t('who_needed')))) }]}
      >
        <Input maxLength={200} />
      </Form.Item>
    </>
  );
}

/** Writes down what somebody asks about their own data, and leads to where it is worked on. */
export function NewRequest({ open, onClose, profileId }: { open: boolean; onClose: () => void; profileId?: string }) {
  const { t } = useTranslation('privacy');
  const { done } = useNotice();
  const navigate = useNavigate();
  const make = useMake(REQUESTS);
  const send = ({ received_at, contact, note, profile_id, ...rest }: Values) =>
    make.mutate(
      { ...rest, profile_id: profileId ?? profile_id ?? null, contact: trimmed(contact), note: trimmed(note), received_at: received_at?.toISOString() ?? null },
      {
        onSuccess: (row) => {
          done(t('request_made', { number: row.number }));
          void navigate(requestAt(row.id));
        },
      },
    );
  return (
    <FormDrawer<Values> title={t('new_request')} hint={t('new_request_hint')} open={open} onClose={onClose} onFinish={send} act={t('new_request_act')} busy={make.isPending} error={make.error} initial={{ kind: 'access', regime: 'pipl', channel: 'email' }}>
      <Form.Item name="kind" label={t('kind_is')}>
        <Select options={REQUEST_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} />
      </Form.Item>
      {!profileId && <WhoFields />}
      <Form.Item name="regime" label={t('regime_is')} extra={t('regime_hint')}>
        <Select options={REGIMES.map((value) => ({ value, label: t(`regime.${value}`) }))} />
      </Form.Item>
      <Form.Item name="channel" label={t('channel_is')}>
        <Select options={REQUEST_CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))} />
      </Form.Item>
      <Form.Item name="received_at" label={t('received_at')} extra={t('received_hint')}>
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" maxDate={dayjs()} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="note" label={t('note')} extra={t('note_hint')}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
    </FormDrawer>
  );
}
