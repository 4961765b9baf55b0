import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { PasswordFields } from '@/areas/login/passwords';
import { useNotice } from '@/parts/notice';
import { ProblemNote } from '@/parts/states';

interface Values {
  current: string;
  password: string;
}

/** Changes my password; the other devices are signed out by it. */
export function Password() {
  const { t } = useTranslation('account');
  const { done } = useNotice();
  const [form] = Form.useForm<Values>();
  const change = api.useMutation('post', '/api/v1/identity/me/password', {
    onSuccess: () => {
      form.resetFields();
      done(t('password_changed'));
    },
  });
  return (
    <section className="card stack" aria-labelledby="password">
      <h2 id="password">{t('password')}</h2>
      <Form<Values> form={form} name="password" layout="vertical" requiredMark={false} onFinish={({ current, password }) => change.mutate({ body: { current, password } })}>
        <Form.Item name="current" label={t('password_now')} rules={[{ required: true, message: t('password_now_needed') }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <PasswordFields />
        <div className="stack">
          <ProblemNote error={change.error} />
          <div>
            <Button htmlType="submit" loading={change.isPending}>
              {t('password_change')}
            </Button>
          </div>
        </div>
      </Form>
    </section>
  );
}
