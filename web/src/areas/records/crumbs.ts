import { useTranslation } from 'react-i18next';
import type { Crumb } from '@/parts/head';
import type { RecordSchema } from './types';

/** Where a record stands: its area, then its list. */
export function useCrumbs(schema: RecordSchema): Crumb[] {
  const { t } = useTranslation('frame');
  return [{ label: t(`area.${schema.area}`) }, { label: schema.plural || schema.title, to: `/records/${schema.id}` }];
}
