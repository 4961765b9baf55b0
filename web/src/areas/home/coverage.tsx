import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { StatusCounts } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { DateTime } from '@/parts/values';
import { VerdictBar } from '@/parts/verdict-bar';
import { useMay } from '@/session/session';

/** Days that "this week" means on the home page. */
const DAYS = 7;
/** Controls that are named; the rest is one click away. */
const TURNS_SHOWN = 5;

/** How far the rulebook is followed, beside my work. */
export function Coverage() {
  const { t } = useTranslation('home');
  const format = useFormat();
  const allowed = useMay()('rulebook.clause.read');
  const { data } = api.useQuery('get', '/api/v1/rulebook/coverage', {}, { enabled: allowed, staleTime: 60_000 });
  if (!allowed || !data) return null;
  const { total } = data;
  const share = (counts: StatusCounts) => (counts.covered ? format.percent(counts.followed / counts.covered, 0) : '–');
  return (
    <section className="card" aria-labelledby="coverage">
      <h2 id="coverage">{t('coverage.title')}</h2>
      <p className="coverage-figure">
        <Link to="/rulebook?status=followed">{format.number(total.followed)}</Link>
        <span className="quiet">{t('coverage.of', { count: total.clauses, covered: format.number(total.covered) })}</span>
      </p>
      <VerdictBar counts={total} />
      <ul className="verdict-key">
        {(['followed', 'broken', 'insufficient', 'uncovered'] as const).map((part) => (
          <li key={part} className={part}>
            <Link to={`/rulebook?status=${part}`}>
              {t(`common:verdict.${part}`)} {format.number(total[part])}
            </Link>
          </li>
        ))}
      </ul>
      <table className="small-table">
        <thead>
          <tr>
            <th scope="col">{t('coverage.department')}</th>
            <th scope="col">{t('coverage.share')}</th>
            <th scope="col">{t('common:verdict.broken')}</th>
          </tr>
        </thead>
        <tbody>
          {data.departments.map(({ id, title, counts }) => (
            <tr key={id}>
              <td>
                <Link to={`/rulebook?department=${id}`}>{title}</Link>
              </td>
              <td>{share(counts)}</td>
              <td>{counts.broken ? <Link to={`/rulebook?department=${id}&status=broken`}>{counts.broken}</Link> : 0}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What turned red this week. */
export function Turns() {
  const { t } = useTranslation('home');
  const allowed = useMay()('rulebook.clause.read');
  const { data } = api.useQuery('get', '/api/v1/rulebook/turns', { params: { query: { days: DAYS } } }, { enabled: allowed, staleTime: 60_000 });
  const red = data?.items.filter((turn) => turn.after === 'broken') ?? [];
  if (red.length === 0) return null;
  return (
    <section className="card" aria-labelledby="turns">
      <h2 id="turns">{t('turns')}</h2>
      <ul className="turns">
        {red.slice(0, TURNS_SHOWN).map((turn) => (
          <li key={turn.run_id}>
            <Link to={`/rulebook/clauses/${turn.clauses?.[0] ?? ''}`}>{turn.title}</Link>
            <span className="small quiet">
              {turn.clauses?.join(', ')} · <DateTime at={turn.at} relative />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
