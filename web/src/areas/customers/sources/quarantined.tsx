import { Button, Form, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { masks } from '@/api/masked';
import { asProblem } from '@/api/problem';
import { Act } from '@/parts/act';
import { Copy } from '@/parts/copy';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { ProblemNote } from '@/parts/states';
import { DateTime, Masked } from '@/parts/values';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { planAddress } from '../plan/prefill';
import { useKindWord } from '../plan/words';
import { SOURCE_MANAGE, useDismiss, useReplay } from './calls';
import type { Fault, QuarantinedEvent } from './contract';
import { nameIn, placeOf, pretty } from './json';
import { Decided, FaultWords, QuarantinePill } from './words';

/** What a refusal says about the body: the fault that is left, and the field. */
function faultOf(error: unknown): Pick<QuarantinedEvent, 'fault' | 'field' | 'detail'> | undefined {
  const { code, args } = error ? asProblem(error) : { code: '', args: {} as { [name: string]: unknown } };
  if (code !== 'customers.quarantine.still_faulty' || typeof args.fault !== 'string') return undefined;
  const detail = typeof args.detail === 'string' && args.detail ? (args.detail as QuarantinedEvent['detail']) : null;
  return { fault: args.fault as Fault, field: typeof args.field === 'string' ? args.field : null, detail };
}

/** Asks why an event is not wanted. */
function Dismiss({ row }: { row: QuarantinedEvent }) {
  const { t } = useTranslation('sources');
  const { done } = useNotice();
  const [open, setOpen] = useState(false);
  const dismiss = useDismiss(row);
  const give = ({ reason }: { reason: string }) => dismiss.mutate(reason.trim(), { onSuccess: () => done(t('dismissed')) });
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('dismiss')}</Button>
      <FormDrawer<{ reason: string }> title={t('dismiss')} hint={t('dismiss_hint')} open={open} onClose={() => setOpen(false)} onFinish={give} act={t('dismiss')} busy={dismiss.isPending} error={dismiss.error}>
        <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
          <Input.TextArea rows={3} maxLength={300} />
        </Form.Item>
      </FormDrawer>
    </>
  );
}

/** The event as it was sent, to be repaired and counted; what is still wrong is said and marked. */
function Repair({ row, body }: { row: QuarantinedEvent; body: string | undefined }) {
  const { t } = useTranslation('sources');
  const { done } = useNotice();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(pretty(body ?? ''));
  const replay = useReplay(row);
  const left = faultOf(replay.error);
  useEffect(() => {
    const refused = faultOf(replay.error);
    if (!refused) return;
    field.current?.focus();
    const place = refused.field ? placeOf(field.current?.value ?? '', refused.field) : undefined;
    if (place) field.current?.setSelectionRange(...place);
  }, [replay.error]);
  return (
    <div className="stack-tight">
      <label htmlFor="event-body" className="strong">
        {t('body')}
      </label>
      {body === undefined ? (
        <Masked />
      ) : (
        <textarea
          id="event-body"
          ref={field}
          className="body-editor"
          rows={10}
          spellCheck={false}
          autoCapitalize="off"
          value={text}
          aria-invalid={left ? true : undefined}
          aria-describedby={left ? 'event-fault' : 'event-body-hint'}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {left ? (
        <p id="event-fault" role="alert" className="bad">
          {t('still_faulty')} <FaultWords of={left} />
        </p>
      ) : (
        <p id="event-body-hint" className="small quiet">
          {t(body === undefined ? 'body_masked' : 'body_hint')}
        </p>
      )}
      {!left && <ProblemNote error={replay.error} />}
      <div className="row">
        <Act type="primary" loading={replay.isPending} why={body === undefined ? t('body_masked') : undefined} onClick={() => replay.mutate(text, { onSuccess: () => done(t('counted')) })}>
          {t('count_it')}
        </Act>
        <Dismiss row={row} />
      </div>
    </div>
  );
}

/** The event as it was sent, to be read. */
function Body({ body }: { body: string | undefined }) {
  const { t } = useTranslation('sources');
  return (
    <section className="stack-tight" aria-labelledby="event-as-sent">
      <div className="row">
        <h3 id="event-as-sent">{t('body')}</h3>
        {body && <Copy text={body} />}
      </div>
      {body === undefined ? <Masked /> : <pre className="event-body">{pretty(body)}</pre>}
    </section>
  );
}

/** The way to plan an event that nobody planned, where its name can be read. */
function ToPlan({ row, body }: { row: QuarantinedEvent; body: string | undefined }) {
  const { t } = useTranslation('plan');
  const name = nameIn(body);
  if (row.detail !== 'not_planned' || !name) return null;
  return (
    <Link to={planAddress({ source_id: row.source_id, name })} className="underlined">
      {t('plan_this_named', { name })}
    </Link>
  );
}

/** One event in quarantine: why it is here, what it says, and what becomes of it. */
export function Quarantined({ row }: { row: QuarantinedEvent }) {
  const { t } = useTranslation('sources');
  const may = useMay()(SOURCE_MANAGE);
  const body = masks(row, 'body') ? undefined : (row.body ?? undefined);
  const open = row.state === 'open';
  const word = useKindWord();
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'state', label: t('state_is'), value: <QuarantinePill state={row.state} /> },
          { id: 'fault', label: t('fault_is'), value: <FaultWords of={row} /> },
          ...(row.expected ? [{ id: 'expected', label: t('plan:expected'), value: word(row.expected) }] : []),
          ...(row.found ? [{ id: 'found', label: t('plan:found'), value: word(row.found) }] : []),
          { id: 'source', label: t('source'), value: <Link to={`/customers/sources/${row.source_id}`}>{row.source_name}</Link> },
          { id: 'at', label: t('arrived'), value: <DateTime at={row.received_at} time /> },
          { id: 'message', label: t('message_id'), value: row.message_id && <code className="anywhere">{row.message_id}</code> },
          ...(open ? [] : [{ id: 'decided', label: t('decided'), value: <Decided row={row} /> }]),
          ...(row.reason ? [{ id: 'reason', label: t('reason'), value: <span className="data">{row.reason}</span> }] : []),
        ]}
      />
      {open && may && <ToPlan row={row} body={body} />}
      {open && may ? <Repair row={row} body={body} /> : <Body body={body} />}
      {open && !may && <p className="source-note">{t('decide_not_allowed')}</p>}
    </div>
  );
}
