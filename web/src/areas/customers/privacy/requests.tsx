import { SafetyOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Label } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { REQUESTS, requestAt } from './calls';
import { REGIMES, REQUEST_KINDS, REQUEST_STATES } from './contract';
import { CustomerLink, RequestClock, RequestPill } from './words';

/** What people ask about their own data (主体请求), the most urgent first. */
export function Requests({ make }: { make: ReactNode }) {
  const { t } = useTranslation('privacy');
  const kinds = REQUEST_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }));
  const spec: ListSpec<typeof REQUESTS> = {
    id: 'subject_requests',
    path: REQUESTS,
    rowKey: (row) => row.id,
    rowName: (row) => row.number,
    rowLink: (row) => requestAt(row.id),
    views: [
      { id: 'open', label: t('state.open'), params: { state: 'open' } },
      { id: 'verified', label: t('view_verified'), params: { state: 'verified' } },
      { id: 'due_soon', label: t('urgency.due_soon'), params: { urgency: 'due_soon' } },
      { id: 'overdue', label: t('urgency.overdue'), params: { urgency: 'overdue' } },
      { id: 'done', label: t('state.done'), params: { state: 'done' } },
    ],
    filters: [
      { id: 'state', label: t('state_is'), kind: 'choice', options: REQUEST_STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
      { id: 'kind', label: t('kind_is'), kind: 'choice', options: kinds },
      { id: 'regime', label: t('regime_is'), kind: 'choice', options: REGIMES.map((value) => ({ value, label: t(`regime.${value}`) })) },
      { id: 'urgency', label: t('urgency_is'), kind: 'choice', options: (['due_soon', 'overdue'] as const).map((value) => ({ value, label: t(`urgency.${value}`) })) },
    ],
    columns: [
      { id: 'number', label: t('number'), title: true, cell: (row) => <span className="data nowrap">{row.number}</span> },
      { id: 'kind', label: t('kind_is'), cell: (row) => <Label>{t(`kind.${row.kind}`)}</Label> },
      { id: 'who', label: t('customer'), cell: (row) => <CustomerLink id={row.profile_id} /> },
      { id: 'contact', label: t('contact'), field: 'contact', cell: (row) => (row.contact ? <span className="data anywhere">{row.contact}</span> : <Nothing />) },
      { id: 'due', label: t('due'), cell: (row) => <RequestClock row={row} /> },
      { id: 'state', label: t('state_is'), cell: (row) => <RequestPill state={row.state} /> },
      { id: 'regime', label: t('regime_is'), hidden: true, cell: (row) => t(`regime.${row.regime}`) },
      { id: 'channel', label: t('channel_is'), hidden: true, cell: (row) => t(`channel.${row.channel}`) },
      { id: 'received', label: t('received_at'), wide: true, cell: (row) => <DateTime at={row.received_at} short time /> },
    ],
    empty: (
      <EmptyState icon={<SafetyOutlined />} title={t('requests_empty')} hint={t('requests_empty_hint')}>
        {make}
      </EmptyState>
    ),
  };
  return <List spec={spec} label={t('tab.requests')} />;
}
