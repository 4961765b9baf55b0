import { Button, DatePicker, Form, Input, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { Delegation } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { DateTime } from '@/parts/values';
import { useSession } from '@/session/session';

interface Values {
  to_user_id: string;
  kind: Delegation['kind'];
  window: [Dayjs, Dayjs];
  reason: string;
}

function New({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('account');
  const { done } = useNotice();
  const deputies = api.useQuery('get', '/api/v1/identity/deputies', {}, { enabled: open });
  const create = api.useMutation('post', '/api/v1/identity/delegations', {
    onSuccess: async () => {
      done(t('stand_in_made'));
      onClose();
      await refresh('/api/v1/identity/delegations');
    },
  });
  return (
    <FormDrawer<Values>
      title={t('stand_in_new')}
      hint={t('stand_in_hint')}
      open={open}
      onClose={onClose}
      act={t('stand_in_new')}
      busy={create.isPending}
      error={create.error}
      initial={{ kind: 'absence' }}
      onFinish={({ window: [from, to], ...rest }) =>
        create.mutate({ body: { ...rest, task_kinds: [], valid_from: from.toISOString(), valid_to: to.toISOString() } })
      }
    >
      <Form.Item name="to_user_id" label={t('stand_in_who')} rules={[{ required: true, message: t('stand_in_who_needed') }]}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          loading={deputies.isPending}
          options={(deputies.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
        />
      </Form.Item>
      <Form.Item name="kind" label={t('stand_in_kind')}>
        <Select options={(['absence', 'delegation'] as const).map((kind) => ({ value: kind, label: t(`stand_in_kinds.${kind}`) }))} />
      </Form.Item>
      <Form.Item name="window" label={t('stand_in_window')} rules={[{ required: true, message: t('stand_in_window_needed') }]}>
        <DatePicker.RangePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="reason" label={t('stand_in_reason')} rules={[{ required: true, whitespace: true, message: t('stand_in_reason_needed') }]}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

/** Who stands in for me, and for whom I stand in. */
export function StandIns() {
  const { t } = useTranslation('account');
  const { done, failed } = useNotice();
  const { session } = useSession();
  const [making, setMaking] = useState(false);
  const found = api.useQuery('get', '/api/v1/identity/delegations', { params: { query: { open: true } } });
  const end = api.useMutation('post', '/api/v1/identity/delegations/{id}/end', {
    onSuccess: async () => {
      done(t('stand_in_ended'));
      await refresh('/api/v1/identity/delegations');
    },
    onError: failed,
  });
  const rows = found.data?.items ?? [];
  const sentence = (row: Delegation) =>
    row.from_user_id === session?.user.id ? t('stand_in_for_me', { name: row.to_name }) : t('stand_in_by_me', { name: row.from_name });
  return (
    <section className="card stack" aria-labelledby="stand-ins">
      <div className="row">
        <h2 id="stand-ins" className="grow">
          {t('stand_ins')}
        </h2>
        <Button size="small" onClick={() => setMaking(true)}>
          {t('stand_in_new')}
        </Button>
      </div>
      {rows.length === 0 && <p className="quiet">{t('stand_in_none')}</p>}
      <ul className="devices">
        {rows.map((row) => (
          <li key={row.id}>
            <div className="grow">
              <div className="row">
                <span className="strong">{sentence(row)}</span>
                <Label>{t(`stand_in_kinds.${row.kind}`)}</Label>
              </div>
              <div className="small quiet">
                <DateTime at={row.valid_from} time /> – <DateTime at={row.valid_to} time /> · {row.reason}
              </div>
            </div>
            <Button size="small" loading={end.isPending} onClick={() => end.mutate({ params: { path: { id: row.id } } })}>
              {t('stand_in_end')}
            </Button>
          </li>
        ))}
      </ul>
      <New open={making} onClose={() => setMaking(false)} />
    </section>
  );
}
