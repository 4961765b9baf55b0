import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { asProblem } from '@/api/problem';
import { useSourceName } from '@/i18n/source';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { useMay } from '@/session/session';
import { MATCH_DECIDE, useMerges, useUndo } from './calls';
import type { ProfileMerge, Undone } from './contract';
import { ReasonField } from './reason';
import { DecidedBy, NodeWords, useCode, useLikely } from './words';
import './matching.css';

/** Asks why two people are two after all, and parts them. */
function Undo({ merge, onUndone }: { merge: ProfileMerge; onUndone: (undone: Undone) => void }) {
  const { t } = useTranslation('matching');
  const { done, failed } = useNotice();
  const [open, setOpen] = useState(false);
  const undo = useUndo(merge, {
    onDone: (undone) => {
      done(t('undone'));
      setOpen(false);
      onUndone(undone);
    },
    onFailed: (error) => {
      if (!asProblem(error).stale) return;
      setOpen(false);
      failed(error);
    },
  });
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('undo')}
      </Button>
      <FormDrawer<{ reason: string }>
        title={t('undo_title')}
        hint={t('undo_hint')}
        open={open}
        onClose={() => setOpen(false)}
        onFinish={({ reason }) => undo.mutate(reason.trim())}
        act={t('undo')}
        busy={undo.isPending}
        error={undo.error}
      >
        <ReasonField />
      </FormDrawer>
    </>
  );
}

/** By which rule, how sure, and what told it. */
function Because({ merge }: { merge: ProfileMerge }) {
  const { t } = useTranslation('matching');
  const rule = useCode('rule');
  const likely = useLikely();
  const source = useSourceName();
  return (
    <>
      <Label tone={merge.rule === 'fellegi_sunter' ? 'warn' : 'quiet'}>{rule(merge.rule)}</Label>
      {merge.rule === 'fellegi_sunter' && <span>{t('likely', { share: likely(merge.score) })}</span>}
      {merge.rule === 'same_record' && <span className="small quiet">{source(merge.source)}</span>}
    </>
  );
}

function MergeRow({ merge, onUndone }: { merge: ProfileMerge; onUndone: (undone: Undone) => void }) {
  const { t } = useTranslation('matching');
  const may = useMay()(MATCH_DECIDE);
  return (
    <li className="stack-tight">
      <div className="row">
        <Because merge={merge} />
        <span className="small quiet grow">
          <DecidedBy by={merge.decided_by} name={merge.decided_by_name} at={merge.happened_at} />
        </span>
        {merge.undone_at ? <Label>{t('is_undone')}</Label> : may && <Undo merge={merge} onUndone={onUndone} />}
      </div>
      {merge.nodes.length > 0 && (
        <div>
          {t('came')}
          <ul className="match-nodes">
            {merge.nodes.map((node) => (
              <li key={node.id}>
                <NodeWords node={node} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {merge.reason && (
        <p className="small">
          <span className="quiet">{t('reason')}</span> <span className="data anywhere">{merge.reason}</span>
        </p>
      )}
      {merge.undone_at && (
        <p className="small">
          <span className="quiet">{t('undone_by')}</span> <DecidedBy by={merge.undone_by} name={merge.undone_by_name} at={merge.undone_at} />
          {merge.undo_reason && <span className="data anywhere"> · {merge.undo_reason}</span>} · <Link to={`/customers/profiles/${merge.merged_id}`} className="underlined">{t('to_restored')}</Link>
        </p>
      )}
    </li>
  );
}

/** The identifiers by which a person is known today. */
function Nodes({ id }: { id: string }) {
  const { t } = useTranslation('matching');
  const nodes = api.useQuery('get', '/api/v1/customers/profiles/{id}/nodes', { params: { path: { id } } });
  if (nodes.isPending) return <Skeleton rows={2} />;
  if (nodes.isError) return <ErrorState error={nodes.error} retry={() => void nodes.refetch()} />;
  return (
    <ul className="card plain-list">
      {nodes.data.items.map((node) => (
        <li key={node.id} className="row">
          <span className="grow">
            <NodeWords node={node} />
          </span>
          <span className="small quiet">
            {t('belongs_since')} <DateTime at={node.since} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** How the identifiers of a person came together (标识如何归到一起), and the way to part them again. */
export function Merges({ id }: { id: string }) {
  const { t } = useTranslation('matching');
  const merges = useMerges(id);
  const [undone, setUndone] = useState<Undone>();
  if (merges.isPending) return <Skeleton />;
  if (merges.isError) return <ErrorState error={merges.error} retry={() => void merges.refetch()} />;
  return (
    <div className="stack">
      {undone && (
        <p role="status" className="match-done">
          {t('undone_says', { count: undone.retracted })} <Link to={`/customers/profiles/${undone.restored_id}`} className="underlined">{t('to_restored')}</Link>
        </p>
      )}
      <section className="stack-tight" aria-labelledby="merges-nodes">
        <h2 id="merges-nodes">{t('nodes')}</h2>
        <Nodes id={id} />
      </section>
      <section className="stack-tight" aria-labelledby="merges-how">
        <h2 id="merges-how">{t('merges')}</h2>
        {merges.data.items.length === 0 ? (
          <EmptyState title={t('no_merges')} hint={t('no_merges_hint')} />
        ) : (
          <ol className="card plain-list">
            {merges.data.items.map((merge) => (
              <MergeRow key={merge.id} merge={merge} onUndone={setUndone} />
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}
