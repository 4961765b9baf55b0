import { Button, Checkbox, DatePicker, Form, Input, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { AffectedBy, Leak, LeakStep } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { type Fact, Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { Affected, affectedOf, AffectedFields } from './affected';
import { LEAKS, PRIVACY_MANAGE, useLeak, useLeakSteps } from './calls';
import { goneOf, hoursOf, leakClockOf } from './clock';
import { AFFECTED_BY, LEAK_NOTES, LEAKED_DATA } from './contract';
import { useNow } from './now';
import { ActDrawer, ReasonField } from './reason';
import { LeakClockPill, LeakPill } from './words';
import './privacy.css';

interface Shown {
  leak: Leak;
  open: boolean;
  onClose: () => void;
}

/** The clock by which the authority has to know, drawn out to its end. */
export function LeakClock({ leak }: { leak: Leak }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const now = useNow();
  const { tone, says } = leakClockOf(leak, now);
  const runs = says !== 'reported' && says !== 'not_needed';
  return (
    <section className="card stack-tight privacy-clock" aria-label={t('authority_clock')}>
      <div className="row">
        <h2 className="grow">{t('authority_clock')}</h2>
        <LeakClockPill leak={leak} />
      </div>
      {runs && (
        <div className="privacy-bar" aria-hidden="true">
          <i className={`privacy-bar-${tone}`} style={{ width: format.percent(goneOf(leak, now)).replace(',', '.') }} />
        </div>
      )}
      <p className="small quiet">{t('clock_from_to', { hours: hoursOf(leak), from: format.date(leak.discovered_at, { time: true }), to: format.date(leak.authority_due_at, { time: true }) })}</p>
      {leak.authority_reference && (
        <p className="small">
          {t('authority_told')} <DateTime at={leak.authority_reported_at} time /> · <span className="data anywhere">{leak.authority_reference}</span>
        </p>
      )}
      {leak.authority_waived_because && <p className="small data anywhere">{t('authority_waived', { reason: leak.authority_waived_because })}</p>}
    </section>
  );
}

const picked = (at: Dayjs | null | undefined) => at?.toISOString() ?? null;

function WhenField({ name, label }: { name: string; label: string }) {
  const { t } = useTranslation('privacy');
  return (
    <Form.Item name={name} label={label} extra={t('now_when_empty')}>
      <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" style={{ width: '100%' }} />
    </Form.Item>
  );
}

function Report({ leak, ...shown }: Shown) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer
      {...shown}
      row={leak}
      path={`${LEAKS}/{id}/report`}
      title={t('report')}
      hint={t('report_hint')}
      button={t('report')}
      done={t('report_done')}
      bodyOf={({ reference, reported_at }: { reference: string; reported_at?: Dayjs | null }) => ({ reference: reference.trim(), reported_at: picked(reported_at) })}
    >
      <Form.Item name="reference" label={t('reference')} extra={t('reference_hint')} rules={[{ required: true, whitespace: true, message: t('reference_needed') }]}>
        <Input maxLength={200} />
      </Form.Item>
      <WhenField name="reported_at" label={t('reported_at')} />
    </ActDrawer>
  );
}

function Inform({ leak, ...shown }: Shown) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer
      {...shown}
      row={leak}
      path={`${LEAKS}/{id}/inform`}
      title={t('inform')}
      hint={t('inform_hint')}
      button={t('inform')}
      done={t('inform_done')}
      bodyOf={({ how, informed_at }: { how: string; informed_at?: Dayjs | null }) => ({ how: how.trim(), informed_at: picked(informed_at) })}
    >
      <Form.Item name="how" label={t('informed_how')} extra={t('informed_how_hint')} rules={[{ required: true, whitespace: true, message: t('informed_how_needed') }]}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
      <WhenField name="informed_at" label={t('informed_at')} />
    </ActDrawer>
  );
}

function Because({ leak, act, ...shown }: Shown & { act: 'waive' | 'close' }) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer {...shown} row={leak} path={`${LEAKS}/{id}/${act}`} title={t(`leak_act.${act}`)} hint={t(`leak_act_hint.${act}`)} button={t(`leak_act.${act}`)} done={t(`leak_act_done.${act}`)}>
      <ReasonField />
    </ActDrawer>
  );
}

function AddStep({ leak, ...shown }: Shown) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer {...shown} row={leak} path={`${LEAKS}/{id}/steps`} title={t('add_step')} hint={t('add_step_hint')} button={t('add_step')} done={t('step_added')} initial={{ kind: 'measure' }}>
      <Form.Item name="kind" label={t('step_kind')}>
        <Select options={LEAK_NOTES.map((value) => ({ value, label: t(`leak_step.${value}`) }))} />
      </Form.Item>
      <Form.Item name="note" label={t('step_note')} rules={[{ required: true, whitespace: true, message: t('step_note_needed') }]}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
    </ActDrawer>
  );
}

function AddPeople({ leak, ...shown }: Shown) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer {...shown} row={leak} path={`${LEAKS}/{id}/affected`} title={t('add_people')} hint={t('add_people_hint')} button={t('add_people')} done={t('people_added')} initial={{ by: 'segment' }} bodyOf={affectedOf}>
      <AffectedFields />
    </ActDrawer>
  );
}

function Edit({ leak, ...shown }: Shown) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer {...shown} row={leak} path={`${LEAKS}/{id}`} title={t('leak_edit')} button={t('common:save')} done={t('leak_saved')} initial={{ title: leak.title, what_happened: leak.what_happened, fields: leak.fields }}>
      <StoryFields />
      <DataField />
    </ActDrawer>
  );
}

/** What happened, in words. */
export function StoryFields() {
  const { t } = useTranslation('privacy');
  return (
    <>
      <Form.Item name="title" label={t('leak_title')} rules={[{ required: true, whitespace: true, message: t('leak_title_needed') }]}>
        <Input maxLength={200} placeholder={t('leak_title_hint')} />
      </Form.Item>
      <Form.Item name="what_happened" label={t('what_happened')} extra={t('what_happened_hint')} rules={[{ required: true, whitespace: true, min: 5, message: t('what_happened_needed') }]}>
        <Input.TextArea rows={5} maxLength={5000} />
      </Form.Item>
    </>
  );
}

/** Which data it is about. */
export function DataField() {
  const { t } = useTranslation('privacy');
  return (
    <Form.Item name="fields" label={t('fields')} rules={[{ required: true, message: t('fields_needed') }]}>
      <Checkbox.Group className="privacy-checks" options={LEAKED_DATA.map((value) => ({ value, label: t(`data.${value}`) }))} />
    </Form.Item>
  );
}

type Asked = 'report' | 'waive' | 'inform' | 'close' | 'people' | 'step' | 'edit';

function Acts({ leak, asked, onAsk }: { leak: Leak; asked: Asked | undefined; onAsk: (what: Asked | undefined) => void }) {
  const { t } = useTranslation('privacy');
  const close = () => onAsk(undefined);
  const shown = (what: Asked) => ({ leak, open: asked === what, onClose: close });
  const told = leak.clock === 'reported' || leak.clock === 'not_needed';
  if (leak.state === 'closed') return null;
  return (
    <>
      <Button onClick={() => onAsk('edit')}>{t('common:edit')}</Button>
      <Button onClick={() => onAsk('step')}>{t('add_step')}</Button>
      <Button onClick={() => onAsk('people')}>{t('add_people')}</Button>
      {!leak.people_informed_at && <Button onClick={() => onAsk('inform')}>{t('inform')}</Button>}
      {!told && <Button onClick={() => onAsk('waive')}>{t('leak_act.waive')}</Button>}
      {!told && (
        <Button type="primary" onClick={() => onAsk('report')}>
          {t('report')}
        </Button>
      )}
      <Act type={told ? 'primary' : 'default'} why={told ? undefined : t('close_why')} onClick={() => onAsk('close')}>
        {t('leak_act.close')}
      </Act>
      <Report {...shown('report')} />
      <Because {...shown('waive')} act="waive" />
      <Inform {...shown('inform')} />
      <Because {...shown('close')} act="close" />
      <AddPeople {...shown('people')} />
      <AddStep {...shown('step')} />
      <Edit key={leak.version} {...shown('edit')} />
    </>
  );
}

/** What a step is about beside its kind: how people were named is a code, the rest is words. */
function StepNote({ step }: { step: LeakStep }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  if (step.kind === 'affected') {
    const by = AFFECTED_BY.find((one: AffectedBy) => one === step.note);
    return (
      <p className="small">
        {by && <>{t(`by.${by}`)} · </>}
        {t('affected_now', { count: step.count ?? 0, shown: format.number(step.count ?? 0) })}
      </p>
    );
  }
  return step.note ? <p className="data anywhere">{step.note}</p> : null;
}

/** What was done about a leak, from the beginning. */
function Steps({ leak }: { leak: Leak }) {
  const { t } = useTranslation('privacy');
  const steps = useLeakSteps(leak.id);
  if (steps.isPending) return <Skeleton />;
  if (steps.isError) return <ErrorState error={steps.error} retry={() => void steps.refetch()} />;
  return (
    <ol className="card plain-list">
      {steps.data.items.map((step) => (
        <li key={step.id} className="stack-tight">
          <div className="row">
            <span className="strong">{t(`leak_step.${step.kind}`)}</span>
            <span className="quiet small">
              {step.by_name && <>{step.by_name} · </>}
              <DateTime at={step.at} time />
            </span>
          </div>
          <StepNote step={step} />
        </li>
      ))}
    </ol>
  );
}

function Story({ leak }: { leak: Leak }) {
  const { t } = useTranslation('privacy');
  return (
    <section className="card stack-tight">
      <h2>{t('what_happened')}</h2>
      <p className="data anywhere privacy-words">{leak.what_happened}</p>
      {leak.closed_because && (
        <>
          <h3>{t('closed_because')}</h3>
          <p className="data anywhere">{leak.closed_because}</p>
        </>
      )}
    </section>
  );
}

function useFacts(leak: Leak): Fact[] {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  return [
    { id: 'fields', label: t('fields'), value: leak.fields.map((field) => t(`data.${field}`)).join(t('common:list.and')) },
    { id: 'affected', label: t('affected'), value: <Link to="?tab=people">{format.number(leak.affected_count)}</Link> },
    { id: 'discovered', label: t('discovered_at'), value: <DateTime at={leak.discovered_at} time /> },
    { id: 'informed', label: t('people_informed'), value: leak.people_informed_at ? <DateTime at={leak.people_informed_at} time /> : t('not_yet') },
    ...(leak.people_informed_how ? [{ id: 'how', label: t('informed_how'), value: <span className="data anywhere">{leak.people_informed_how}</span> }] : []),
    ...(leak.closed_at ? [{ id: 'closed', label: t('closed_at'), value: <DateTime at={leak.closed_at} time /> }] : []),
  ];
}

function Whole({ leak }: { leak: Leak }) {
  const { t } = useTranslation('privacy');
  const may = useMay()(PRIVACY_MANAGE);
  const facts = useFacts(leak);
  const [asked, setAsked] = useState<Asked>();
  const add = may && leak.state !== 'closed' && <Button onClick={() => setAsked('people')}>{t('add_people')}</Button>;
  return (
    <Record
      title={leak.title}
      crumbs={[{ label: t('title'), to: '/customers/privacy' }, { label: t('tab.leaks'), to: '/customers/privacy?tab=leaks' }, { label: leak.number }]}
      state={<LeakPill state={leak.state} />}
      actions={may && <Acts leak={leak} asked={asked} onAsk={setAsked} />}
      notes={<LeakClock leak={leak} />}
      facts={facts}
      tabs={[
        { id: 'steps', label: t('tab.steps'), content: <Steps leak={leak} /> },
        { id: 'people', label: t('tab.affected'), content: <Affected leak={leak} add={add} /> },
        { id: 'story', label: t('what_happened'), content: <Story leak={leak} /> },
      ]}
    />
  );
}

/** One leak (泄露事件): its clock, what was done, and whom it is about. */
export function LeakPage() {
  const { id = '' } = useParams();
  const leak = useLeak(id);
  if (leak.isPending) return <Skeleton shape="record" />;
  if (leak.isError) return <ErrorState error={leak.error} retry={() => void leak.refetch()} />;
  return <Whole leak={leak.data} />;
}
