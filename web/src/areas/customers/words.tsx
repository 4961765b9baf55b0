import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { masks } from '@/api/masked';
import type { ConsentState, Profile, Tier } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { useSourceName } from '@/i18n/source';
import { Label, StatePill, type Tone } from '@/parts/pill';
import { DateTime, Nothing } from '@/parts/values';
import type { Choice } from '@/patterns/list/types';
import type { Fact } from '@/patterns/record/record';
import { useMay } from '@/session/session';

export const TIERS = ['A', 'B', 'C', 'D'] as const;
export const CONSENT_STATES = ['granted', 'withdrawn', 'never'] as const;
export const CHANNELS = ['email', 'sms', 'phone'] as const;
export const PURPOSES = ['marketing', 'loyalty', 'research'] as const;

const TIER_TONES: Record<Tier, Tone> = { A: 'good', B: 'info', C: 'quiet', D: 'quiet' };
const CONSENT_TONES: Record<ConsentState, Tone> = { granted: 'good', withdrawn: 'bad', never: 'quiet' };

/** The tier (等级) of a person, A the highest. */
export function TierLabel({ tier }: { tier: Tier | null | undefined }) {
  const { t } = useTranslation('customers');
  if (!tier) return <Nothing />;
  return <Label tone={TIER_TONES[tier]}>{t('tier_is', { tier })}</Label>;
}

/** What a person said about being contacted. */
export function ConsentPill({ state }: { state: ConsentState }) {
  const { t } = useTranslation('customers');
  return <StatePill tone={CONSENT_TONES[state]}>{t(`consent_state.${state}`)}</StatePill>;
}

/** How a person is called where the reader may not see the name. */
export function nameOf(row: Pick<Profile, 'id' | 'name' | 'member_number'>): string {
  return row.name ?? row.member_number ?? row.id.slice(-8);
}

/** The company's brands, for lists to choose from and to name the ids in rows. */
export function useBrandChoices(): Choice[] {
  const local = useLocal();
  const allowed = useMay()('brand.brand.read');
  const { data } = api.useQuery('get', '/api/v1/brand/brands', {}, { enabled: allowed, staleTime: 300_000 });
  return data?.items.map((brand) => ({ value: brand.id, label: local(brand.names) ?? brand.key })) ?? [];
}

/** The segments in use, for lists to choose from. */
export function useSegmentChoices(): Choice[] {
  const allowed = useMay()('customers.segment.read');
  const { data } = api.useQuery('get', '/api/v1/customers/segments', { params: { query: { page_size: 100 } } }, { enabled: allowed, staleTime: 60_000 });
  return data?.items.filter((row) => row.state !== 'archived').map((row) => ({ value: row.id, label: row.name })) ?? [];
}

/** What is known about a person, for the page and for the panel beside the list. */
export function useProfileFacts(): (row: Profile) => Fact[] {
  const { t } = useTranslation('customers');
  const source = useSourceName();
  return (row) => {
    const yes = (value: boolean | null | undefined) => (typeof value === 'boolean' ? t(value ? 'yes' : 'no') : undefined);
    return [
      { id: 'member', label: t('member_number'), value: row.member_number, masked: masks(row, 'member_number') },
      { id: 'tier', label: t('tier'), value: <TierLabel tier={row.tier} /> },
      { id: 'email', label: t('email'), value: row.email, masked: masks(row, 'email') },
      { id: 'mobile', label: t('mobile'), value: row.mobile, masked: masks(row, 'mobile') },
      { id: 'city', label: t('city'), value: [row.city, row.district].filter(Boolean).join(' · ') || undefined },
      { id: 'address', label: t('address'), value: row.address, masked: masks(row, 'address') },
      { id: 'age', label: t('age'), value: row.age_band ? t(`age_band.${row.age_band}`) : undefined },
      { id: 'income', label: t('income'), value: row.income_band ? t(`income_band.${row.income_band}`) : undefined },
      { id: 'household', label: t('household'), value: row.household_size },
      { id: 'children', label: t('children'), value: row.children },
      { id: 'homeowner', label: t('homeowner'), value: yes(row.homeowner) },
      { id: 'married', label: t('married'), value: yes(row.married) },
      { id: 'source', label: t('source'), value: source(row.source) },
      { id: 'since', label: t('since'), value: <DateTime at={row.created_at} /> },
    ];
  };
}
