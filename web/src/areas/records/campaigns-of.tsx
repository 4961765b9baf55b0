import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { CampaignPill } from '@/areas/campaigns/words';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import type { Detail, RecordSchema } from './types';

/** Record types that campaigns name, and the parameter by which they are found. */
const NAMED_BY: { [type: string]: 'strategy_id' | 'plan_id' } = { strategy: 'strategy_id', plan: 'plan_id' };

/** True where campaigns carry out records of this type. */
export function hasCampaigns(schema: RecordSchema): boolean {
  return schema.id in NAMED_BY;
}

/** States of campaigns that are under way or about to be. */
const LIVE = ['scheduled', 'running', 'paused'];

/** The campaigns that carry out a strategy or a plan; all of them, or those that are live. */
export function CampaignsOf({ schema, row, live = false }: { schema: RecordSchema; row: Detail; live?: boolean }) {
  const { t } = useTranslation('campaigns');
  const navigate = useNavigate();
  const by = NAMED_BY[schema.id] ?? 'plan_id';
  const found = api.useQuery('get', '/api/v1/campaigns/campaigns', { params: { query: { page_size: 200, [by]: row.id } } });
  if (found.isPending) return <Skeleton shape="table" rows={4} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const shown = live ? found.data.items.filter((one) => LIVE.includes(one.state)) : found.data.items;
  if (live && shown.length === 0) return <p className="quiet">{t('of_record_not_live')}</p>;
  if (shown.length === 0) return <EmptyState title={t('of_record_none')} hint={t('of_record_none_hint')} />;
  return (
    <section className="card list-card" aria-label={t('title')}>
      <Table
        label={t('title')}
        rows={shown}
        rowKey={(one) => one.id}
        rowName={(one) => one.name}
        linkOf={(one) => `/campaigns/${one.id}`}
        onOpen={(one) => void navigate(`/campaigns/${one.id}`)}
        columns={[
          { id: 'name', label: t('name'), title: true, cell: (one) => one.name },
          { id: 'from', label: t('period'), cell: (one) => (one.period_from && one.period_to ? <span><DateTime at={one.period_from} short /> – <DateTime at={one.period_to} short /></span> : <Nothing />) },
          { id: 'state', label: t('state_label'), cell: (one) => <CampaignPill state={one.state} /> },
        ]}
      />
    </section>
  );
}
