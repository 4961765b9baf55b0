import { FieldTimeOutlined } from '@ant-design/icons';
import { Switch } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { masks } from '@/api/masked';
import { useFormat } from '@/format/use-format';
import { Peek } from '@/frame/peek';
import { Copy } from '@/parts/copy';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState, ProblemNote } from '@/parts/states';
import { DateTime, Masked, Nothing } from '@/parts/values';
import { Foot } from '@/patterns/list/bar';
import { useListState } from '@/patterns/list/state';
import { Table } from '@/patterns/list/table';
import { Facts } from '@/patterns/record/record';
import { useEvents } from './calls';
import type { Source } from './contract';
import { oneLine, pretty } from './json';
import { keyed, type KeyedEvent } from './keyed';

/** Rows that stand there at once; more are one click away. */
const SHOWN_AT_ONCE = 100;

/** Events of one second tell apart only by it. */
function useClock(): (at: string) => string {
  const { timeZone } = useFormat();
  return useMemo(() => {
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
    return (at) => clock.format(new Date(at));
  }, [timeZone]);
}

/** The end of a node's id, by which two people are told apart. */
const shortened = (node: string) => node.slice(-8);

function Moment({ at }: { at: string }) {
  const format = useFormat();
  const clock = useClock();
  const today = format.date(at) === format.date(new Date());
  return (
    <time dateTime={at} title={format.date(at, { time: true, weekday: true })} className="nowrap">
      {!today && `${format.date(at, { short: true })} `}
      {clock(at)}
    </time>
  );
}

function Properties({ event }: { event: KeyedEvent }) {
  if (masks(event, 'properties')) return <Masked />;
  if (!event.properties) return <Nothing />;
  return <code className="event-line">{oneLine(event.properties)}</code>;
}

function OneEvent({ event }: { event: KeyedEvent }) {
  const { t } = useTranslation('sources');
  const hidden = masks(event, 'properties');
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'kind', label: t('event_kind_is'), value: t(`event_kind.${event.kind}`) },
          { id: 'arrived', label: t('arrived'), value: <Moment at={event.received_at} /> },
          { id: 'happened', label: t('happened'), value: <DateTime at={event.happened_at} time /> },
          { id: 'node', label: t('who'), value: <code className="anywhere">{event.node}</code> },
          { id: 'message', label: t('message_id'), value: <code className="anywhere">{event.message_id}</code> },
        ]}
      />
      <section className="stack-tight" aria-labelledby="event-properties">
        <div className="row">
          <h3 id="event-properties">{t('properties')}</h3>
          {!hidden && event.properties && <Copy text={event.properties} />}
        </div>
        {hidden ? <Masked /> : event.properties ? <pre className="event-body">{pretty(event.properties)}</pre> : <Nothing />}
      </section>
    </div>
  );
}

/** The events as rows, and the opened one beside them; it stays open after newer ones have pushed it out of the list. */
function Rows({ events }: { events: KeyedEvent[] }) {
  const { t } = useTranslation('sources');
  const [params] = useSearchParams();
  const { state, set } = useListState([]);
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const [held, setHeld] = useState<KeyedEvent>();
  const nameOf = (event: KeyedEvent) => event.name || t(`event_kind.${event.kind}`);
  const found = events.find((event) => event.key === state.peek);
  if (found && held?.key !== found.key) setHeld(found);
  const opened = found ?? (held?.key === state.peek ? held : undefined);
  const close = useCallback(() => set({ peek: undefined }), [set]);
  const linkOf = (event: KeyedEvent) => {
    const next = new URLSearchParams(params);
    next.set('peek', event.key);
    return `?${next.toString()}`;
  };
  return (
    <>
      <section className="card list-card">
        <Table
          label={t('events')}
          rows={events.slice(0, shown)}
          rowKey={(event) => event.key}
          rowName={nameOf}
          linkOf={linkOf}
          onOpen={(event) => set({ peek: event.key }, true)}
          current={state.peek}
          columns={[
            { id: 'at', label: t('arrived'), cell: (event) => <Moment at={event.received_at} /> },
            { id: 'kind', label: t('event_kind_is'), cell: (event) => <Label>{t(`event_kind.${event.kind}`)}</Label> },
            { id: 'name', label: t('event_name'), title: true, cell: (event) => <span className="anywhere">{nameOf(event)}</span> },
            { id: 'who', label: t('who'), cell: (event) => <code title={event.node}>{shortened(event.node)}</code> },
            { id: 'properties', label: t('properties'), wide: true, cell: (event) => <Properties event={event} /> },
          ]}
        />
      </section>
      {events.length > shown && <Foot count={shown} more loading={false} onMore={() => setShown(shown + SHOWN_AT_ONCE)} />}
      {opened && (
        <Peek title={nameOf(opened)} onClose={close}>
          <OneEvent event={opened} />
        </Peek>
      )}
    </>
  );
}

/** The live view (实时事件) of a source: what arrived last, newest first. */
export function Events({ source }: { source: Source }) {
  const { t } = useTranslation('sources');
  const [live, setLive] = useState(true);
  const found = useEvents(source.id, live);
  const events = useMemo(() => keyed(found.data?.items ?? []), [found.data]);
  if (found.isPending) return <Skeleton shape="table" rows={8} />;
  if (found.isError && !found.data) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  return (
    <div className="stack">
      <div className="row">
        <Switch id="events-live" checked={live} onChange={setLive} />
        <label htmlFor="events-live">{t(live ? 'live_on' : 'live_off')}</label>
        <span className="quiet small">{t('events_hint')}</span>
      </div>
      {found.isError && <ProblemNote error={found.error} />}
      {events.length === 0 ? (
        <EmptyState icon={<FieldTimeOutlined />} title={t(source.last_event_at ? 'events_none' : 'events_first')} hint={t(source.last_event_at ? 'events_none_hint' : 'events_first_hint')}>
          <Link to="?tab=install">{t('to_install')}</Link>
        </EmptyState>
      ) : (
        <Rows events={events} />
      )}
    </div>
  );
}
