import { NotificationOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { useBrandChoices } from './choices';
import { CampaignPill, STATES, useGoalWords } from './words';

function NewButton() {
  const { t } = useTranslation('campaigns');
  return (
    <Link to="/campaigns/new">
      <Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>
        {t('new')}
      </Button>
    </Link>
  );
}

/** The campaigns (活动): who gets which approved content, when, and what it is meant to bring. */
export function Campaigns() {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const may = useMay();
  const brands = useBrandChoices();
  const goal = useGoalWords();
  const spec: ListSpec<'/api/v1/campaigns/campaigns'> = {
    id: 'campaigns',
    path: '/api/v1/campaigns/campaigns',
    search: t('search'),
    rowKey: (row) => row.id,
    rowName: (row) => row.name,
    rowLink: (row) => `/campaigns/${row.id}`,
    views: (['running', 'scheduled', 'draft', 'finished'] as const).map((state) => ({ id: state, label: t(`state.${state}`), params: { state } })),
    filters: [
      { id: 'state', label: t('state_label'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
      { id: 'brand_id', label: t('brand'), kind: 'choice', options: brands },
    ],
    columns: [
      { id: 'name', label: t('name'), title: true, cell: (row) => row.name },
      { id: 'state', label: t('state_label'), cell: (row) => <CampaignPill state={row.state} /> },
      { id: 'brand', label: t('brand'), cell: (row) => brands.find((brand) => brand.value === row.brand_id)?.label ?? <Nothing /> },
      { id: 'goal', label: t('goal'), cell: (row) => goal(row) ?? <Nothing /> },
      { id: 'audience', label: t('people'), figure: true, cell: (row) => (typeof row.audience_count === 'number' ? format.number(row.audience_count) : <Nothing />) },
      { id: 'starts', label: t('starts'), cell: (row) => <DateTime at={row.launched_at ?? row.schedule_at} short time /> },
      { id: 'ends', label: t('counts_until'), wide: true, cell: (row) => <DateTime at={row.period_to} short /> },
    ],
    empty: (
      <EmptyState icon={<NotificationOutlined />} title={t('empty')} hint={t('empty_hint')}>
        {may('campaigns.campaign.write') && <NewButton />}
      </EmptyState>
    ),
  };
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} actions={may('campaigns.campaign.write') && <NewButton />} />
      <List spec={spec} label={t('title')} />
    </>
  );
}
