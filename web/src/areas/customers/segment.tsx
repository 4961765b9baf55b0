import { Button, Input, Segmented, Tabs } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { SegmentDetail } from '@/api/schema';
import { Act } from '@/parts/act';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState, ProblemNote } from '@/parts/states';
import { useMay } from '@/session/session';
import { example, fresh } from './condition';
import { ConditionText } from './condition-text';
import { ConditionTree } from './condition-tree';
import { type Condition, received, sent } from './contract';
import { Explain } from './explain';
import { History } from './history/history';
import { Hooks } from './history/hooks';
import { LivePill } from './history/live';
import { INSIGHT_EDIT } from './insights/calls';
import { Snapshots } from './history/snapshots';
import { SegmentTruth, usePreview, useSettled } from './segment-preview';
import { SegmentVersions } from './segment-versions';
import { SegmentStatePill } from './segments';
import { fromAddress, same } from './written/plain';
import './customers.css';

interface Draft {
  name: string;
  description: string;
  definition: Condition;
  /** Typed as text that cannot be read yet; the condition is the last one that could. */
  unread?: boolean;
}

/** A draft as the operations take it. */
const bodyOf = ({ name, description, definition }: Draft) => ({ name, description, definition: sent(definition) });

const SEGMENTS = '/api/v1/customers/segments';

interface BuilderProps {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  segmentId?: string | undefined;
  /** What stands below the condition: how to begin, what was refused. */
  below?: ReactNode;
}

/** The condition by choice or as text; which of them, the address says. */
function ConditionEditor({ draft, onDraft, counts, error }: { draft: Draft; onDraft: (draft: Draft) => void; counts: Map<string, number>; error: unknown }) {
  const { t } = useTranslation('conditions');
  const [params, setParams] = useSearchParams();
  const asText = params.get('as') === 'text' || draft.unread === true;
  const show = (as: 'tree' | 'text') =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (as === 'text') after.set('as', as);
        else after.delete('as');
        return after;
      },
      { preventScrollReset: true, replace: true },
    );
  return (
    <div className="stack-tight">
      <div className="row">
        <h2 className="grow">{t('segments:condition')}</h2>
        <Segmented
          size="small"
          aria-label={t('shape')}
          value={asText ? 'text' : 'tree'}
          onChange={show}
          options={[
            { value: 'tree' as const, label: t('as_tree'), disabled: draft.unread === true },
            { value: 'text' as const, label: t('as_text') },
          ]}
        />
      </div>
      {asText ? (
        <ConditionText value={draft.definition} error={error} onChange={(definition) => onDraft({ ...draft, definition, unread: false })} onReadable={(readable) => onDraft({ ...draft, unread: !readable })} />
      ) : (
        <ConditionTree value={draft.definition} path="" counts={counts} onChange={(definition) => onDraft({ ...draft, definition })} />
      )}
    </div>
  );
}

/** The condition on the left, what it comes to on the right. */
function Builder({ draft, onDraft, segmentId, below }: BuilderProps) {
  const { t } = useTranslation('segments');
  const settled = useSettled(draft.definition);
  const preview = usePreview(settled, segmentId);
  const shown = settled ? preview.data : undefined;
  const counts = useMemo(() => new Map(shown?.breakdown.map((part) => [part.path, part.count]).concat([['', shown.count]]) as [string, number][] | undefined), [shown]);
  return (
    <div className="two-one">
      <div className="stack">
        <section className="card stack" aria-label={t('condition')}>
          <div className="stack-tight">
            <label htmlFor="segment-name" className="strong">
              {t('name')}
            </label>
            <Input id="segment-name" maxLength={120} value={draft.name} placeholder={t('name_hint')} onChange={(event) => onDraft({ ...draft, name: event.target.value })} />
            <label htmlFor="segment-description" className="strong">
              {t('description')}
            </label>
            <Input id="segment-description" maxLength={500} value={draft.description} placeholder={t('description_hint')} onChange={(event) => onDraft({ ...draft, description: event.target.value })} />
          </div>
          <ConditionEditor draft={draft} onDraft={onDraft} counts={counts} error={settled ? preview.error : undefined} />
          {below}
        </section>
      </div>
      <div className="stack">
        <SegmentTruth definition={settled} segmentId={segmentId} preview={shown} error={preview.error} />
        <Explain definition={settled} segmentId={segmentId} />
      </div>
    </div>
  );
}

/** Makes a segment. */
export function NewSegmentPage() {
  const { t } = useTranslation('segments');
  const navigate = useNavigate();
  const { done } = useNotice();
  const [params] = useSearchParams();
  const [draft, setDraft] = useState<Draft>(() => ({ name: params.get('name') ?? '', description: '', definition: fromAddress(params.get('definition')) ?? { type: 'all', of: [fresh('tier')] } }));
  const create = api.useMutation('post', SEGMENTS, {
    onSuccess: async (made) => {
      done(t('saved'));
      await refresh(SEGMENTS);
      void navigate(`/customers/segments/${made.id}`, { replace: true });
    },
  });
  return (
    <>
      <PageHead
        title={t('new')}
        crumbs={[{ label: t('title'), to: '/customers/segments' }]}
        actions={
          <Act type="primary" loading={create.isPending} why={draft.unread ? t('conditions:text_unread') : draft.name.trim() ? undefined : t('name_needed')} onClick={() => create.mutate({ body: { ...bodyOf(draft), active: true } })}>
            {t('save')}
          </Act>
        }
      />
      <Builder
        draft={draft}
        onDraft={setDraft}
        below={
          <div className="stack-tight">
            <ProblemNote error={create.error} />
            <div className="row">
              <Button size="small" type="link" onClick={() => setDraft({ ...draft, definition: example(''), unread: false })}>
                {t('use_example')}
              </Button>
            </div>
          </div>
        }
      />
    </>
  );
}

function Steps({ row, draft, changed, onSaved }: { row: SegmentDetail; draft: Draft; changed: boolean; onSaved: () => void }) {
  const { t } = useTranslation('segments');
  const { done, failed } = useNotice();
  const after = (words: string) => async () => {
    done(words);
    await refresh(SEGMENTS);
    onSaved();
  };
  const save = api.useMutation('patch', '/api/v1/customers/segments/{id}', { onSuccess: after(t('saved')), onError: failed });
  const archive = api.useMutation('post', '/api/v1/customers/segments/{id}/archive', { onSuccess: after(t('archived')), onError: failed });
  const count = api.useMutation('post', '/api/v1/customers/segments/{id}/count', { onSuccess: after(t('counted_now')), onError: failed });
  const params = { path: { id: row.id }, header: ifMatch(row) };
  if (row.state === 'archived') return null;
  return (
    <>
      <Button loading={archive.isPending} onClick={() => archive.mutate({ params })}>
        {t('archive')}
      </Button>
      <Button loading={count.isPending} onClick={() => count.mutate({ params: { path: { id: row.id } } })}>
        {t('count_now')}
      </Button>
      {row.state === 'draft' && (
        <Button loading={save.isPending} onClick={() => save.mutate({ params, body: { name: null, description: null, definition: null, active: true } })}>
          {t('activate')}
        </Button>
      )}
      <Act type="primary" loading={save.isPending} why={draft.unread ? t('conditions:text_unread') : changed ? undefined : t('unchanged')} onClick={() => save.mutate({ params, body: { ...bodyOf(draft), active: null } })}>
        {t('save')}
      </Act>
    </>
  );
}

function Loaded({ row }: { row: SegmentDetail }) {
  const { t } = useTranslation('segments');
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const saved: Draft = { name: row.name, description: row.description, definition: received(row.definition) };
  const [edited, setEdited] = useState<Draft>();
  const draft = edited ?? saved;
  const changed = edited !== undefined && (edited.name !== saved.name || edited.description !== saved.description || !same(edited.definition, saved.definition));
  const tabs = [
    { key: 'condition', label: t('condition'), children: <Builder draft={draft} onDraft={setEdited} segmentId={row.id} /> },
    { key: 'history', label: t('history.title'), children: <History id={row.id} draft={row.state === 'draft'} /> },
    { key: 'snapshots', label: t('snapshots.title'), children: <Snapshots id={row.id} archived={row.state === 'archived'} /> },
    { key: 'hooks', label: t('hooks.title'), children: <Hooks id={row.id} archived={row.state === 'archived'} /> },
  ];
  return (
    <>
      <PageHead
        title={row.name}
        crumbs={[{ label: t('title'), to: '/customers/segments' }]}
        state={
          <>
            <SegmentStatePill state={row.state} />
            {row.state === 'active' && <LivePill until={row.live_until} />}
          </>
        }
        sub={
          <>
            {t('version_is', { number: row.version_number })} · <Link to={`/customers/profiles?segment_id=${row.id}`} className="underlined">{t('show_people')}</Link>
            {may(INSIGHT_EDIT) && row.state === 'active' && (
              <>
                {' · '}
                <Link to={`/customers/insights?new=1&of_segment=${row.id}`} className="underlined">
                  {t('insights:of_this')}
                </Link>
              </>
            )}
          </>
        }
        actions={
          <>
            <SegmentVersions id={row.id} current={row.version_number} onTake={(definition) => setEdited({ ...draft, definition, unread: false })} />
            {may('customers.segment.edit') && <Steps row={row} draft={draft} changed={changed} onSaved={() => setEdited(undefined)} />}
          </>
        }
      />
      <Tabs
        activeKey={tabs.find(({ key }) => key === params.get('tab'))?.key ?? 'condition'}
        onChange={(tab) => setParams(tab === 'condition' ? {} : { tab })}
        destroyOnHidden
        items={tabs}
      />
    </>
  );
}

/** One segment: its condition, whom it means, and why somebody is in or out. */
export function SegmentPage() {
  const { id = '' } = useParams();
  const segment = api.useQuery('get', '/api/v1/customers/segments/{id}', { params: { path: { id } } });
  if (segment.isPending) return <Skeleton shape="record" />;
  if (segment.isError) return <ErrorState error={segment.error} retry={() => void segment.refetch()} />;
  return <Loaded key={id} row={segment.data} />;
}
