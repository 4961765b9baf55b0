import { DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import type { User } from '@/api/schema';
import { refresh } from '@/api/query';
import { useDepartmentChoices, usePositionChoices } from '@/areas/people/choices';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';

interface Values {
  name: string;
  department_id?: string | null;
  position_id?: string | null;
  leave_at?: Dayjs | null;
}

/** Changes an account; a leave date closes it at that moment. */
export function UserEdit({ user, open, onClose }: { user: User; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('system');
  const { done } = useNotice();
  const [form] = Form.useForm<Values>();
  const departments = useDepartmentChoices();
  const positions = usePositionChoices(Form.useWatch('department_id', form) ?? user.department_id);
  const update = api.useMutation('patch', '/api/v1/identity/users/{id}', {
    onSuccess: async () => {
      done(t('user_saved'));
      onClose();
      await refresh('/api/v1/identity/users', '/api/v1/system/audit');
    },
  });
  const save = ({ name, department_id, position_id, leave_at }: Values) =>
    update.mutate({
      params: { path: { id: user.id }, header: ifMatch(user) },
      body: { name, department_id: department_id ?? null, position_id: position_id ?? null, leave_at: leave_at?.toISOString() ?? null },
    });
  return (
    <FormDrawer<Values>
      title={t('user_edit')}
      open={open}
      onClose={onClose}
      onFinish={save}
      act={t('common:save')}
      busy={update.isPending}
      error={update.error}
      form={form}
      initial={{ name: user.name, department_id: user.department_id ?? null, position_id: user.position_id ?? null, leave_at: user.leave_at ? dayjs(user.leave_at) : null }}
    >
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('name_needed') }]}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="department_id" label={t('department')}>
        <Select options={departments} allowClear onChange={() => form.setFieldValue('position_id', null)} />
      </Form.Item>
      <Form.Item name="position_id" label={t('position')}>
        <Select options={positions} allowClear />
      </Form.Item>
      <Form.Item name="leave_at" label={t('leaves_on')} extra={t('leaves_hint')}>
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" style={{ width: '100%' }} />
      </Form.Item>
    </FormDrawer>
  );
}
