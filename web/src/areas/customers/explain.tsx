import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { Explanation, Membership } from '@/api/schema';
import { ask } from '@/areas/records/api';
import { useLocal } from '@/i18n/use-local';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ProblemNote } from '@/parts/states';
import { DateTime, Money } from '@/parts/values';
import { useSession } from '@/session/session';
import type { Condition } from './contract';
import { CustomerSelect } from './customer-select';

/** One part of the condition, whether it holds, and the rows that decide. */
function Why({ why, person }: { why: Explanation; person: string }) {
  const { t, i18n } = useTranslation('segments');
  const local = useLocal();
  const { session } = useSession();
  const rows = why.evidence ?? [];
  return (
    <div className="why">
      <div>
        {why.holds ? <CheckCircleFilled className="good" aria-label={t('true')} /> : <CloseCircleFilled className="bad" aria-label={t('false')} />} {local(why.condition)}
        {why.of.length === 0 && <div className="small quiet">{local(why.because)}</div>}
        {rows.length > 0 && (
          <ul className="small quiet">
            {rows.map((row, i) => (
              <li key={row.id ?? i}>
                {i18n.exists(`segments:evidence.${row.kind}`) ? t(`evidence.${row.kind}`) : row.kind} <DateTime at={row.at} time={row.kind === 'event'} />
                {typeof row.total_minor === 'number' && session && (
                  <>
                    {' '}
                    · <Money value={{ amount_minor: row.total_minor, currency: session.currency }} />
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
        {rows.some((row) => row.kind === 'event') && (
          <Link className="small underlined" to={`/customers/profiles/${person}?kind=event`}>
            {t('to_events')}
          </Link>
        )}
      </div>
      {why.of.map((part) => (
        <Why key={part.path} why={part} person={person} />
      ))}
    </div>
  );
}

/** Why one person is in or out, part by part, of the condition as it now stands. */
export function Explain({ definition, segmentId }: { definition: Condition | undefined; segmentId?: string | undefined }) {
  const { t } = useTranslation('segments');
  const [params, setParams] = useSearchParams();
  const person = params.get('person');
  const choose = (id: string | undefined) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (id) after.set('person', id);
        else after.delete('person');
        return after;
      },
      { preventScrollReset: true, replace: true },
    );
  const asked = useQuery({
    queryKey: ['post', '/api/v1/customers/profiles/{id}/explain', person, definition],
    enabled: person !== null && definition !== undefined,
    queryFn: ({ signal }) => {
      if (!person || !definition) throw new Error('asked without a person or a condition');
      const body = segmentId ? { definition, segment_id: segmentId } : { definition };
      return ask<Membership>('post', '/api/v1/customers/profiles/{id}/explain', { params: { path: { id: person } }, body, signal });
    },
  });
  return (
    <section className="card stack-tight" aria-labelledby="explain">
      <h2 id="explain">{t('explain')}</h2>
      <CustomerSelect value={person} onChange={choose} />
      {!person && <p className="small quiet">{t('explain_hint')}</p>}
      <ProblemNote error={asked.error} />
      {asked.isLoading && <Skeleton rows={3} />}
      {person && asked.data && (
        <>
          <div className="row">
            <StatePill tone={asked.data.is_member ? 'good' : 'quiet'}>{t(asked.data.is_member ? 'member' : 'not_member')}</StatePill>
            <Link to={`/customers/profiles/${person}`}>{t('open_person')}</Link>
          </div>
          <Why why={asked.data.why} person={person} />
        </>
      )}
    </section>
  );
}
