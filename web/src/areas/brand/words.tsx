import { useTranslation } from 'react-i18next';
import { StatePill } from '@/parts/pill';

/** How content names things of a brand. */
export const KEY = /^[a-z][a-z0-9-]{1,39}$/;

/** Whether something of a brand may be used (使用状态). */
export function UsePill({ state }: { state: string }) {
  const { t } = useTranslation('brand');
  return <StatePill tone={state === 'active' ? 'good' : 'quiet'}>{t(`state.${state}`)}</StatePill>;
}
