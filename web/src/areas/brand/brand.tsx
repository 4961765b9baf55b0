import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import { AuditTrail } from '@/areas/system/audit-trail';
import { LANGUAGES } from '@/format/language';
import { OWN_NAMES } from '@/frame/menus';
import { useLocal } from '@/i18n/use-local';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { BrandForm } from './brand-form';
import { UsePill } from './words';

/** One brand: how it is called and who its mails come from in each language. */
export function BrandPage() {
  const { t } = useTranslation('brand');
  const { id = '' } = useParams();
  const local = useLocal();
  const may = useMay();
  const [editing, setEditing] = useState(false);
  const brand = api.useQuery('get', '/api/v1/brand/brands/{id}', { params: { path: { id } } });
  if (brand.isPending) return <Skeleton shape="record" />;
  if (brand.isError) return <ErrorState error={brand.error} retry={() => void brand.refetch()} />;
  const row = brand.data;
  return (
    <>
      <Record
        title={local(row.names) ?? row.key}
        crumbs={[{ label: t('brands'), to: '/brand/brands' }]}
        state={<UsePill state={row.state} />}
        sub={
          <span className="row">
            <Link to={`/content/items?brand_id=${row.id}`}>{t('its_contents')}</Link>
            <Link to={`/brand/assets?brand_id=${row.id}`}>{t('its_assets')}</Link>
            <Link to={`/campaigns?brand_id=${row.id}`}>{t('its_campaigns')}</Link>
          </span>
        }
        actions={may('brand.brand.write') && <Button onClick={() => setEditing(true)}>{t('common:edit')}</Button>}
        facts={[
          ...LANGUAGES.map((language) => ({
            id: language,
            label: OWN_NAMES[language],
            value: (
              <span lang={language}>
                {row.names[language] || local(row.names)}
                <span className="quiet"> · {t('from', { name: row.sender_names[language] || local(row.sender_names) })}</span>
              </span>
            ),
          })),
          { id: 'address', label: t('sender_address'), value: row.sender_address },
          { id: 'domains', label: t('link_domains'), value: row.link_domains.length ? row.link_domains.join(t('common:list.or')) : t('any_domain') },
          { id: 'key', label: t('key'), value: <code>{row.key}</code> },
          { id: 'updated', label: t('updated'), value: <DateTime at={row.updated_at} time /> },
        ]}
        tabs={may('system.audit.read') ? [{ id: 'history', label: t('history'), content: <AuditTrail nounId={row.id} /> }] : []}
      />
      <BrandForm key={row.version} brand={row} open={editing} onClose={() => setEditing(false)} />
    </>
  );
}
