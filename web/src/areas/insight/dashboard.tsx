import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { useDashboard } from './metric-api';
import { Tile } from './tiles';
import './insight.css';

/** One dashboard (看板): its tiles, each of which opens what stands behind it. */
export function DashboardPage() {
  const { t } = useTranslation('metrics');
  const { id = '' } = useParams();
  const found = useDashboard(id);
  if (found.isPending) return <Skeleton shape="tiles" rows={4} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const { title, summary, tiles } = found.data;
  return (
    <>
      <PageHead title={title} crumbs={[{ label: t('dashboards'), to: '/insight/dashboards' }]} sub={summary} />
      {tiles.length === 0 ? (
        <EmptyState title={t('dashboards_empty')} />
      ) : (
        <div className="dashboard">
          {tiles.map((tile, place) => (
            // Tiles have no id of their own; their order is the dashboard's.
            <section key={place} className={`card stack-tight${tile.wide ? ' wide' : ''}`} aria-label={tile.title || t('tile_n', { place: place + 1 })}>
              <Tile tile={tile} />
            </section>
          ))}
        </div>
      )}
    </>
  );
}
