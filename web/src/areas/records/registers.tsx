import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { matches } from '@/frame/match';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { useTypes } from './api';
import '@/patterns/list/list.css';
import './records.css';

/** All record types of an area with what each is for. */
export function Registers() {
  const { t } = useTranslation('records');
  const { area = '' } = useParams();
  const [params, setParams] = useSearchParams();
  const types = useTypes();
  if (types.isPending) return <Skeleton shape="tiles" rows={9} />;
  if (types.isError) return <ErrorState error={types.error} retry={() => void types.refetch()} />;
  const typed = params.get('q') ?? '';
  const here = types.data.items.filter((type) => type.area === area);
  const shown = here.filter((type) => matches(typed, `${type.plural} ${type.title} ${type.summary ?? ''} ${type.prefix}`));
  return (
    <>
      <PageHead title={t('registers', { area: t(`frame:area.${area}`) })} sub={t('registers_sub')} />
      <div className="list-bar">
        <Input
          type="search"
          className="list-search"
          aria-label={t('registers_search')}
          placeholder={t('registers_search')}
          allowClear
          value={typed}
          onChange={(event) => setParams(event.target.value ? { q: event.target.value } : {}, { replace: true })}
        />
      </div>
      {shown.length === 0 ? (
        <div className="card">
          <EmptyState title={t('common:list.none')} hint={t('common:list.none_hint')} />
        </div>
      ) : (
        <ul className="registers">
          {shown.map((type) => (
            <li key={type.id}>
              <Link to={`/records/${type.id}`} className="card register">
                <span className="strong">{type.plural || type.title}</span>
                <span className="quiet small">{type.summary}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
