import { CoffeeOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { GuestRecord } from '@/api/schema';
import type { Row } from '@/areas/records/types';
import { RecordState } from '@/areas/records/value';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { useSession } from '@/session/session';

function Shared({ one }: { one: GuestRecord }) {
  const { t } = useTranslation('records');
  const row = one.record as unknown as Row;
  return (
    <li className="stack-tight">
      <div className="row">
        <Link to={`/records/${row.type_id}/${row.id}`} className="strong anywhere">
          {row.title}
        </Link>
        <RecordState row={row} />
      </div>
      <div className="row quiet small">
        <span>
          {one.type_title} {row.number}
        </span>
        {one.invited_by_name && <span>{t('guest.invited_by', { name: one.invited_by_name })}</span>}
        {one.valid_until && (
          <span>
            {t('guest.until')} <DateTime at={one.valid_until} />
          </span>
        )}
      </div>
    </li>
  );
}

/** A guest's home: the records to which they were invited. */
export function GuestHome() {
  const { t } = useTranslation('records');
  const { session } = useSession();
  const mine = api.useQuery('get', '/api/v1/rulebook/guest-records');
  return (
    <>
      <PageHead title={t('guest.home', { name: session?.user.name ?? '' })} sub={t('guest.home_sub')} />
      <section className="card" aria-label={t('guest.mine')}>
        {mine.isPending ? (
          <Skeleton rows={4} />
        ) : mine.isError ? (
          <ErrorState error={mine.error} retry={() => void mine.refetch()} />
        ) : mine.data.items.length === 0 ? (
          <EmptyState icon={<CoffeeOutlined />} title={t('guest.mine_none')} hint={t('guest.mine_none_hint')} />
        ) : (
          <ul className="plain-list">
            {mine.data.items.map((one) => (
              <Shared key={one.record.id} one={one} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}
