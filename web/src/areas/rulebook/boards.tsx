import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useDashboards } from '@/areas/insight/metric-api';

/** The dashboards beside the coverage: what the clauses are about, in figures. */
export function Boards() {
  const { t } = useTranslation('rulebook');
  const { data } = useDashboards();
  if (!data?.items.length) return null;
  return (
    <section className="card stack-tight" aria-labelledby="boards">
      <h2 id="boards">{t('metrics:dashboards')}</h2>
      <ul className="plain-list">
        {data.items.map((board) => (
          <li key={board.id}>
            <Link to={`/insight/dashboards/${board.id}`}>{board.title}</Link>
            <div className="small quiet">{board.summary}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}
