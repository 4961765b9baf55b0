import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { areas } from '@/areas';
import type { Area, AreaPage } from '@/frame/area';
import { useDashboards } from '@/areas/insight/metric-api';
import { useTypes } from './api';
import { chosenTypes, recentTypes, SHOWN_MAX } from './recent';
import type { RecordTypeRow } from './types';

/** Dashboards stand in an area of their own besides. */
const INSIGHT = 'insight';

/** The areas with the record types and dashboards that stand in each; an area that has no page for this reader is left out. */
export function useAreas(signedIn: boolean): Area[] {
  const { t } = useTranslation('records');
  const { pathname } = useLocation();
  const types = useTypes(signedIn);
  const dashboards = useDashboards(signedIn);
  // What was opened lately changes with the page, not while one is read.
  const recent = useMemo(() => (pathname ? recentTypes() : []), [pathname]);
  return useMemo(() => {
    const all = types.data?.items ?? [];
    const pagesOf = (area: string, here: RecordTypeRow[]): AreaPage[] => {
      const many = here.length > SHOWN_MAX + 1;
      const chosen = chosenTypes(here.map((type) => type.id), recent);
      const pages = here.map((type) => ({ id: `record-${type.id}`, path: `/records/${type.id}`, label: type.plural || type.title, hidden: many && !chosen.has(type.id) }));
      return many ? [...pages, { id: `registers-${area}`, path: `/registers/${area}`, label: t('registers_all', { count: here.length }) }] : pages;
    };
    return areas
      .map((area) => {
        const here = all.filter((type) => type.area === area.id);
        const boards = area.id === INSIGHT ? [] : (dashboards.data?.items ?? []).filter((board) => board.area === area.id);
        const shown: AreaPage[] = boards.map((board) => ({ id: `dashboard-${board.id}`, path: `/insight/dashboards/${board.id}`, label: board.title }));
        if (here.length === 0) return shown.length ? { ...area, pages: [...area.pages, ...shown] } : area;
        const found = here.filter((type) => type.can_write).map((type) => ({ id: `record-${type.id}`, to: `/records/${type.id}/new`, label: t('new_of', { type: type.title }) }));
        return { ...area, pages: [...area.pages, ...shown, ...pagesOf(area.id, here)], found };
      })
      .filter((area) => area.pages.length > 0);
  }, [types.data, dashboards.data, recent, t]);
}
