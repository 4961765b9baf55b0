import { SyncOutlined, UsergroupAddOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import type { PersonaGroup, PersonaSet } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { newSegment } from '../scores/rfm';
import { PERSONA_EDIT, useArchiveSet, useNamePersona, usePersonaName, usePersonaSet, useRecomputeSet } from './calls';
import { stability } from './stable';
import { Traits } from './traits';
import { PersonaStatePill, StabilityPill } from './words';
import './personas.css';

const NAME_MAX = 100;

/** Calls a group something; an empty name takes it away. */
function NameForm({ set, persona, onClose }: { set: PersonaSet; persona: PersonaGroup | undefined; onClose: () => void }) {
  const { t } = useTranslation('personas');
  const { done } = useNotice();
  const act = useNamePersona(set);
  return (
    <FormDrawer<{ name?: string }>
      key={persona?.id ?? ''}
      title={t('name_it')}
      hint={t('name_it_hint')}
      open={persona !== undefined}
      onClose={onClose}
      act={t('common:save')}
      busy={act.isPending}
      error={act.error}
      initial={{ name: persona?.name ?? '' }}
      onFinish={({ name }) =>
        persona &&
        act.mutate(
          { persona_id: persona.id, name: name?.trim() || null },
          {
            onSuccess: () => {
              done(t('named'));
              onClose();
            },
          },
        )
      }
    >
      <Form.Item name="name" label={t('name')}>
        <Input maxLength={NAME_MAX} />
      </Form.Item>
    </FormDrawer>
  );
}

function Persona({ persona, onName }: { persona: PersonaGroup; onName: (() => void) | undefined }) {
  const { t } = useTranslation('personas');
  const format = useFormat();
  const name = usePersonaName();
  const may = useMay()(PERSONA_EDIT);
  const called = name(persona);
  return (
    <li className="card stack-tight" id={persona.id}>
      <div className="row">
        <h2 className="grow anywhere data">{called}</h2>
        <span className="quiet nowrap">{t('size', { count: persona.size, shown: format.number(persona.size), share: format.percent(persona.share, 0) })}</span>
      </div>
      <Traits traits={persona.traits} />
      <div className="row">
        {may && (
          <Link className="underlined" to={newSegment({ type: 'all', of: [{ type: 'persona', persona_id: persona.id }] }, called)}>
            <UsergroupAddOutlined aria-hidden="true" /> {t('to_segment')} <span className="hidden-text">{called}</span>
          </Link>
        )}
        {onName && (
          <Button size="small" onClick={onName}>
            {t(persona.name ? 'rename' : 'name_it')} <span className="hidden-text">{called}</span>
          </Button>
        )}
      </div>
    </li>
  );
}

/** The groups, or why there are none. */
function Groups({ set, onName }: { set: PersonaSet; onName: ((persona: PersonaGroup) => void) | undefined }) {
  const { t } = useTranslation('personas');
  if (set.state === 'waiting') {
    return (
      <div role="status" className="stack">
        <p>{t('waiting_hint')}</p>
        <Skeleton rows={4} />
      </div>
    );
  }
  if (set.state === 'too_little_data') return <EmptyState title={t('too_little')} hint={t('too_little_hint')} />;
  return (
    <>
      <p className="small quiet">{t('bars_hint')}</p>
      <ul className="persona-groups">
        {(set.personas ?? []).map((persona) => (
          <Persona key={persona.id} persona={persona} onName={onName && (() => onName(persona))} />
        ))}
      </ul>
    </>
  );
}

/** Numbers of groups that were tried, the chosen one marked. */
function Tried({ set }: { set: PersonaSet }) {
  const { t } = useTranslation('personas');
  const format = useFormat();
  if (set.tried.length < 2) return null;
  return (
    <details className="small">
      <summary>{t('tried')}</summary>
      <ul className="persona-tried">
        {set.tried.map(({ group_count, silhouette }) => (
          <li key={group_count} className={group_count === set.personas?.length ? 'strong' : undefined}>
            {t('tried_count', { count: group_count, silhouette: format.number(silhouette, 2) })}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Loaded({ set, onAsked, busy }: { set: PersonaSet; onAsked: () => void; busy: boolean }) {
  const { t } = useTranslation('personas');
  const format = useFormat();
  const navigate = useNavigate();
  const { done, failed } = useNotice();
  const may = useMay()(PERSONA_EDIT) && !set.archived_at;
  const [naming, setNaming] = useState<PersonaGroup>();
  const recompute = useRecomputeSet(set.id);
  const archive = useArchiveSet(set);
  const put = () =>
    archive.mutate(undefined, {
      onSuccess: () => {
        done(t('archived'));
        void navigate('/customers/personas');
      },
      onError: failed,
    });
  return (
    <>
      <Record
        title={set.name}
        crumbs={[{ label: t('title'), to: '/customers/personas' }]}
        state={<PersonaStatePill set={set} />}
        sub={set.computed_at ? <>{t('computed_at')} <DateTime at={set.computed_at} time /></> : undefined}
        actions={
          may && (
            <>
              <Button loading={archive.isPending} onClick={put}>
                {t('archive')}
              </Button>
              <Button
                icon={<SyncOutlined />}
                loading={recompute.isPending || busy}
                onClick={() => recompute.mutate(undefined, { onSuccess: onAsked, onError: failed })}
              >
                {t(busy ? 'recomputing' : 'recompute')}
              </Button>
            </>
          )
        }
        facts={[
          { id: 'features', label: t('features'), value: set.features.map((feature) => t(`feature.${feature}`)).join(' · ') },
          { id: 'count', label: t('group_count'), value: set.group_count ? t('count_is', { count: set.group_count }) : t('count_best') },
          { id: 'people', label: t('people_is'), value: format.number(set.people) },
          { id: 'stability', label: t('stability'), value: <StabilityPill index={set.stability} /> },
          { id: 'silhouette', label: t('silhouette'), value: typeof set.silhouette === 'number' ? format.number(set.silhouette, 2) : <Nothing /> },
        ]}
        notes={set.state === 'usable' && typeof set.stability === 'number' ? <p className="small quiet">{t(`stable_means.${stability(set.stability)}`)}</p> : undefined}
      />
      <div className="stack persona-body">
        <Groups set={set} onName={may ? setNaming : undefined} />
        <Tried set={set} />
      </div>
      <NameForm set={set} persona={naming} onClose={() => setNaming(undefined)} />
    </>
  );
}

/** One way of grouping people (画像方案): its groups, what tells them apart, and how far they may be relied on. */
export function PersonaSetPage() {
  const { id = '' } = useParams();
  // When the groups had been found as a search for them was asked for; undefined where none was.
  const [since, setSince] = useState<string | null>();
  const set = usePersonaSet(id, since);
  if (set.isPending) return <Skeleton shape="record" />;
  if (set.isError) return <ErrorState error={set.error} retry={() => void set.refetch()} />;
  const computed = set.data.computed_at ?? null;
  return <Loaded key={id} set={set.data} busy={since !== undefined && since === computed} onAsked={() => setSince(computed)} />;
}
