import { CheckOutlined } from '@ant-design/icons';
import { Button, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { EmptyState, ProblemNote } from '@/parts/states';
import { Door } from './door';
import { PasswordFields } from './passwords';
import { useLinkToken } from './token';

interface LinkFormProps {
  title: string;
  hint: string;
  path: '/api/v1/identity/password-reset/confirm' | '/api/v1/identity/activation';
}

function LinkForm({ title, hint, path }: LinkFormProps) {
  const { t } = useTranslation('login');
  const token = useLinkToken();
  const set = api.useMutation('post', path);
  return (
    <Door title={title} hint={set.isSuccess ? undefined : hint}>
      <section className="card">
        {set.isSuccess ? (
          <EmptyState icon={<CheckOutlined />} title={t('new_done')} hint={t('new_done_hint')}>
            <Link to="/login">{t('sign_in')}</Link>
          </EmptyState>
        ) : (
          <Form<{ password: string }> layout="vertical" requiredMark={false} onFinish={({ password }) => set.mutate({ body: { token, password } })}>
            <PasswordFields />
            <div className="stack">
              <ProblemNote error={set.error} />
              <Button type="primary" htmlType="submit" block loading={set.isPending}>
                {t('new_set')}
              </Button>
            </div>
          </Form>
        )}
      </section>
    </Door>
  );
}

/** Sets a new password by the link from the mail. */
export function NewPassword() {
  const { t } = useTranslation('login');
  return <LinkForm title={t('new_title')} hint={t('new_hint')} path="/api/v1/identity/password-reset/confirm" />;
}

/** Sets the first password of an account that somebody was invited to. */
export function Activation() {
  const { t } = useTranslation('login');
  return <LinkForm title={t('activate_title')} hint={t('activate_hint')} path="/api/v1/identity/activation" />;
}
