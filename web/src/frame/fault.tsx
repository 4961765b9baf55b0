import { CompassOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { isRouteErrorResponse, Link, useRouteError } from 'react-router';
import { Problem } from '@/api/problem';
import { PageHead } from '@/parts/head';
import { EmptyState, ErrorState } from '@/parts/states';

/** A page that could not be drawn: gone, replaced by a newer release, or broken. */
export function Fault() {
  const { t } = useTranslation('frame');
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) {
    return (
      <>
        <PageHead title={t('fault.gone')} />
        <EmptyState icon={<CompassOutlined />} title={t('fault.gone_hint')}>
          <Link to="/">{t('fault.home')}</Link>
        </EmptyState>
      </>
    );
  }
  // A page's own file is fetched when it is first opened; after an upgrade its old name is no longer there.
  if (error instanceof TypeError && /import|fetch|module/i.test(error.message)) {
    return (
      <EmptyState title={t('fault.upgraded')} hint={t('fault.upgraded_hint')}>
        <Button type="primary" onClick={() => location.reload()}>
          {t('fault.reload')}
        </Button>
      </EmptyState>
    );
  }
  const problem = error instanceof Problem ? error : new Problem({ code: 'unexpected' }, 500);
  return <ErrorState error={problem} retry={() => location.reload()} />;
}
