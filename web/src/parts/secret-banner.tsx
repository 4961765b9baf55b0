import { LockOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import './secret-banner.css';

/** Says above everything else what a thing is kept secret as, and what that means for whoever reads it. */
export function SecretBanner({ called }: { called: string }) {
  const { t } = useTranslation();
  return (
    <p className="secret-banner" role="note">
      <LockOutlined aria-hidden="true" />
      <span className="strong">{called}</span>
      <span className="small">{t('secret_means')}</span>
    </p>
  );
}
