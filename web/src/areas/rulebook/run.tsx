import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import type { Run } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { VerdictPill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Record } from '@/patterns/record/record';
import { Evaluate } from './evaluate';
import { EvidenceRows } from './evidence-rows';
import { useParameterValue, useRunWords, verdictOf } from './words';
import './rulebook.css';

function useFacts(run: Run | undefined) {
  const { t } = useTranslation('rulebook');
  const words = useRunWords();
  const value = useParameterValue();
  const format = useFormat();
  const parameters = api.useQuery('get', '/api/v1/rulebook/parameters', {}, { staleTime: 300_000 });
  if (!run) return [];
  const parameter = (key: string) => parameters.data?.items.find((one) => one.key === key)?.title ?? key;
  return [
    { id: 'value', label: t('value'), value: [words.figure(run), words.value(run)].filter(Boolean).join(' · ') },
    { id: 'requirement', label: t('requirement'), value: words.requirement(run) },
    { id: 'window', label: t('window'), value: `${words.window(run)} · ${run.window_from ? format.date(run.window_from, { short: true }) : ''} – ${format.date(run.window_to, { short: true, time: true })}` },
    { id: 'evaluated', label: t('found_at'), value: <DateTime at={run.evaluated_at} time /> },
    { id: 'confirmed', label: t('confirmed_at'), value: <DateTime at={run.confirmed_at} time /> },
    {
      id: 'inputs',
      label: t('parameters'),
      value: Object.entries(run.inputs).length
        ? Object.entries(run.inputs).map(([key, input]) => (
            <div key={key}>
              <Link className="underlined" to={`/rulebook/parameters/${key}`}>{parameter(key)}</Link> {value({ kind: input.kind, unit: '' }, input.value)}
            </div>
          ))
        : undefined,
    },
  ];
}

/** One evidence run (证据): what was measured, with which figures, and the rows that prove it. */
export function RunPage() {
  const { t, i18n } = useTranslation('rulebook');
  const { id = '' } = useParams();
  const run = api.useQuery('get', '/api/v1/rulebook/runs/{id}', { params: { path: { id } } });
  const controlId = run.data?.control_id ?? '';
  const control = api.useQuery('get', '/api/v1/rulebook/controls/{id}', { params: { path: { id: controlId } } }, { enabled: controlId !== '' });
  const facts = useFacts(run.data);
  if (run.isPending) return <Skeleton shape="record" />;
  if (run.isError) return <ErrorState error={run.error} retry={() => void run.refetch()} />;
  const clauses = Object.keys(control.data?.clauses ?? {});
  return (
    <Record
      title={control.data?.title ?? run.data.control_id}
      crumbs={[{ label: t('frame:area.rulebook'), to: '/rulebook' }, ...clauses.map((clause) => ({ label: clause, to: `/rulebook/clauses/${clause}` }))]}
      state={<VerdictPill verdict={verdictOf(run.data.verdict)} />}
      sub={run.data.why}
      actions={control.data && <Evaluate control={control.data} />}
      facts={facts}
      tabs={[
        { id: 'rows', label: t('rows'), content: <EvidenceRows path="/api/v1/rulebook/runs/{id}/rows" of={{ id: run.data.id }} fallback={String(run.data.row_set).toLowerCase()} /> },
        {
          id: 'measure',
          label: t('measure'),
          content: control.data ? (
            <section className="card">
              <p className="clause-text">{control.data.rationale}</p>
              <dl className="facts">
                <dt>{t('measure_view')}</dt>
                <dd>
                  {i18n.exists(`evidence:view.${control.data.view}`) ? t(`evidence:view.${control.data.view}`) : t('evidence:view.other')} <code className="quiet">{control.data.view}</code>
                </dd>
                <dt>{t('measure_filter')}</dt>
                <dd>{control.data.filter ? <code>{control.data.filter}</code> : <Nothing />}</dd>
                <dt>{t('measure_counted')}</dt>
                <dd>{control.data.counted ? <code>{control.data.counted}</code> : <Nothing />}</dd>
              </dl>
            </section>
          ) : (
            <Skeleton rows={4} />
          ),
        },
      ]}
    />
  );
}
