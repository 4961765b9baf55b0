import { Button, Input } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Condition, SegmentDetail } from '@/api/schema';
import { Act } from '@/parts/act';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState, ProblemNote } from '@/parts/states';
import { useMay } from '@/session/session';
import { example, fresh } from './condition';
import { ConditionTree } from './condition-tree';
import { Explain } from './explain';
import { SegmentTruth, usePreview, useSettled } from './segment-preview';
import { SegmentVersions } from './segment-versions';
import { SegmentStatePill } from './segments';
import './customers.css';

interface Draft {
  name: string;
  description: string;
  definition: Condition;
}

const SEGMENTS = '/api/v1/customers/segments';

interface BuilderProps {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  segmentId?: string | undefined;
  /** What stands below the condition: how to begin, what was refused. */
  below?: ReactNode;
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
          <div className="stack-tight">
            <h2>{t('condition')}</h2>
            <ConditionTree value={draft.definition} path="" counts={counts} onChange={(definition) => onDraft({ ...draft, definition })} />
          </div>
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
  const [draft, setDraft] = useState<Draft>({ name: '', description: '', definition: { type: 'all', of: [fresh('tier')] } });
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
          <Act type="primary" loading={create.isPending} why={draft.name.trim() ? undefined : t('name_needed')} onClick={() => create.mutate({ body: { ...draft, active: true } })}>
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
              <Button size="small" type="link" onClick={() => setDraft({ ...draft, definition: example('') })}>
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
      <Act type="primary" loading={save.isPending} why={changed ? undefined : t('unchanged')} onClick={() => save.mutate({ params, body: { ...draft, active: null } })}>
        {t('save')}
      </Act>
    </>
  );
}

function Loaded({ row }: { row: SegmentDetail }) {
  const { t } = useTranslation('segments');
  const may = useMay();
  const saved: Draft = { name: row.name, description: row.description, definition: row.definition };
  const [edited, setEdited] = useState<Draft>();
  const draft = edited ?? saved;
  const changed = edited !== undefined && JSON.stringify(edited) !== JSON.stringify(saved);
  return (
    <>
      <PageHead
        title={row.name}
        crumbs={[{ label: t('title'), to: '/customers/segments' }]}
        state={<SegmentStatePill state={row.state} />}
        sub={
          <>
            {t('version_is', { number: row.version_number })} · <Link to={`/customers/profiles?segment_id=${row.id}`} className="underlined">{t('show_people')}</Link>
          </>
        }
        actions={
          <>
            <SegmentVersions id={row.id} current={row.version_number} onTake={(definition) => setEdited({ ...draft, definition })} />
            {may('customers.segment.edit') && <Steps row={row} draft={draft} changed={changed} onSaved={() => setEdited(undefined)} />}
          </>
        }
      />
      <Builder draft={draft} onDraft={setEdited} segmentId={row.id} />
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
