import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import { useLocal } from '@/i18n/use-local';
import { ApprovalPanel, ApprovalPill } from '@/parts/approval/approval';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Record } from '@/patterns/record/record';

/** One approval: what is asked, of which version, and how far it is. */
export function ApprovalPage() {
  const { t } = useTranslation('approval');
  const { id = '' } = useParams();
  const local = useLocal();
  const found = api.useQuery('get', '/api/v1/rulebook/approvals/{id}', { params: { path: { id } } });
  if (found.isPending) return <Skeleton shape="record" />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const row = found.data;
  return (
    <Record
      title={row.subject_title}
      crumbs={[{ label: t('approvals'), to: '/approvals' }]}
      state={<ApprovalPill state={row.state} />}
      sub={local(row.action_names)}
      facts={[
        { id: 'thing', label: t('thing'), value: <Link to={row.subject_link}>{row.subject_title}</Link> },
        { id: 'version', label: t('version'), value: row.subject_version },
        { id: 'asked', label: t('asked_by'), value: row.requested_by_name },
        { id: 'at', label: t('asked_at'), value: <DateTime at={row.requested_at} time /> },
        { id: 'decided', label: t('decided_at'), value: row.decided_at && <DateTime at={row.decided_at} time /> },
      ]}
      tabs={[{ id: 'steps', label: t('steps'), content: <ApprovalPanel id={row.id} /> }]}
    />
  );
}
