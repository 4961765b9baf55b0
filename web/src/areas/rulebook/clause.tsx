import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import type { ClauseDetail, Control, Run } from '@/api/schema';
import { PageHead } from '@/parts/head';
import { VerdictPill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Evaluate } from './evaluate';
import { Given } from './given';
import { RunChart, WeekStrip } from './trend';
import { Waivers } from './waivers';
import { useParameterValue, useRunWords, verdictOf } from './words';
import './rulebook.css';

function ControlRow({ control, chosen, onChoose }: { control: Control; chosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation('rulebook');
  const words = useRunWords();
  const { run } = control;
  return (
    <tr className={chosen ? 'chosen' : undefined}>
      <th scope="row">
        <button type="button" className="plain-button control-name" aria-pressed={chosen} onClick={onChoose}>
          {control.title}
        </button>
        <WeekStrip weeks={control.trend} />
      </th>
      <td data-label={t('evidence')} className="quiet">
        {t(`kind.${String(control.kind).toLowerCase()}`)} · {run ? words.window(run) : t('not_connected')}
      </td>
      <td data-label={t('value')} className="figure">
        {run ? <Link to={`/rulebook/runs/${run.id}`}>{words.figure(run)}</Link> : <Nothing />}
      </td>
      <td data-label={t('requirement')} className="figure nowrap">
        {run ? words.requirement(run) : <Nothing />}
      </td>
      <td data-label={t('verdict')}>
        <VerdictPill verdict={run ? verdictOf(run.verdict) : 'uncovered'} />
      </td>
    </tr>
  );
}

function Controls({ detail, chosen, onChoose }: { detail: ClauseDetail; chosen: Control | undefined; onChoose: (id: string) => void }) {
  const { t } = useTranslation('rulebook');
  return (
    <section className="card" aria-labelledby="controls">
      <h2 id="controls">{t('controls')}</h2>
      {detail.controls.length === 0 ? (
        <EmptyState title={t('no_controls')} hint={detail.clause.assessable ? t('no_controls_hint') : t('cut_off')} />
      ) : (
        <table className="controls-table">
          <thead>
            <tr>
              <th scope="col">{t('control')}</th>
              <th scope="col">{t('evidence')}</th>
              <th scope="col" className="figure">
                {t('value')}
              </th>
              <th scope="col" className="figure">
                {t('requirement')}
              </th>
              <th scope="col">{t('verdict')}</th>
            </tr>
          </thead>
          <tbody>
            {detail.controls.map((control) => (
              <ControlRow key={control.id} control={control} chosen={control.id === chosen?.id} onChoose={() => onChoose(control.id)} />
            ))}
          </tbody>
        </table>
      )}
      {chosen && (
        <div className="clause-trend">
          <h3>{t('weeks', { count: detail.trend.length })}</h3>
          <WeekStrip weeks={detail.trend} large />
          <RunChart control={chosen} />
        </div>
      )}
    </section>
  );
}

/** Rows that a reader wants: those that failed where it is broken, else those that prove it. */
function rowsOf(run: Run): string {
  return `/rulebook/runs/${run.id}`;
}

function Why({ control, status }: { control: Control; status: string }) {
  const { t } = useTranslation('rulebook');
  const broken = verdictOf(status) === 'broken';
  return (
    <section className="card" aria-labelledby="why">
      <h2 id="why">{t(broken ? 'why_red' : 'why')}</h2>
      <div className="stack-tight">
        <p className="strong">{control.title}</p>
        {control.run?.why && <p>{control.run.why}</p>}
        <p className="quiet">{control.rationale}</p>
        <Given control={control} />
        <div className="row">
          {control.run && <Link to={rowsOf(control.run)}>{t('see_rows', { count: control.run.row_ids.length })}</Link>}
          <Evaluate control={control} />
        </div>
      </div>
    </section>
  );
}

function Facts({ detail }: { detail: ClauseDetail }) {
  const { t, i18n } = useTranslation('rulebook');
  const value = useParameterValue();
  const { clause } = detail;
  // Packs describe the measurement in English alone.
  const described = i18n.language === 'en';
  return (
    <section className="card" aria-labelledby="clause">
      <h2 id="clause">{t('clause')}</h2>
      <p className="clause-text">{clause.text}</p>
      <dl className="facts">
        <dt>{t('department')}</dt>
        <dd>
          <Link to={`/rulebook/clauses?department=${clause.department}`}>{clause.department_title}</Link>
        </dd>
        <dt>{t('parameters')}</dt>
        <dd>
          {detail.parameters.length === 0 && <Nothing />}
          {detail.parameters.map((parameter) => (
            <div key={parameter.key}>
              {parameter.title} <Link className="underlined" to={`/rulebook/parameters/${parameter.key}`}>{value(parameter, parameter.value)}</Link>
            </div>
          ))}
        </dd>
        <dt>{t('checked')}</dt>
        <dd>
          <DateTime at={clause.checked_at} relative />
        </dd>
        <dt>{t('shown')}</dt>
        <dd>{clause.coverage ? t(`covers.${String(clause.coverage).toLowerCase()}`) : <Nothing />}</dd>
        {described && (
          <>
            <dt>{t('software')}</dt>
            <dd>{detail.software || <Nothing />}</dd>
            <dt>{t('evidence')}</dt>
            <dd>{detail.evidence || <Nothing />}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** One clause: what it asks, what was measured against what, and why it stands as it does. */
export function ClausePage() {
  const { t } = useTranslation('rulebook');
  const { id = '' } = useParams();
  const [picked, setPicked] = useState<string>();
  const detail = api.useQuery('get', '/api/v1/rulebook/clauses/{id}', { params: { path: { id } } });
  if (detail.isPending) return <Skeleton shape="record" />;
  if (detail.isError) return <ErrorState error={detail.error} retry={() => void detail.refetch()} />;
  const { clause, controls } = detail.data;
  const worst = controls.find((control) => control.run && verdictOf(control.run.verdict) === 'broken') ?? controls.find((control) => control.run);
  const chosen = controls.find((control) => control.id === picked) ?? worst ?? controls[0];
  return (
    <>
      <PageHead
        title={`${clause.id} ${clause.title}`}
        crumbs={[
          { label: t('frame:area.rulebook'), to: '/rulebook' },
          { label: detail.data.document_title, to: `/rulebook/clauses?document=${clause.document}` },
          { label: detail.data.chapter_title, to: `/rulebook/clauses?document=${clause.document}&chapter=${clause.chapter}` },
          { label: clause.section },
        ]}
        state={<VerdictPill verdict={verdictOf(clause.status)} stale={clause.stale} overridden={clause.overridden} />}
        sub={worst?.run?.why}
      />
      <div className="two-one">
        <Controls detail={detail.data} chosen={chosen} onChoose={setPicked} />
        <div className="stack">
          <Facts detail={detail.data} />
          {chosen && <Why control={chosen} status={clause.status} />}
          <Waivers detail={detail.data} />
        </div>
      </div>
    </>
  );
}
