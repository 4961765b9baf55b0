import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { currentLanguage } from '@/i18n';
import { ProblemNote } from '@/parts/states';
import { useEnter } from '@/session/enter';
import { Door } from './door';
import { PasswordFields } from './passwords';
import { useLinkToken } from './token';

interface Values {
  name: string;
  email: string;
  password: string;
}

/** Makes the first administrator by the single-use link that the server printed. */
export function FirstAdmin() {
  const { t } = useTranslation('login');
  const token = useLinkToken();
  const navigate = useNavigate();
  const enter = useEnter();
  const make = api.useMutation('post', '/api/v1/identity/first-admin', {
    onSuccess: (session) => {
      enter(session);
      void navigate('/', { replace: true });
    },
  });
  return (
    <Door title={t('first_title')} hint={t('first_hint')}>
      <section className="card">
        <Form<Values>
          layout="vertical"
          requiredMark={false}
          onFinish={({ name, email, password }) => make.mutate({ body: { token, name, email, password, language: currentLanguage() } })}
        >
          <Form.Item name="name" label={t('name')} rules={[{ required: true, message: t('name_needed') }]}>
            <Input autoComplete="name" />
          </Form.Item>
          <Form.Item name="email" label={t('email')} rules={[{ required: true, message: t('email_needed') }]}>
            <Input type="email" autoComplete="username" />
          </Form.Item>
          <PasswordFields />
          <div className="stack">
            <ProblemNote error={make.error} />
            <Button type="primary" htmlType="submit" block loading={make.isPending}>
              {t('first_make')}
            </Button>
          </div>
        </Form>
      </section>
    </Door>
  );
}
