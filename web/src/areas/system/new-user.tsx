import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import { useDepartmentChoices, usePositionChoices } from '@/areas/people/choices';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';

interface Values {
  name: string;
  email: string;
  department_id?: string;
  position_id?: string;
}

/** Makes an account; the person sets the password by a link. */
export function NewUser({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('system');
  const { done } = useNotice();
  const navigate = useNavigate();
  const [form] = Form.useForm<Values>();
  const departments = useDepartmentChoices();
  const positions = usePositionChoices(Form.useWatch('department_id', form));
  const make = api.useMutation('post', '/api/v1/identity/users', {
    onSuccess: async (user) => {
      done(t('user_made', { name: user.name }));
      await refresh('/api/v1/identity/users');
      void navigate(`/system/users/${user.id}`);
    },
  });
  return (
    <FormDrawer<Values>
      title={t('user_new')}
      hint={t('user_new_hint')}
      open={open}
      onClose={onClose}
      onFinish={(body) => make.mutate({ body })}
      act={t('user_make')}
      busy={make.isPending}
      error={make.error}
      form={form}
    >
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('name_needed') }]}>
        <Input autoComplete="off" maxLength={80} />
      </Form.Item>
      <Form.Item name="email" label={t('email')} rules={[{ required: true, type: 'email', message: t('email_needed') }]}>
        <Input type="email" autoComplete="off" />
      </Form.Item>
      <Form.Item name="department_id" label={t('department')}>
        <Select options={departments} allowClear onChange={() => form.resetFields(['position_id'])} />
      </Form.Item>
      <Form.Item name="position_id" label={t('position')}>
        <Select options={positions} allowClear disabled={positions.length === 0} />
      </Form.Item>
    </FormDrawer>
  );
}
