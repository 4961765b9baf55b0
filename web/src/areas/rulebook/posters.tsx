import { PrinterOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';

/** Rules to hang up where people work: each prints on one page in three languages. */
export function Posters() {
  const { t } = useTranslation('rulebook');
  const posters = api.useQuery('get', '/api/v1/rulebook/posters', {}, { staleTime: 60_000 });
  return (
    <>
      <PageHead title={t('posters')} sub={t('posters_sub')} />
      {posters.isPending ? (
        <Skeleton rows={6} />
      ) : posters.isError ? (
        <ErrorState error={posters.error} retry={() => void posters.refetch()} />
      ) : posters.data.items.length === 0 ? (
        <EmptyState icon={<PrinterOutlined />} title={t('posters_empty')} hint={t('posters_empty_hint')} />
      ) : (
        <ul className="posters">
          {posters.data.items.map((poster) => (
            <li key={poster.id} className="card row">
              <div className="grow">
                <Link to={`/rulebook/clauses/${poster.id}`} className="strong">
                  {poster.id} {poster.title}
                </Link>
                <p className="quiet">{poster.text}</p>
              </div>
              <Button icon={<PrinterOutlined />} href={`/api/v1/rulebook/posters/${poster.id}`} download aria-label={t('poster_print', { title: poster.title })}>
                {t('print')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
