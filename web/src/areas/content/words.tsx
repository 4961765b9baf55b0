import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { useLocal } from '@/i18n/use-local';
import { StatePill, type Tone } from '@/parts/pill';

const TONES: { [state: string]: Tone } = { draft: 'quiet', in_review: 'info', approved: 'good', returned: 'warn', archived: 'quiet' };

export const STATES = ['draft', 'in_review', 'approved', 'returned', 'archived'] as const;

/** The state of an item (内容状态). */
export function ContentState({ state }: { state: string }) {
  const { t } = useTranslation('content');
  return <StatePill tone={TONES[state] ?? 'quiet'}>{t(`state.${state}`)}</StatePill>;
}

/** The brands, as choices. */
export function useBrandChoices(): { value: string; label: string }[] {
  const local = useLocal();
  const { data } = api.useQuery('get', '/api/v1/brand/brands', {}, { staleTime: 60_000 });
  return (data?.items ?? []).map((brand) => ({ value: brand.id, label: local(brand.names) ?? brand.key }));
}
