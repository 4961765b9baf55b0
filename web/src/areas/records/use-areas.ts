import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { areas } from '@/areas';
import type { Area } from '@/frame/area';
import { useTypes } from './api';

/** The areas with the record types that stand in each; an area that has no page for this reader is left out. */
export function useAreas(signedIn: boolean): Area[] {
  const { t } = useTranslation('records');
  const types = useTypes(signedIn);
  return useMemo(() => {
    const all = types.data?.items ?? [];
    return areas
      .map((area) => {
        const here = all.filter((type) => type.area === area.id);
        if (here.length === 0) return area;
        const pages = here.map((type) => ({ id: `record-${type.id}`, path: `/records/${type.id}`, label: type.plural || type.title }));
        const found = here.filter((type) => type.can_write).map((type) => ({ id: `record-${type.id}`, to: `/records/${type.id}/new`, label: t('new_of', { type: type.title }) }));
        return { ...area, pages: [...area.pages, ...pages], found };
      })
      .filter((area) => area.pages.length > 0);
  }, [types.data, t]);
}
