import { Button, Drawer, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import { useDepartmentChoices } from '@/areas/people/choices';
import { useNotice } from '@/parts/notice';
import { ProblemNote } from '@/parts/states';

interface Values {
  name: string;
  email: string;
  department_id?: string;
}

/** Makes an account; the person sets the password by a link. */
export function NewUser({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('system');
  const { done } = useNotice();
  const navigate = useNavigate();
  const departments = useDepartmentChoices();
  const make = api.useMutation('post', '/api/v1/identity/users', {
    onSuccess: async (user) => {
      done(t('user_made', { name: user.name }));
      await refresh('/api/v1/identity/users');
      void navigate(`/system/users/${user.id}`);
    },
  });
  return (
    <Drawer open={open} onClose={onClose} title={t('user_new')} size={420} destroyOnHidden>
      <Form<Values> layout="vertical" requiredMark={false} onFinish={(body) => make.mutate({ body })}>
        <p className="quiet" style={{ marginBottom: 16 }}>
          {t('user_new_hint')}
        </p>
        <Form.Item name="name" label={t('name')} rules={[{ required: true, message: t('name_needed') }]}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="email" label={t('email')} rules={[{ required: true, type: 'email', message: t('email_needed') }]}>
          <Input type="email" autoComplete="off" />
        </Form.Item>
        <Form.Item name="department_id" label={t('department')}>
          <Select options={departments} allowClear showSearch={{ optionFilterProp: 'label' }} />
        </Form.Item>
        <div className="stack">
          <ProblemNote error={make.error} />
          <div className="row">
            <Button type="primary" htmlType="submit" loading={make.isPending}>
              {t('user_make')}
            </Button>
            <Button onClick={onClose}>{t('common:cancel')}</Button>
          </div>
        </div>
      </Form>
    </Drawer>
  );
}
