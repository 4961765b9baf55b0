import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { VerdictCounts } from '@/api/draft';
import { useFormat } from '@/format/use-format';
import { useMay } from '@/session/session';

const PARTS = ['followed', 'attested', 'insufficient', 'broken'] as const;

/** How the clauses stand, as one bar; the words and figures stand beside it. */
export function VerdictBar({ counts }: { counts: VerdictCounts }) {
  return (
    <div className="verdict-bar" aria-hidden="true">
      {PARTS.map((part) => (
        <i key={part} className={part} style={{ width: `${(counts[part] / Math.max(1, counts.clauses)) * 100}%` }} />
      ))}
    </div>
  );
}

/** How far the rulebook is followed, beside my work. */
export function Coverage() {
  const { t } = useTranslation('home');
  const format = useFormat();
  const may = useMay();
  const allowed = may('rulebook.clause.read');
  const { data } = api.useQuery('get', '/api/v1/rulebook/status', {}, { enabled: allowed, staleTime: 60_000 });
  if (!allowed || !data) return null;
  const share = (counts: VerdictCounts) => format.percent(counts.covered ? counts.followed / counts.covered : 0, 0);
  return (
    <section className="card" aria-labelledby="coverage">
      <h2 id="coverage">{t('coverage.title')}</h2>
      <p className="coverage-figure">
        <Link to="/rulebook?verdict=followed">{format.number(data.followed)}</Link>
        <span className="quiet">{t('coverage.of', { count: data.clauses, covered: format.number(data.covered) })}</span>
      </p>
      <VerdictBar counts={data} />
      <ul className="verdict-key">
        {(['followed', 'broken', 'insufficient', 'uncovered'] as const).map((part) => (
          <li key={part} className={part}>
            <Link to={`/rulebook?verdict=${part}`}>
              {t(`common:verdict.${part}`)} {format.number(data[part])}
            </Link>
          </li>
        ))}
      </ul>
      {data.departments.length > 0 && (
        <table className="small-table">
          <thead>
            <tr>
              <th scope="col">{t('coverage.department')}</th>
              <th scope="col">{t('coverage.share')}</th>
              <th scope="col">{t('coverage.turned_red')}</th>
            </tr>
          </thead>
          <tbody>
            {data.departments.map((row) => (
              <tr key={row.department}>
                <td>{row.department}</td>
                <td>{share(row)}</td>
                <td>{row.turned_red ? <Link to={`/rulebook?department=${encodeURIComponent(row.department)}&turned_red=true`}>{row.turned_red}</Link> : 0}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
