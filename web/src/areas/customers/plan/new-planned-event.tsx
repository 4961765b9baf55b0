import { Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { Problem } from '@/api/problem';
import { Act } from '@/parts/act';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { NoPermission, ProblemNote } from '@/parts/states';
import { useMay } from '@/session/session';
import { SOURCE_MANAGE, useEvents } from '../sources/calls';
import { usePlanEvent } from './calls';
import { type Definition, PLANNED_KINDS, type PlannedKind } from './contract';
import { definitionOf, draftOf, EMPTY } from './definition';
import { blamed, DefinitionFields, FormField } from './definition-form';
import { type Faults, useFaults } from './faults';
import { alike, prefilled } from './prefill';
import { useSourceNames } from './words';
import './plan.css';

const NAME_MAX = 200;

interface Called {
  kind: PlannedKind;
  name: string;
}

/** What the event is called; this cannot be changed later. */
function CalledFields({ called, faults, onCalled }: { called: Called; faults: Faults; onCalled: (called: Called) => void }) {
  const { t } = useTranslation('plan');
  return (
    <>
      <FormField id="plan-kind" label={t('kind_is')} hint={t(`kind_hint.${called.kind}`)}>
        <Select id="plan-kind" value={called.kind} options={PLANNED_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} onChange={(kind) => onCalled({ ...called, kind })} />
      </FormField>
      {called.kind === 'track' && (
        <FormField id="plan-name" label={t('name')} hint={t('name_hint')} fault={faults.get('name')}>
          <Input id="plan-name" value={called.name} maxLength={NAME_MAX} {...blamed('plan-name', faults.get('name'))} onChange={(event) => onCalled({ ...called, name: event.target.value })} />
        </FormField>
      )}
    </>
  );
}

/** From what the form was filled in, where it was. */
function Basis({ source, seen }: { source: string | undefined; seen: number }) {
  const { t } = useTranslation('plan');
  return (
    <section className="card stack-tight" aria-labelledby="plan-basis">
      <h2 id="plan-basis">{t('next_steps')}</h2>
      {source && <p>{seen > 0 ? t('prefilled', { count: seen, source }) : t('prefilled_bare', { source })}</p>}
      <ol className="plan-steps">
        <li>{t('step_draft')}</li>
        <li>{t('step_try')}</li>
        <li>{t('step_live')}</li>
      </ol>
    </section>
  );
}

function NewForm({ begin, name, source, seen }: { begin: Definition; name: string; source: string | undefined; seen: number }) {
  const { t } = useTranslation('plan');
  const { done } = useNotice();
  const navigate = useNavigate();
  const [called, setCalled] = useState<Called>({ kind: 'track', name });
  const [draft, setDraft] = useState(() => draftOf(begin));
  const make = usePlanEvent();
  const { faults, rest } = useFaults(make.error);
  const edited = () => make.error && make.reset();
  const whole = called.kind !== 'track' || called.name.trim() !== '';
  const send = () =>
    make.mutate(
      { kind: called.kind, ...(called.kind === 'track' ? { name: called.name.trim() } : {}), ...definitionOf(draft) },
      {
        onSuccess: (made) => {
          done(t('planned'));
          void navigate(`/customers/plan/${made.id}`, { replace: true });
        },
      },
    );
  return (
    <div className="two-one">
      <section className="card" aria-label={t('definition')}>
        <Form layout="vertical" requiredMark={false} onFinish={() => whole && send()}>
          <DefinitionFields
            draft={draft}
            faults={faults}
            onDraft={(next) => {
              edited();
              setDraft(next);
            }}
            head={
              <CalledFields
                called={called}
                faults={faults}
                onCalled={(next) => {
                  edited();
                  setCalled(next);
                }}
              />
            }
          />
          <div className="stack-tight">
            <ProblemNote error={rest} />
            <div className="row">
              <Act type="primary" htmlType="submit" loading={make.isPending} why={whole ? undefined : t('name_needed')}>
                {t('plan_it')}
              </Act>
            </div>
          </div>
        </Form>
      </section>
      <Basis source={source} seen={seen} />
    </div>
  );
}

/** The form as the last events of the source fill it in. */
function FromEvents({ source_id, name }: { source_id: string; name: string }) {
  const recent = useEvents(source_id, false);
  const source = useSourceNames()(source_id);
  // Without the events it is still a form.
  if (recent.isPending) return <Skeleton shape="record" />;
  const events = recent.data?.items ?? [];
  return <NewForm begin={prefilled({ source_id, name }, events)} name={name} source={source} seen={alike(name, events).length} />;
}

/** Plans an event; one that arrives already is filled in from what it says. */
export function NewPlannedEventPage() {
  const { t } = useTranslation('plan');
  const may = useMay()(SOURCE_MANAGE);
  const [params] = useSearchParams();
  const [source_id, name] = [params.get('source_id'), params.get('name') ?? ''];
  if (!may) return <NoPermission problem={new Problem({ code: 'access.denied', args: { permission: SOURCE_MANAGE } }, 403)} />;
  return (
    <>
      <PageHead title={t('new')} crumbs={[{ label: t('title'), to: '/customers/plan' }, { label: t('new') }]} sub={t('new_sub')} />
      {source_id ? <FromEvents key={`${source_id}/${name}`} source_id={source_id} name={name} /> : <NewForm begin={EMPTY} name={name} source={undefined} seen={0} />}
    </>
  );
}
