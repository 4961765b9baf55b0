import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { ContentView } from '@/api/schema';
import { OWN_NAMES } from '@/frame/menus';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { whyNot } from './steps';

function Compare({ item, from }: { item: ContentView; from: number }) {
  const { t } = useTranslation('content');
  const diff = api.useQuery('get', '/api/v1/brand/contents/{id}/compare', { params: { path: { id: item.id }, query: { from, to: item.current.number } } });
  if (diff.isPending) return <Skeleton rows={4} />;
  if (diff.isError) return <ErrorState error={diff.error} />;
  const fields = diff.data.fields.filter((field) => field.lines.some((line) => line.change !== 'same'));
  return (
    <section className="stack" aria-label={t('compare')}>
      <h2>{t('compared', { from, to: item.current.number })}</h2>
      {fields.length === 0 && <p className="quiet">{t('no_difference')}</p>}
      {fields.map((field) => (
        <div key={field.language + field.field} className="stack-tight">
          <p className="small quiet">
            {OWN_NAMES[field.language]} · {t(`field.${field.field}`)}
          </p>
          <pre className="diff">
            {field.lines.map((line, i) => (
              <span key={`${line.old_line ?? ''}-${line.new_line ?? ''}-${i}`} className={line.change}>
                {line.change === 'added' ? '+ ' : line.change === 'removed' ? '− ' : '  '}
                {line.text}
                {'\n'}
              </span>
            ))}
          </pre>
        </div>
      ))}
    </section>
  );
}

/** The versions (版本) of an item: compared with the present one, and brought back. */
export function Versions({ item }: { item: ContentView }) {
  const { t } = useTranslation('content');
  const { done, failed } = useNotice();
  const [from, setFrom] = useState<number>();
  const versions = api.useQuery('get', '/api/v1/brand/contents/{id}/versions', { params: { path: { id: item.id } } });
  const restore = api.useMutation('post', '/api/v1/brand/contents/{id}/versions/{number}/restore', {
    onSuccess: async (saved) => {
      done(t('saved', { number: saved.current.number }));
      await refresh('/api/v1/brand');
    },
    onError: failed,
  });
  const why = whyNot(item, 'save');
  if (versions.isPending) return <Skeleton rows={4} />;
  if (versions.isError) return <ErrorState error={versions.error} />;
  return (
    <div className="stack">
      <ul className="plain-list">
        {versions.data.items.map((one) => (
          <li key={one.id} className="row">
            <span className="strong">{t('version_n', { number: one.number })}</span>
            <span className="quiet small grow">
              <DateTime at={one.created_at} time />
              {one.restored_from ? ` · ${t('restored_from', { number: one.restored_from })}` : ''}
              {one.note ? ` · ${one.note}` : ''}
            </span>
            {one.number !== item.current.number && (
              <>
                <Button size="small" onClick={() => setFrom(one.number)}>
                  {t('compare')}
                </Button>
                <Act
                  size="small"
                  why={why ? t(`why_not.${why}`) : undefined}
                  loading={restore.isPending}
                  onClick={() => restore.mutate({ params: { path: { id: item.id, number: one.number }, header: ifMatch(item) } })}
                >
                  {t('restore')}
                </Act>
              </>
            )}
          </li>
        ))}
      </ul>
      {from && <Compare item={item} from={from} />}
    </div>
  );
}
