import { MailOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { EmptyState, ProblemNote } from '@/parts/states';
import { Door } from './door';

/** Asks for a link to set a new password; the answer is the same whether the account exists or not. */
export function Reset() {
  const { t } = useTranslation('login');
  const ask = api.useMutation('post', '/api/v1/identity/password-reset');
  return (
    <Door title={t('reset_title')} hint={ask.isSuccess ? undefined : t('reset_hint')}>
      <section className="card">
        {ask.isSuccess ? (
          <EmptyState icon={<MailOutlined />} title={t('reset_sent')} hint={t('reset_sent_hint')}>
            <Link to="/login">{t('back')}</Link>
          </EmptyState>
        ) : (
          <Form<{ email: string }> layout="vertical" requiredMark={false} onFinish={(body) => ask.mutate({ body })}>
            <Form.Item name="email" label={t('email')} rules={[{ required: true, message: t('email_needed') }]}>
              <Input type="email" autoComplete="username" />
            </Form.Item>
            <div className="stack">
              <ProblemNote error={ask.error} />
              <Button type="primary" htmlType="submit" block loading={ask.isPending}>
                {t('reset_ask')}
              </Button>
            </div>
            <div className="door-foot">
              <Link to="/login">{t('back')}</Link>
            </div>
          </Form>
        )}
      </section>
    </Door>
  );
}
