import { useMutation } from '@tanstack/react-query';
import { DatePicker, Form, Input } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { WorkItem } from '@/api/schema';
import { UserSelect } from '@/parts/fields';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';

/** A piece of work that is about to be moved, and how. */
export interface Moving {
  item: WorkItem;
  how: 'reassign' | 'extend';
}

interface Values {
  user_id?: string | null;
  until?: Dayjs;
  reason: string;
}

async function moveTask({ item, how }: Moving, values: Values) {
  const params = { path: { id: item.id } };
  const reason = values.reason.trim();
  return how === 'reassign'
    ? client.POST('/api/v1/rulebook/tasks/{id}/reassign', { params, body: { user_id: values.user_id ?? '', reason } })
    : client.POST('/api/v1/rulebook/tasks/{id}/extend', { params, body: { due_at: values.until?.toISOString() ?? '', reason } });
}

async function moveCampaign({ item, how }: Moving, values: Values) {
  const params = { path: { id: item.id } };
  const reason = values.reason.trim();
  const { data } = await client.GET('/api/v1/campaigns/campaigns/{id}', { params });
  const headers = ifMatch(data ?? { version: 0 });
  return how === 'reassign'
    ? client.POST('/api/v1/campaigns/campaigns/{id}/reassign', { params, headers, body: { owner_id: values.user_id ?? '', reason } })
    : client.POST('/api/v1/campaigns/campaigns/{id}/extend', { params, headers, body: { period_to: values.until?.toISOString() ?? '', reason } });
}

/** Gives work to somebody else, or more time; the reason goes into the audit log. */
export function Move({ moving, onClose }: { moving: Moving | undefined; onClose: () => void }) {
  const { t } = useTranslation('cockpit');
  const { done } = useNotice();
  const how = moving?.how ?? 'reassign';
  const send = useMutation({
    mutationFn: async (values: Values) => moving && (String(moving.item.kind) === 'campaign' ? moveCampaign(moving, values) : moveTask(moving, values)),
    onSuccess: async () => {
      done(t(`done.${how}`, { title: moving?.item.title ?? '' }));
      onClose();
      await refresh('/api/v1/rulebook', '/api/v1/campaigns', '/api/v1/records', '/api/v1/system/audit');
    },
  });
  return (
    <FormDrawer<Values>
      title={t(how)}
      open={moving !== undefined}
      onClose={onClose}
      onFinish={(values) => send.mutate(values)}
      act={t(how)}
      busy={send.isPending}
      error={send.error}
      hint={t(`hint.${how}`, { title: moving?.item.title ?? '' })}
    >
      {how === 'reassign' ? (
        <Form.Item name="user_id" label={t('to_whom')} rules={[{ required: true, message: t('to_whom_needed') }]}>
          <UserSelect />
        </Form.Item>
      ) : (
        <Form.Item name="until" label={t('until')} rules={[{ required: true, message: t('until_needed') }]}>
          <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" minDate={dayjs()} style={{ width: '100%' }} />
        </Form.Item>
      )}
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}
