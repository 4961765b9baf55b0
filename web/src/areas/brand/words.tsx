import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { StatePill } from '@/parts/pill';

/** How content names things of a brand. */
export const KEY = /^[a-z][a-z0-9-]{1,39}$/;

/** Whether something of a brand may be used (使用状态). */
export function UsePill({ state }: { state: string }) {
  const { t } = useTranslation('brand');
  return <StatePill tone={state === 'active' ? 'good' : 'quiet'}>{t(`state.${state}`)}</StatePill>;
}

/** A form that the address opens, so that "create" can lead to it. */
export function useOpenForm(): [boolean, (open: boolean) => void] {
  const [params, setParams] = useSearchParams();
  const set = (open: boolean) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (open) after.set('new', '1');
      else after.delete('new');
      return after;
    });
  return [params.has('new'), set];
}
