import { SafetyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { EmptyState, ProblemNote } from '@/parts/states';
import { Door } from './door';
import { useLinkToken } from './token';

/** Says that a sign-in was somebody else's; a button does it, because opening a link must not. */
export function NotMe() {
  const { t } = useTranslation('login');
  const token = useLinkToken();
  const report = api.useMutation('post', '/api/v1/identity/not-me');
  return (
    <Door title={t('not_me_title')} hint={report.isSuccess ? undefined : t('not_me_hint')}>
      <section className="card stack">
        {report.isSuccess ? (
          <EmptyState icon={<SafetyOutlined />} title={t('not_me_done')} hint={t('not_me_done_hint')}>
            <Link to="/reset">{t('reset_title')}</Link>
          </EmptyState>
        ) : (
          <>
            <p>{t('not_me_means')}</p>
            <ProblemNote error={report.error} />
            <Button type="primary" danger block loading={report.isPending} onClick={() => report.mutate({ body: { token } })}>
              {t('not_me_do')}
            </Button>
          </>
        )}
      </section>
    </Door>
  );
}
