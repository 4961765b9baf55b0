import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { useFormat } from '@/format/use-format';

/** How many are named here; the page behind has them all. */
const NAMED = 5;
const MINUTE_MS = 60_000;

/** My things that stand in a step of their workflow for longer than it may take; nothing where there are none. */
export function WaitingMine() {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  const { data } = api.useQuery('get', '/api/v1/rulebook/waiting', { params: { query: { mine: true } } });
  const items = data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="card stack-tight" aria-labelledby="waiting-mine">
      <h2 id="waiting-mine">{t('waiting')}</h2>
      <ul className="stack-tight">
        {items.slice(0, NAMED).map((item) => (
          <li key={item.id}>
            <Link to={item.link}>{item.title}</Link>
            <div className="small quiet">
              {item.state_title} · <span className="bad">{format.duration(item.minutes * MINUTE_MS)}</span> / {format.duration(item.target_minutes * MINUTE_MS)}
            </div>
          </li>
        ))}
      </ul>
      {items.length > NAMED && <Link to="/rulebook/bottlenecks">{t('waiting_see_all', { count: items.length })}</Link>}
    </section>
  );
}
