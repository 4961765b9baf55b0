import { ToolOutlined, WarningOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { DateTime } from '@/parts/values';

/** How often it is asked what everybody is told. */
const EVERY_MS = 60_000;

/** What everybody is told: maintenance that comes or runs, and a service that is not as it should be. */
export function Banners() {
  const { t } = useTranslation('frame');
  const { data } = api.useQuery('get', '/api/v1/system/banners', {}, { refetchInterval: EVERY_MS, staleTime: EVERY_MS });
  if (!data?.items.length) return null;
  return (
    <div className="banners" role="status">
      {data.items.map((banner) => (
        <div key={banner.id} className={`banner banner-${banner.now ? 'now' : 'soon'}`}>
          {banner.kind === 'maintenance' ? <ToolOutlined aria-hidden="true" /> : <WarningOutlined aria-hidden="true" />}
          <span>
            {banner.text}
            {banner.kind === 'maintenance' && (
              <span className="quiet">
                {' '}
                <DateTime at={banner.starts_at} time /> {t('until')} <DateTime at={banner.ends_at} time />
              </span>
            )}
          </span>
        </div>
      ))}
    </div>
  );
}
