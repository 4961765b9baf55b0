import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import type { Campaign } from '@/api/schema';
import { AuditTrail } from '@/areas/system/audit-trail';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { type Fact, Record, type RecordTab } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { useBrandChoices, useNamesOf } from './choices';
import { ContactReasons } from './contact-reasons';
import { Events } from './events';
import { useLinkFacts } from './links';
import { Months } from './months';
import { Orders } from './orders';
import { Results } from './results';
import { Sends } from './sends';
import { Steps } from './steps';
import { CampaignPill, isIn, useGoalWords } from './words';

function useFacts(row: Campaign): Fact[] {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const goal = useGoalWords();
  const { segment, content } = useNamesOf(row.segment_id, row.content_id);
  const brand = useBrandChoices().find((choice) => choice.value === row.brand_id);
  const facts: Fact[] = [
    { id: 'brand', label: t('brand'), value: brand?.label },
    { id: 'purpose', label: t('purpose_label'), value: t(`purpose.${row.purpose}`) },
    { id: 'goal', label: t('goal'), value: goal(row) },
    { id: 'period', label: t('period'), value: row.period_from && row.period_to ? <span><DateTime at={row.period_from} short time /> – <DateTime at={row.period_to} short time /></span> : undefined },
    { id: 'segment', label: t('segment'), value: segment && <Link to={`/customers/segments/${segment.id}`}>{segment.name}</Link> },
    { id: 'content', label: t('content'), value: content && <Link to={`/content/${content.id}`}>{content.title}</Link> },
    { id: 'people', label: t('people'), value: typeof row.audience_count === 'number' ? format.number(row.audience_count) : undefined },
    { id: 'rate', label: t('rate'), value: row.rate_per_minute ? format.number(row.rate_per_minute) : t('rate_none') },
    { id: 'tested', label: t('tested'), value: row.tested_at ? <DateTime at={row.tested_at} short time /> : undefined },
  ];
  facts.push(...useLinkFacts(row));
  if (row.schedule_at) facts.push({ id: 'schedule', label: t('scheduled_for'), value: <DateTime at={row.schedule_at} time weekday /> });
  if (row.launched_at) facts.push({ id: 'launched', label: t('launched'), value: <DateTime at={row.launched_at} time /> });
  if (row.finished_at) facts.push({ id: 'finished', label: t('finished'), value: <DateTime at={row.finished_at} time /> });
  return facts;
}

function CampaignRecord({ row }: { row: Campaign }) {
  const { t } = useTranslation('campaigns');
  const may = useMay();
  const facts = useFacts(row);
  const tabs: RecordTab[] = [];
  if (row.launched_at) {
    tabs.push({ id: 'results', label: t('tab.results'), content: <Results campaign={row} /> });
    if (may('campaigns.send.read')) tabs.push({ id: 'sends', label: t('tab.sends'), content: <Sends campaign={row} /> });
    if (may('campaigns.contact.read')) tabs.push({ id: 'contact', label: t('tab.contact'), content: <ContactReasons campaignId={row.id} /> });
    if (may('campaigns.send.read')) {
      tabs.push({ id: 'events', label: t('tab.events'), content: <Events campaignId={row.id} /> });
      tabs.push({ id: 'orders', label: t('tab.orders'), content: <Orders campaignId={row.id} /> });
    }
  }
  if (row.budget_line_id && may('governance.budget.read')) tabs.push({ id: 'months', label: t('tab.months'), content: <Months lineId={row.budget_line_id} /> });
  tabs.push({ id: 'timeline', label: t('tab.timeline'), content: <AuditTrail nounId={row.id} /> });
  return (
    <Record
      title={row.name}
      crumbs={[{ label: t('title'), to: '/campaigns' }, { label: row.name }]}
      state={<CampaignPill state={row.state} />}
      sub={isIn(row, 'draft', 'ready') ? t(`next_hint.${row.state}`) : undefined}
      actions={<Steps campaign={row} />}
      facts={facts}
      tabs={tabs}
    />
  );
}

/** While messages go out, figures and state are asked for again. */
const LIVE_MS = 10_000;

/** One campaign: its state, what can be done next, what it brought. */
export function CampaignPage() {
  const { id = '' } = useParams();
  const campaign = api.useQuery(
    'get',
    '/api/v1/campaigns/campaigns/{id}',
    { params: { path: { id } } },
    { refetchInterval: (query) => (query.state.data && isIn(query.state.data, 'running', 'scheduled') ? LIVE_MS : false) },
  );
  if (campaign.isPending) return <Skeleton shape="record" />;
  if (campaign.isError) return <ErrorState error={campaign.error} retry={() => void campaign.refetch()} />;
  return <CampaignRecord row={campaign.data} />;
}
