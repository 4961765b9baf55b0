import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { Avatar } from '@/parts/avatar';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { useMay } from '@/session/session';
import { Changes, changesOf, useAuditWords } from './audit-words';
import './system.css';

/** Who did what with one thing, and why. */
export function AuditTrail({ nounId }: { nounId: string }) {
  const { t } = useTranslation('audit');
  const words = useAuditWords();
  const allowed = useMay()('system.audit.read');
  const trail = api.useQuery('get', '/api/v1/system/audit', { params: { query: { noun_id: nounId, page_size: 50 } } }, { enabled: allowed });
  if (!allowed) return <p className="quiet">{t('not_allowed')}</p>;
  if (trail.isPending) return <Skeleton />;
  if (trail.isError) return <ErrorState error={trail.error} retry={() => void trail.refetch()} />;
  if (trail.data.items.length === 0) return <p className="quiet">{t('empty')}</p>;
  return (
    <ol className="trail">
      {trail.data.items.map((entry) => (
        <li key={entry.id}>
          <Avatar name={entry.actor_name} />
          <div className="stack-tight">
            <div>
              <span className="strong">{entry.actor_name}</span> {words(entry)}
              <span className="quiet small">
                {' · '}
                <DateTime at={entry.at} short time />
              </span>
            </div>
            {entry.reason && <div className="quiet">{entry.reason}</div>}
            {changesOf(entry.changes).length > 0 && (
              <details>
                <summary className="quiet small">{t('changes')}</summary>
                <Changes entry={entry} />
              </details>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
