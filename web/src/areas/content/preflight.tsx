import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { ContentView } from '@/api/schema';
import { StatePill, type Tone } from '@/parts/pill';
import { EmptyState, ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Findings } from './findings';
import { whyNot } from './steps';

const TONES: { [verdict: string]: Tone } = { passed: 'good', warned: 'warn', blocked: 'bad' };

/** Earlier checks, for whoever asks what was known when. */
function Earlier({ id, shown }: { id: string; shown: string | undefined }) {
  const { t } = useTranslation('content');
  const runs = api.useQuery('get', '/api/v1/brand/contents/{id}/preflights', { params: { path: { id }, query: { page_size: 20 } } });
  const earlier = (runs.data?.items ?? []).filter((run) => run.id !== shown);
  if (earlier.length === 0) return null;
  return (
    <details>
      <summary className="quiet small">{t('preflight_earlier', { count: earlier.length })}</summary>
      <ul className="plain-list">
        {earlier.map((run) => (
          <li key={run.id} className="row">
            <StatePill tone={TONES[run.verdict] ?? 'info'}>{t(`preflight_verdict.${run.verdict}`)}</StatePill>
            <span className="quiet small">
              <DateTime at={run.run_at} time /> · {t('preflight_counts', { serious: run.serious_count, warnings: run.warning_count })}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The pre-flight (发布前检查) of the saved version, and why it cannot pass. */
export function Preflight({ item, changed }: { item: ContentView; changed: boolean }) {
  const { t } = useTranslation('content');
  const run = api.useMutation('post', '/api/v1/brand/contents/{id}/preflight', { onSuccess: () => refresh('/api/v1/brand') });
  const found = item.preflight;
  const why = whyNot(item, item.state === 'in_review' ? 'approve' : 'submit');
  return (
    <div className="stack">
      <div className="row">
        {found && <StatePill tone={TONES[found.verdict] ?? 'info'}>{t(`preflight_verdict.${found.verdict}`)}</StatePill>}
        {found && (
          <span className="small quiet">
            <DateTime at={found.run_at} relative /> · {t('word_pack', { pack: found.word_pack, date: found.word_pack_date })}
          </span>
        )}
        <Button size="small" loading={run.isPending} onClick={() => run.mutate({ params: { path: { id: item.id } } })}>
          {t('preflight_run')}
        </Button>
      </div>
      {changed && <p className="warn small">{t('preflight_saved')}</p>}
      <ProblemNote error={run.error} />
      {!found ? <EmptyState title={t('preflight_none')} hint={t('preflight_none_hint')} /> : found.findings.length ? <Findings findings={found.findings} /> : <p>{t('preflight_clean')}</p>}
      {why && (item.state === 'in_review' || found?.verdict === 'blocked') && (
        <section className="stack-tight" aria-labelledby="why-not">
          <h2 id="why-not">{t('why_cannot')}</h2>
          <p className="quiet">{t(`why_not.${why}`)}</p>
        </section>
      )}
      <Earlier id={item.id} shown={found?.id} />
    </div>
  );
}
