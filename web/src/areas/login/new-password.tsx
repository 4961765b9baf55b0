import { CheckOutlined } from '@ant-design/icons';
import { Button, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import { EmptyState, ProblemNote } from '@/parts/states';
import { Door } from './door';
import { PasswordFields } from './passwords';

/** Sets a new password by the link from the mail. */
export function NewPassword() {
  const { t } = useTranslation('login');
  const { token = '' } = useParams();
  const set = api.useMutation('post', '/api/v1/identity/password-reset/{token}');
  return (
    <Door title={t('new_title')} hint={set.isSuccess ? undefined : t('new_hint')}>
      <section className="card">
        {set.isSuccess ? (
          <EmptyState icon={<CheckOutlined />} title={t('new_done')} hint={t('new_done_hint')}>
            <Link to="/login">{t('sign_in')}</Link>
          </EmptyState>
        ) : (
          <Form<{ password: string }>
            layout="vertical"
            requiredMark={false}
            onFinish={({ password }) => set.mutate({ params: { path: { token } }, body: { password } })}
          >
            <PasswordFields />
            <ProblemNote error={set.error} />
            <Button type="primary" htmlType="submit" block loading={set.isPending}>
              {t('new_set')}
            </Button>
          </Form>
        )}
      </section>
    </Door>
  );
}
