import { Button, Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { asProblem } from '@/api/problem';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState, ProblemNote } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Facts, Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { SOURCE_MANAGE, useSources } from '../sources/calls';
import { Colleague } from '../sources/words';
import { plannedNow, useChangePlanned, usePlanned, useQualities } from './calls';
import type { Definition } from './contract';
import { type Draft, definitionOf, draftOf, same } from './definition';
import { DefinitionFields } from './definition-form';
import { useFaults } from './faults';
import { Live } from './live';
import { PropertiesShown } from './properties';
import { inUse } from './quality';
import { Clash, Reason } from './save';
import { Try } from './try';
import type { PlannedEvent, PlannedEventHistory } from '@/api/schema';
import { Versions } from './versions';
import { PlannedPill, SourcesOf, useNameOf } from './words';
import './plan.css';

/** A definition while somebody writes on it. */
function useWriting(event: PlannedEvent) {
  const { t } = useTranslation('plan');
  const { done, failed } = useNotice();
  // The version that the writing began with: the page itself goes on asking how the definition stands.
  const [base, setBase] = useState<Definition & { version: number }>(event);
  const [draft, setDraft] = useState(() => draftOf(event));
  const [theirs, setTheirs] = useState<PlannedEventHistory>();
  const [asking, setAsking] = useState(false);
  const change = useChangePlanned(event.id);
  const mine = definitionOf(draft);
  const changed = !same(mine, base);
  const begin = (now: Definition & { version: number }) => {
    setBase(now);
    setDraft(draftOf(now));
    setTheirs(undefined);
  };
  if (!changed && !theirs && event.version > base.version) begin(event);
  const write = (next: Draft) => {
    if (change.error) change.reset();
    setDraft(next);
  };
  const save = (reason: string) =>
    change.mutate(
      { body: { ...mine, reason }, version: theirs?.version ?? base.version },
      {
        onSuccess: (saved) => {
          done(t('saved'));
          setAsking(false);
          begin(saved);
        },
        onError: (error) => {
          const { stale, fields } = asProblem(error);
          // What the reason is not to blame for stands in the form.
          if (stale || fields.some((field) => field.field !== 'reason')) setAsking(false);
          if (stale) plannedNow(event.id).then(setTheirs).catch(failed);
        },
      },
    );
  return { draft, mine, changed, write, theirs, takeTheirs: () => theirs && begin(theirs), undo: () => begin(base), asking, setAsking, save, change };
}

type Writing = ReturnType<typeof useWriting>;

/** The definition as a form. */
function Write({ writing }: { writing: Writing }) {
  const { t } = useTranslation('plan');
  const { draft, changed, write, undo, setAsking, change, asking } = writing;
  const { faults, rest } = useFaults(change.error);
  return (
    <section className="card" aria-label={t('definition')}>
      <Form layout="vertical" requiredMark={false} onFinish={() => changed && setAsking(true)}>
        <DefinitionFields draft={draft} faults={faults} onDraft={write} />
        <div className="stack-tight">
          {!asking && <ProblemNote error={rest} />}
          <div className="row">
            <Act type="primary" htmlType="submit" loading={change.isPending} why={changed ? undefined : t('unchanged')}>
              {t('save')}
            </Act>
            {changed && <Button onClick={undo}>{t('undo')}</Button>}
          </div>
        </div>
      </Form>
    </section>
  );
}

/** The definition, to be read by those who may not change it. */
function Read({ event }: { event: PlannedEvent }) {
  const { t } = useTranslation('plan');
  return (
    <section className="card stack" aria-label={t('definition')}>
      <Facts
        facts={[
          { id: 'description', label: t('description'), value: event.description ? <span className="data">{event.description}</span> : undefined },
          { id: 'extra', label: t('extra_is'), value: t(`extra.${event.extra}`) },
        ]}
      />
      <PropertiesShown properties={event.properties} />
      <p className="quiet small">{t('write_not_allowed')}</p>
    </section>
  );
}

function useFacts(event: PlannedEventHistory) {
  const { t } = useTranslation('plan');
  const format = useFormat();
  const sources = useSources();
  const use = inUse(useQualities(sources.data?.items ?? [])).get(event.id);
  return {
    facts: [
      { id: 'kind', label: t('kind_is'), value: t(`kind.${event.kind}`) },
      { id: 'events', label: t('events_7d'), value: use ? <Link to="?tab=live">{format.number(use.events)}</Link> : <Nothing /> },
      { id: 'sources', label: t('sources'), value: <SourcesOf ids={event.sources} links /> },
      { id: 'properties', label: t('properties'), value: format.number(event.properties.length) },
    ],
    under: [
      {
        id: 'changed',
        label: t('changed_at'),
        value: (
          <>
            {event.updated_by && (
              <>
                <Colleague id={event.updated_by} /> ·{' '}
              </>
            )}
            <DateTime at={event.updated_at} time />
          </>
        ),
      },
      { id: 'reason', label: t('reason'), value: event.reason ? <span className="data">{event.reason}</span> : undefined },
    ],
  };
}

function Shown({ event }: { event: PlannedEventHistory }) {
  const { t } = useTranslation('plan');
  const may = useMay()(SOURCE_MANAGE);
  const title = useNameOf()(event);
  const writing = useWriting(event);
  const { theirs, mine, asking, setAsking, save, change } = writing;
  return (
    <>
      <Record
        title={title}
        crumbs={[{ label: t('title'), to: '/customers/plan' }, { label: title }]}
        state={<PlannedPill state={event.state} />}
        {...useFacts(event)}
        notes={theirs && <Clash mine={mine} theirs={theirs} onMine={() => setAsking(true)} onTheirs={writing.takeTheirs} />}
        tabs={[
          {
            id: 'definition',
            label: t('definition'),
            content: (
              <div className="two-one">
                {may ? <Write writing={writing} /> : <Read event={event} />}
                <Try event={event} changed={writing.changed} />
              </div>
            ),
          },
          { id: 'versions', label: t('versions'), content: <Versions versions={event.versions} /> },
          { id: 'live', label: t('live'), content: <Live event={event} /> },
        ]}
      />
      <Reason open={asking} busy={change.isPending} error={asking ? change.error : undefined} live={mine.state === 'live'} onClose={() => setAsking(false)} onSave={save} />
    </>
  );
}

/** One planned event: what it has to look like, what it was before, and how well it is kept. */
export function PlannedEventPage() {
  const { id = '' } = useParams();
  const event = usePlanned(id);
  if (event.isPending) return <Skeleton shape="record" />;
  if (event.isError && !event.data) return <ErrorState error={event.error} retry={() => void event.refetch()} />;
  return <Shown key={id} event={event.data} />;
}
