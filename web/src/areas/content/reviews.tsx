import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { ContentView } from '@/api/schema';
import { Person } from '@/parts/avatar';
import { StatePill } from '@/parts/pill';
import { EmptyState, ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';

function Comments({ item }: { item: ContentView }) {
  const { t } = useTranslation('content');
  const [text, setText] = useState('');
  const path = { params: { path: { id: item.id } } };
  const comments = api.useQuery('get', '/api/v1/brand/contents/{id}/comments', path);
  const add = api.useMutation('post', '/api/v1/brand/contents/{id}/comments', {
    onSuccess: async () => {
      setText('');
      await refresh('/api/v1/brand/contents/{id}/comments');
    },
  });
  const resolve = api.useMutation('post', '/api/v1/brand/comments/{id}/resolve', { onSuccess: () => refresh('/api/v1/brand/contents/{id}/comments') });
  return (
    <section className="stack" aria-labelledby="comments">
      <h2 id="comments">{t('comments')}</h2>
      <ul className="plain-list">
        {comments.data?.items.map((one) => (
          <li key={one.id} className="stack-tight">
            <div className="row">
              <Person name={one.created_by_name} />
              <span className="small quiet">
                <DateTime at={one.created_at} relative />
              </span>
              {one.resolved_at ? (
                <StatePill tone="good">{t('resolved')}</StatePill>
              ) : (
                <Button size="small" onClick={() => resolve.mutate({ params: { path: { id: one.id } } })}>
                  {t('resolve')}
                </Button>
              )}
            </div>
            <p className="anywhere">{one.body}</p>
          </li>
        ))}
      </ul>
      <Input.TextArea aria-label={t('comment_add')} rows={2} maxLength={2000} value={text} onChange={(event) => setText(event.target.value)} />
      <ProblemNote error={add.error ?? resolve.error} />
      <div>
        <Button disabled={!text.trim()} loading={add.isPending} onClick={() => add.mutate({ ...path, body: { body: text.trim() } })}>
          {t('comment_add')}
        </Button>
      </div>
    </section>
  );
}

/** The reviews (审核) of an item, its approval, and what was remarked. */
export function Reviews({ item }: { item: ContentView }) {
  const { t } = useTranslation('content');
  const reviews = api.useQuery('get', '/api/v1/brand/contents/{id}/reviews', { params: { path: { id: item.id } } });
  const { approval } = item;
  return (
    <div className="stack">
      {approval && (
        <div className="row">
          <StatePill tone={approval.state === 'valid' ? 'good' : 'warn'}>{t(`approval.${approval.state}`)}</StatePill>
          <span className="small quiet">
            {t('approved_by', { name: approval.approved_by_name, number: approval.number })} · <DateTime at={approval.approved_at} time />
          </span>
        </div>
      )}
      {reviews.data?.items.length === 0 && <EmptyState title={t('reviews_empty')} hint={t('reviews_empty_hint')} />}
      <ul className="plain-list">
        {reviews.data?.items.map((one) => (
          <li key={one.id} className="stack-tight">
            <div className="row">
              <Person name={one.submitted_by_name} />
              <span className="small quiet">
                {t('version_n', { number: one.number })} · <DateTime at={one.submitted_at} time />
              </span>
              <StatePill tone={one.decided_at ? 'quiet' : 'info'}>{t(`decision.${one.decided_at ? String(one.decision) : 'open'}`)}</StatePill>
            </div>
            {one.message && <p>{one.message}</p>}
            {one.decided_by_name && (
              <p className="small quiet">
                {one.decided_by_name} · <DateTime at={one.decided_at} time />
                {one.reason && ` · ${one.reason}`}
              </p>
            )}
          </li>
        ))}
      </ul>
      <Comments item={item} />
    </div>
  );
}
