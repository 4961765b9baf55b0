import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { Profile, SegmentPreview } from '@/api/schema';
import { ask } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { Skeleton } from '@/parts/skeleton';
import { ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { whole } from './condition';
import type { Condition } from './contract';
import { nameOf, TierLabel } from './words';

/** Waits for a pause before the server counts. */
const PAUSE_MS = 400;
/** People shown as a sample. */
const SHOWN = 8;

/** The condition once nobody has changed it for a moment and nothing is left to fill in. */
export function useSettled(condition: Condition): Condition | undefined {
  const [settled, setSettled] = useState<Condition | undefined>(whole(condition) ? condition : undefined);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(whole(condition) ? condition : undefined), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [condition]);
  return settled;
}

/** How many meet the condition and each part of it. */
export function usePreview(definition: Condition | undefined, segmentId?: string) {
  return useQuery({
    queryKey: ['post', '/api/v1/customers/segments/preview', definition, segmentId],
    enabled: definition !== undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      if (!definition) throw new Error('asked without a condition');
      const body = segmentId ? { definition, segment_id: segmentId } : { definition };
      return ask<SegmentPreview>('post', '/api/v1/customers/segments/preview', { body, signal });
    },
  });
}

function Sample({ definition, segmentId }: { definition: Condition; segmentId: string | undefined }) {
  const { t } = useTranslation('segments');
  const [, setParams] = useSearchParams();
  const choose = (id: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.set('person', id);
        return after;
      },
      { preventScrollReset: true, replace: true },
    );
  const sample = useQuery({
    queryKey: ['post', '/api/v1/customers/segments/sample', definition, segmentId],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const body = segmentId ? { definition, segment_id: segmentId } : { definition };
      return ask<Page<Profile>>('post', '/api/v1/customers/segments/sample', { body, signal });
    },
  });
  if (!sample.data?.items.length) return null;
  return (
    <section className="card stack-tight" aria-labelledby="sample">
      <h2 id="sample">{t('sample')}</h2>
      <ul className="plain-list">
        {sample.data.items.slice(0, SHOWN).map((row) => (
          <li key={row.id} className="row">
            <Link className="grow" to={`/customers/profiles/${row.id}`}>
              {nameOf(row)}
            </Link>
            <span className="quiet small">{row.city}</span>
            <TierLabel tier={row.tier} />
            <Button size="small" type="link" aria-label={t('why_named', { name: nameOf(row) })} onClick={() => choose(row.id)}>
              {t('why_short')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface TruthProps {
  definition: Condition | undefined;
  segmentId?: string | undefined;
  preview: SegmentPreview | undefined;
  error: unknown;
}

/** What the condition comes to: in words, in people, in examples. */
export function SegmentTruth({ definition, segmentId, preview, error }: TruthProps) {
  const { t } = useTranslation('segments');
  const local = useLocal();
  const format = useFormat();
  return (
    <>
      <section className="card stack-tight" aria-live="polite" aria-label={t('count')}>
        <h2>{t('count')}</h2>
        {!definition && <p className="quiet">{t('unfinished')}</p>}
        <ProblemNote error={error} />
        {definition && !preview && !error && <Skeleton rows={2} />}
        {preview && (
          <>
            <div className="segment-count">{format.number(preview.count)}</div>
            <div className="quiet small">
              {t('of_total', { total: format.number(preview.total), share: format.percent(preview.total ? preview.count / preview.total : 0) })} · <DateTime at={preview.watermark} time />
            </div>
            <p className="data">{local(preview.in_words)}</p>
          </>
        )}
      </section>
      {definition && <Sample definition={definition} segmentId={segmentId} />}
    </>
  );
}
