import { ThunderboltOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { DeliveryEvent } from './types';
import { Label } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { Link } from 'react-router';
import { customerPath, EVENTS, LIKELIHOODS } from './words';

function EventFacts({ event }: { event: DeliveryEvent }) {
  const { t } = useTranslation('campaigns');
  return (
    <Facts
      facts={[
        { id: 'at', label: t('at'), value: <DateTime at={event.at} time /> },
        { id: 'kind', label: t('event_label'), value: t(`event.${event.kind}`) },
        { id: 'who', label: t('likelihood_label'), value: t(`likelihood.${event.likelihood}`) },
        { id: 'link', label: t('link_number'), value: event.link_number },
        { id: 'agent', label: t('agent'), value: event.agent && <span className="anywhere">{event.agent}</span> },
        { id: 'detail', label: t('detail'), value: event.detail && <span className="anywhere">{event.detail}</span> },
        { id: 'person', label: t('customer'), value: <Link to={customerPath(event.profile_id)}>{t('open')}</Link> },
      ]}
    />
  );
}

/** What was seen of a campaign's messages (投递事件). */
export function Events({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation('campaigns');
  const spec: ListSpec<'/api/v1/campaigns/campaigns/{id}/events'> = {
    id: 'events',
    path: '/api/v1/campaigns/campaigns/{id}/events',
    pathParams: { id: campaignId },
    rowKey: (row) => row.id,
    rowName: (row) => t(`event.${row.kind}`),
    peek: (row) => <EventFacts event={row} />,
    filters: [
      { id: 'kind', label: t('event_label'), kind: 'choice', options: EVENTS.map((value) => ({ value, label: t(`event.${value}`) })) },
      { id: 'likelihood', label: t('likelihood_label'), kind: 'choice', options: LIKELIHOODS.map((value) => ({ value, label: t(`likelihood.${value}`) })) },
      { id: 'link', label: t('link_number'), kind: 'text' },
      { id: 'send_id', label: t('tab.sends'), kind: 'text' },
    ],
    columns: [
      { id: 'at', label: t('at'), cell: (row) => <DateTime at={row.at} short time /> },
      { id: 'kind', label: t('event_label'), title: true, cell: (row) => t(`event.${row.kind}`) },
      { id: 'who', label: t('likelihood_label'), cell: (row) => <Label tone={String(row.likelihood) === 'human' ? 'good' : 'quiet'}>{t(`likelihood.${row.likelihood}`)}</Label> },
      { id: 'link', label: t('link_number'), figure: true, cell: (row) => row.link_number ?? <Nothing /> },
      { id: 'agent', label: t('agent'), hidden: true, wide: true, cell: (row) => row.agent ?? <Nothing /> },
    ],
    empty: <EmptyState icon={<ThunderboltOutlined />} title={t('events_empty')} hint={t('events_empty_hint')} />,
  };
  return <List spec={spec} label={t('tab.events')} />;
}
