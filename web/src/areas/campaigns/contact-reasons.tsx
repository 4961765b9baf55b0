import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Table } from '@/patterns/list/table';
import { OutcomePill, useReasonWords } from './words';

/** Why a campaign's people were contacted or not; each count opens its decisions. */
export function ContactReasons({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const navigate = useNavigate();
  const reason = useReasonWords();
  const reasons = api.useQuery('get', '/api/v1/campaigns/campaigns/{id}/contact-reasons', { params: { path: { id: campaignId } } });
  if (reasons.isPending) return <Skeleton shape="table" rows={4} />;
  if (reasons.isError) return <ErrorState error={reasons.error} retry={() => void reasons.refetch()} />;
  const rows = reasons.data.items;
  if (rows.length === 0) return <EmptyState title={t('reasons_empty')} />;
  const all = rows.reduce((sum, row) => sum + row.count, 0);
  const to = (row: { outcome: string; reason: string }) => `/contact-door?${new URLSearchParams({ campaign_id: campaignId, outcome: row.outcome, reason: row.reason })}`;
  return (
    <div className="stack">
      <p className="quiet">{t('contact_order')}</p>
      <section className="card list-card">
        <Table
          label={t('tab.contact')}
          rows={rows}
          rowKey={(row) => row.outcome + row.reason}
          rowName={(row) => reason(row.reason) ?? row.reason}
          linkOf={to}
          onOpen={(row) => void navigate(to(row))}
          columns={[
            { id: 'reason', label: t('reason_label'), title: true, cell: (row) => reason(row.reason) },
            { id: 'outcome', label: t('outcome_label'), cell: (row) => <OutcomePill outcome={row.outcome} /> },
            { id: 'count', label: t('decisions'), figure: true, cell: (row) => format.number(row.count) },
            { id: 'share', label: t('share'), figure: true, cell: (row) => format.percent(row.count / all) },
          ]}
        />
      </section>
    </div>
  );
}
