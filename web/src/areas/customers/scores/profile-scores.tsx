import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { PersonaOfProfile, Score } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Money, Nothing } from '@/parts/values';
import { usePersonaName } from '../personas/calls';
import { useProfileScores } from './calls';
import { DIGITS } from './contract';
import { RfmLabel, ValueTierLabel } from './words';
import './scores.css';

/** A digit from 1 to 5 as filled fields, with what it means. */
function Digit({ name, digit, means }: { name: string; digit: number; means: string }) {
  const { t } = useTranslation('scores');
  return (
    <div className="score-digit">
      <dt>{name}</dt>
      <dd>
        <span className="row">
          <span className="score-dots" aria-hidden="true">
            {DIGITS.map((n) => (
              <i key={n} className={n <= digit ? 'full' : undefined} />
            ))}
          </span>
          <strong>{t('of_five', { digit })}</strong>
        </span>
        <span className="small quiet">{means}</span>
      </dd>
    </div>
  );
}

function Rfm({ score }: { score: Score }) {
  const { t } = useTranslation('scores');
  const format = useFormat();
  const money = format.money({ amount_minor: score.total_minor, currency: score.currency });
  return (
    <section className="card stack-tight" aria-labelledby="score-rfm">
      <div className="row">
        <h2 id="score-rfm">{t('rfm')}</h2>
        <RfmLabel segment={score.rfm_segment} />
      </div>
      <p className="small quiet">{t(`segment_means.${score.rfm_segment}`)}</p>
      <dl className="score-digits">
        <Digit name={t('recency')} digit={score.recency} means={t('recency_means', { count: score.recency_days, shown: format.number(score.recency_days) })} />
        <Digit name={t('frequency')} digit={score.frequency} means={t('frequency_means', { count: score.order_count, shown: format.number(score.order_count) })} />
        <Digit name={t('monetary')} digit={score.monetary} means={t('monetary_means', { money })} />
      </dl>
    </section>
  );
}

function Predicted({ score }: { score: Score }) {
  const { t } = useTranslation('scores');
  const format = useFormat();
  const { p_alive, churn, horizon_days, currency } = score;
  if (typeof p_alive !== 'number') {
    return (
      <section className="card stack-tight" aria-labelledby="score-predicted">
        <h2 id="score-predicted">{t('predicted')}</h2>
        <p className="score-note">{t('too_little_means')}</p>
      </section>
    );
  }
  const money = (amount_minor: number | null | undefined) => (typeof amount_minor === 'number' ? <Money value={{ amount_minor, currency }} /> : <Nothing />);
  return (
    <section className="card stack-tight" aria-labelledby="score-predicted">
      <div className="row">
        <h2 id="score-predicted">{t('predicted')}</h2>
        {score.value_tier && <ValueTierLabel tier={score.value_tier} />}
      </div>
      <p>{t('alive_says', { share: format.percent(p_alive, 0), churn: format.percent(churn ?? 1 - p_alive, 0) })}</p>
      <span className="score-bar" aria-hidden="true">
        <i style={{ width: `${p_alive * 100}%` }} />
      </span>
      <dl className="facts">
        <dt>{t('expected_orders', { count: horizon_days })}</dt>
        <dd>{typeof score.expected_orders === 'number' ? format.number(score.expected_orders, 1) : <Nothing />}</dd>
        <dt>{t('expected_order_value')}</dt>
        <dd>{money(score.expected_order_value_minor)}</dd>
        <dt>{t('expected_value_in', { count: horizon_days })}</dt>
        <dd>{money(score.expected_value_minor)}</dd>
        <dt>{t('next_order')}</dt>
        <dd>{score.next_order_at ? <DateTime at={score.next_order_at} /> : <span className="quiet">{t('no_next_order')}</span>}</dd>
      </dl>
      {score.value_tier && <p className="small quiet">{t(`tier_means.${score.value_tier}`)}</p>}
    </section>
  );
}

function InPersonas({ personas }: { personas: PersonaOfProfile[] }) {
  const { t } = useTranslation('scores');
  const name = usePersonaName();
  return (
    <section className="card stack-tight" aria-labelledby="score-personas">
      <h2 id="score-personas">{t('personas')}</h2>
      {personas.length === 0 ? (
        <p className="quiet">{t('no_personas')}</p>
      ) : (
        <ul className="plain-list">
          {personas.map((persona) => (
            <li key={persona.persona_id}>
              <Link className="strong" to={`/customers/personas/${persona.set_id}#${persona.persona_id}`}>
                {name(persona)}
              </Link>{' '}
              <span className="quiet small data">{persona.set_name}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What somebody's purchases say about them, in figures and in words (客户评分). */
export function ScoresOfProfile({ id }: { id: string }) {
  const { t } = useTranslation('scores');
  const found = useProfileScores(id);
  if (found.isPending) return <Skeleton rows={6} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const { score, personas } = found.data;
  return (
    <div className="stack">
      {score ? (
        <>
          <p className="small quiet">
            {t('computed')} <DateTime at={score.scored_at} time /> · <Link to="/customers/scores?tab=models" className="underlined">{t('to_models')}</Link>
          </p>
          <div className="two-one">
            <Rfm score={score} />
            <Predicted score={score} />
          </div>
        </>
      ) : (
        <EmptyState title={t('no_score')} hint={t('no_score_hint')} />
      )}
      <InPersonas personas={personas} />
    </div>
  );
}
