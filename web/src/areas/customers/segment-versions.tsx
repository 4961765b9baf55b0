import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { type Condition, received } from './contract';

/** The versions of a segment's condition; one is taken up again as a draft. */
export function SegmentVersions({ id, current, onTake }: { id: string; current: number; onTake: (definition: Condition) => void }) {
  const { t } = useTranslation('segments');
  const [open, setOpen] = useState(false);
  const versions = api.useQuery('get', '/api/v1/customers/segments/{id}/versions', { params: { path: { id } } }, { enabled: open });
  const take = (definition: Condition) => {
    onTake(definition);
    setOpen(false);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('versions')}</Button>
      <Drawer open={open} onClose={() => setOpen(false)} title={t('versions')} size={440}>
        {versions.isPending ? (
          <Skeleton rows={3} />
        ) : versions.isError ? (
          <ErrorState error={versions.error} />
        ) : (
          <ul className="plain-list">
            {versions.data.items.map((one) => (
              <li key={one.id} className="row">
                <span className="strong">{t('version_is', { number: one.number })}</span>
                <span className="quiet small grow">
                  <DateTime at={one.created_at} time />
                </span>
                {one.number !== current && (
                  <Button size="small" onClick={() => take(received(one.definition))}>
                    {t('take_up')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Drawer>
    </>
  );
}
