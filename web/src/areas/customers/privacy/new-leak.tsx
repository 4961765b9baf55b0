import { Button, DatePicker, Form } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { ifMatch } from '@/api/client';
import { Problem } from '@/api/problem';
import type { Leak, LeakedData, NewAffected, NewLeak } from '@/api/schema';
import { ask } from '@/areas/records/api';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { NoPermission } from '@/parts/states';
import { Facts } from '@/patterns/record/record';
import { Wizard } from '@/patterns/wizard/wizard';
import { useMay } from '@/session/session';
import { affectedOf, AffectedFields } from './affected';
import { LEAKS, leakAt, PRIVACY_MANAGE, useMake } from './calls';
import { DataField, LeakClock, StoryFields } from './leak';
import './privacy.css';

interface Draft {
  title: string;
  what_happened: string;
  discovered_at: Dayjs | null;
  fields: LeakedData[];
  affected: (NewAffected & { profile_id?: string }) | null;
}

const EMPTY: Draft = { title: '', what_happened: '', discovered_at: null, fields: [], affected: null };
/** The bounds that the server keeps. */
const STORY_MIN = 5;

type Filling = { draft: Draft; onDraft: (part: Partial<Draft>) => void };

function Happened({ draft, onDraft }: Filling) {
  const { t } = useTranslation('privacy');
  return (
    <Form<Draft> layout="vertical" requiredMark={false} initialValues={draft} onValuesChange={(part) => onDraft(part)}>
      <StoryFields />
      <Form.Item name="discovered_at" label={t('discovered_at')} extra={t('discovered_hint')}>
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" maxDate={dayjs()} />
      </Form.Item>
    </Form>
  );
}

function Which({ draft, onDraft }: Filling) {
  return (
    <Form<Draft> layout="vertical" requiredMark={false} initialValues={draft} onValuesChange={(part) => onDraft(part)}>
      <DataField />
    </Form>
  );
}

function Whose({ draft, onDraft }: Filling) {
  const { t } = useTranslation('privacy');
  return (
    <>
      <p className="quiet">{t('whose_hint')}</p>
      <Form<NonNullable<Draft['affected']>> layout="vertical" requiredMark={false} initialValues={draft.affected ?? { by: 'segment' }} onValuesChange={(_, all) => onDraft({ affected: all })}>
        <AffectedFields />
      </Form>
    </>
  );
}

/** True where somebody was really named. */
function names(affected: Draft['affected']): affected is NonNullable<Draft['affected']> {
  return Boolean(affected && (affected.segment_id || affected.source || affected.export_id || affected.profile_id));
}

/** What will be written down, before it is. */
function Check({ draft }: { draft: Draft }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  return (
    <>
      <Facts
        facts={[
          { id: 'title', label: t('leak_title'), value: <span className="data anywhere">{draft.title}</span> },
          { id: 'discovered', label: t('discovered_at'), value: draft.discovered_at ? format.date(draft.discovered_at.toDate(), { time: true }) : t('discovered_now') },
          { id: 'fields', label: t('fields'), value: draft.fields.map((field) => t(`data.${field}`)).join(t('common:list.and')) },
          { id: 'affected', label: t('affected'), value: names(draft.affected) ? t(`by.${draft.affected.by}`) : t('affected_unknown') },
        ]}
      />
      <p className="data anywhere privacy-words">{draft.what_happened}</p>
      <p className="privacy-note privacy-warn">{t('check_hint')}</p>
    </>
  );
}

/** What was written down, with the clock that runs from now on. */
function Receipt({ leak }: { leak: Leak }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  return (
    <div className="stack">
      <p className="strong">{t('leak_made', { number: leak.number })}</p>
      <LeakClock leak={leak} />
      <p>{t('affected_now', { count: leak.affected_count, shown: format.number(leak.affected_count) })}</p>
      <h3>{t('next_steps')}</h3>
      <ol className="privacy-points">
        {(['contain', 'report', 'inform'] as const).map((step) => (
          <li key={step}>{t(`next_step.${step}`)}</li>
        ))}
      </ol>
    </div>
  );
}

/** Writes the leak down, then who is affected; what succeeded is not done twice. */
function useRecording(draft: Draft) {
  const make = useMake(LEAKS);
  const [leak, setLeak] = useState<Leak>();
  const [named, setNamed] = useState(false);
  const record = async () => {
    const body: NewLeak = { title: draft.title.trim(), what_happened: draft.what_happened.trim(), fields: draft.fields, discovered_at: draft.discovered_at?.toISOString() ?? null };
    const made = leak ?? (await make.mutateAsync(body));
    setLeak(made);
    if (named || !names(draft.affected)) return;
    const { affected } = draft;
    setLeak(await ask<Leak>('post', `${LEAKS}/{id}/affected`, { params: { path: { id: made.id }, header: ifMatch(made) }, body: affectedOf(affected) }));
    setNamed(true);
  };
  return { leak, record };
}

/** Writes a leak down (登记泄露事件), step by step. */
export function NewLeakPage() {
  const { t } = useTranslation('privacy');
  const may = useMay()(PRIVACY_MANAGE);
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [draft, setDraft] = useState(EMPTY);
  const { leak, record } = useRecording(draft);
  const filling = { draft, onDraft: (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })) };
  const told = draft.title.trim() !== '' && draft.what_happened.trim().length >= STORY_MIN;
  if (!may) return <NoPermission problem={new Problem({ code: 'access.forbidden', args: { permission: PRIVACY_MANAGE } }, 403)} />;
  // What was written is not in the address: whoever comes to a later step anew begins at the first.
  if (!told && !leak && params.has('step') && params.get('step') !== 'happened') return <Navigate to="/customers/privacy/leaks/new" replace />;
  return (
    <>
      <PageHead title={t('new_leak')} sub={t('new_leak_sub')} crumbs={[{ label: t('title'), to: '/customers/privacy' }, { label: t('tab.leaks'), to: '/customers/privacy?tab=leaks' }]} />
      <Wizard
        steps={[
          { id: 'happened', label: t('wizard.happened'), content: <Happened {...filling} />, why: told ? undefined : t('wizard.happened_why') },
          { id: 'fields', label: t('wizard.fields'), content: <Which {...filling} />, why: draft.fields.length > 0 ? undefined : t('fields_needed') },
          { id: 'whose', label: t('wizard.whose'), content: <Whose {...filling} />, next: t(names(draft.affected) ? 'wizard.go_on' : 'wizard.later') },
          { id: 'check', label: t('wizard.check'), content: <Check draft={draft} />, next: t('wizard.record'), onNext: record },
          { id: 'receipt', label: t('wizard.receipt'), content: leak && <Receipt leak={leak} />, final: true },
        ]}
        footer={
          leak && params.get('step') === 'receipt' ? (
            <Button type="primary" onClick={() => void navigate(leakAt(leak.id))}>
              {t('open_leak')}
            </Button>
          ) : (
            <Button onClick={() => void navigate('/customers/privacy?tab=leaks')}>{t('common:cancel')}</Button>
          )
        }
      />
    </>
  );
}
