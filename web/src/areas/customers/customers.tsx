import { ImportOutlined, TeamOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useSourceName } from '@/i18n/source';
import { Person } from '@/parts/avatar';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { CHANNELS, CONSENT_STATES, nameOf, PURPOSES, TierLabel, TIERS, useBrandChoices, useProfileFacts, useSegmentChoices } from './words';

function useSpec(): ListSpec<'/api/v1/customers/profiles'> {
  const { t } = useTranslation('customers');
  const brands = useBrandChoices();
  const segments = useSegmentChoices();
  const facts = useProfileFacts();
  const source = useSourceName();
  const snapshot = useSearchParams()[0].get('snapshot_id');
  return {
    id: 'profiles',
    path: '/api/v1/customers/profiles',
    search: t('search'),
    rowKey: (row) => row.id,
    rowName: nameOf,
    rowLink: (row) => `/customers/profiles/${row.id}`,
    peek: (row) => <Facts facts={facts(row)} />,
    views: [
      { id: 'a', label: t('tier_is', { tier: 'A' }), params: { tier: 'A' } },
      { id: 'b', label: t('tier_is', { tier: 'B' }), params: { tier: 'B' } },
      { id: 'reachable', label: t('reachable'), params: { consent: 'granted', consent_channel: 'email', consent_purpose: 'marketing' } },
      { id: 'left', label: t('withdrew'), params: { consent: 'withdrawn' } },
    ],
    filters: [
      { id: 'tier', label: t('tier'), kind: 'choice', options: TIERS.map((tier) => ({ value: tier, label: t('tier_is', { tier }) })) },
      { id: 'city', label: t('city'), kind: 'text' },
      { id: 'consent', label: t('consent'), kind: 'choice', options: CONSENT_STATES.map((value) => ({ value, label: t(`consent_state.${value}`) })) },
      { id: 'consent_channel', label: t('channel'), kind: 'choice', options: CHANNELS.map((value) => ({ value, label: t(`channel_name.${value}`) })) },
      { id: 'consent_purpose', label: t('purpose'), kind: 'choice', options: PURPOSES.map((value) => ({ value, label: t(`purpose_name.${value}`) })) },
      { id: 'consent_brand_id', label: t('consent_brand'), kind: 'choice', options: brands },
      { id: 'segment_id', label: t('segment'), kind: 'choice', options: segments },
      // Frozen lists are reached from their segment; here one can be left again.
      ...(snapshot ? [{ id: 'snapshot_id' as const, label: t('snapshot'), kind: 'choice' as const, options: [{ value: snapshot, label: t('snapshot_this') }] }] : []),
    ],
    columns: [
      { id: 'name', label: t('name'), title: true, field: 'name', cell: (row) => <Person name={nameOf(row)} /> },
      { id: 'member', label: t('member_number'), field: 'member_number', cell: (row) => row.member_number ?? <Nothing /> },
      { id: 'tier', label: t('tier'), cell: (row) => <TierLabel tier={row.tier} /> },
      { id: 'city', label: t('city'), cell: (row) => row.city ?? <Nothing /> },
      { id: 'email', label: t('email'), field: 'email', wide: true, cell: (row) => row.email ?? <Nothing /> },
      { id: 'mobile', label: t('mobile'), field: 'mobile', hidden: true, cell: (row) => row.mobile ?? <Nothing /> },
      { id: 'age', label: t('age'), wide: true, cell: (row) => (row.age_band ? t(`age_band.${row.age_band}`) : <Nothing />) },
      { id: 'household', label: t('household'), figure: true, hidden: true, cell: (row) => row.household_size ?? <Nothing /> },
      { id: 'source', label: t('source'), hidden: true, cell: (row) => source(row.source) },
      { id: 'since', label: t('since'), wide: true, cell: (row) => <DateTime at={row.created_at} /> },
    ],
    empty: <EmptyState icon={<TeamOutlined />} title={t('empty')} hint={t('empty_hint')} />,
  };
}

/** The people (客户) that the company knows, narrowed to those that somebody means. */
export function Customers() {
  const { t } = useTranslation('customers');
  const may = useMay();
  const spec = useSpec();
  return (
    <>
      <PageHead
        title={t('title')}
        sub={t('sub')}
        actions={
          may('customers.profile.import') && (
            <Link to="/imports/new?noun=customers" className="row nowrap">
              <ImportOutlined aria-hidden="true" /> {t('import')}
            </Link>
          )
        }
      />
      <List spec={spec} label={t('title')} />
    </>
  );
}
