import { SafetyOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import type { ContactDecision } from './types';
import { customerPath, OUTCOMES, OutcomePill, REASONS, useReasonWords } from './words';

/** What the door looked at, as it wrote it down. */
interface DoorFacts {
  consent?: string | null;
  suppressed?: boolean;
  recent_7_days?: number;
  cap_7_days?: number;
  cap_per_brand?: boolean;
  quiet_from?: number;
  quiet_to?: number;
  zone?: string | null;
}

/** Minutes of the day as a clock shows them. */
function clock(minutes: number | null | undefined): string | undefined {
  if (typeof minutes !== 'number') return undefined;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function Why({ decision }: { decision: ContactDecision }) {
  const { t, i18n } = useTranslation('campaigns');
  const reason = useReasonWords();
  const facts = decision.facts as DoorFacts;
  const consent = facts.consent ?? 'none';
  const local = clock(decision.local_minute);
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'outcome', label: t('outcome_label'), value: <OutcomePill outcome={decision.outcome} /> },
          { id: 'reason', label: t('reason_label'), value: reason(decision.reason) },
          { id: 'at', label: t('at'), value: <DateTime at={decision.at} time weekday /> },
          { id: 'suppressed', label: t('door.suppressed'), value: facts.suppressed === undefined ? undefined : t(facts.suppressed ? 'yes' : 'no') },
          { id: 'consent', label: t('door.consent'), value: i18n.exists(`campaigns:consent.${consent}`) ? t(`consent.${consent}`) : consent },
          { id: 'cap', label: t('door.cap'), value: facts.cap_7_days === undefined ? undefined : t(facts.cap_per_brand ? 'door.cap_brand' : 'door.cap_company', { recent: facts.recent_7_days, cap: facts.cap_7_days }) },
          { id: 'quiet', label: t('door.quiet'), value: facts.quiet_from === undefined ? undefined : `${clock(facts.quiet_from)}–${clock(facts.quiet_to)}` },
          { id: 'local', label: t('door.local'), value: local && `${local}${facts.zone ? ` · ${facts.zone}` : ''}` },
        ]}
      />
      <div className="row">
        <Link to={customerPath(decision.profile_id)}>{t('customer')}</Link>
        <Link to={`/campaigns/${decision.campaign_id}`}>{t('campaign')}</Link>
      </div>
    </div>
  );
}

function useCampaignNames(): { value: string; label: string }[] {
  const enabled = useMay()('campaigns.campaign.read');
  const { data } = api.useQuery('get', '/api/v1/campaigns/campaigns', { params: { query: { page_size: 200 } } }, { staleTime: 60_000, enabled });
  return (data?.items ?? []).map((row) => ({ value: row.id, label: row.name }));
}

/** The contact door's report (触达关口): why somebody was contacted, or was not. */
export function ContactDoor() {
  const { t } = useTranslation('campaigns');
  const reason = useReasonWords();
  const campaigns = useCampaignNames();
  const nameOf = (id: string) => campaigns.find((row) => row.value === id)?.label ?? id.slice(-6);
  const spec: ListSpec<'/api/v1/campaigns/contact-decisions'> = {
    id: 'contact-decisions',
    path: '/api/v1/campaigns/contact-decisions',
    rowKey: (row) => row.id,
    rowName: (row) => reason(row.reason) ?? row.reason,
    peek: (row) => <Why decision={row} />,
    views: OUTCOMES.map((outcome) => ({ id: outcome, label: t(`outcome.${outcome}`), params: { outcome } })),
    filters: [
      { id: 'outcome', label: t('outcome_label'), kind: 'choice', options: OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) })) },
      { id: 'reason', label: t('reason_label'), kind: 'choice', options: REASONS.map((code) => ({ value: `campaigns.contact.${code}`, label: t(`reason.${code}`) })) },
      { id: 'campaign_id', label: t('campaign'), kind: 'choice', options: campaigns },
      { id: 'profile_id', label: t('customer_id'), kind: 'text' },
    ],
    columns: [
      { id: 'at', label: t('at'), cell: (row) => <DateTime at={row.at} short time /> },
      { id: 'reason', label: t('reason_label'), title: true, cell: (row) => reason(row.reason) },
      { id: 'outcome', label: t('outcome_label'), cell: (row) => <OutcomePill outcome={row.outcome} /> },
      { id: 'campaign', label: t('campaign'), cell: (row) => <Link to={`/campaigns/${row.campaign_id}`}>{nameOf(row.campaign_id)}</Link> },
      { id: 'person', label: t('customer'), cell: (row) => <Link to={customerPath(row.profile_id)}>{t('open')}</Link> },
    ],
    empty: <EmptyState icon={<SafetyOutlined />} title={t('door_empty')} hint={t('contact_order')} />,
  };
  return (
    <>
      <PageHead title={t('door_title')} sub={t('door_sub')} />
      <List spec={spec} label={t('door_title')} />
    </>
  );
}
