import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { verdictOf } from '@/areas/rulebook/words';
import { VerdictPill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { useMay } from '@/session/session';

function Clause({ id }: { id: string }) {
  const may = useMay()('rulebook.clause.read');
  const clause = api.useQuery('get', '/api/v1/rulebook/clauses/{id}', { params: { path: { id } } }, { enabled: may, staleTime: 60_000 });
  const verdict = clause.data?.clause.status;
  return (
    <li className="row evidence-line">
      <Link to={`/rulebook/clauses/${id}`} className="nowrap">
        {id}
      </Link>
      <span className="grow anywhere">{clause.data?.clause.title}</span>
      {verdict && <VerdictPill verdict={verdictOf(verdict)} />}
    </li>
  );
}

/** The clauses that a type serves, each with how it stands. */
export function Evidence({ clauses }: { clauses: string[] }) {
  const { t } = useTranslation('records');
  if (clauses.length === 0) return <EmptyState title={t('evidence_empty')} />;
  return (
    <section className="card stack-tight" aria-label={t('tab.evidence')}>
      <p className="quiet">{t('evidence_hint')}</p>
      <ul className="plain-list">
        {clauses.map((id) => (
          <Clause key={id} id={id} />
        ))}
      </ul>
    </section>
  );
}
