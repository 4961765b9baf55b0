import { ExperimentOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { ScoreError, ScoreRun } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { EmptyState } from '@/parts/states';
import { DateTime, Money, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { SCORE_RUNS } from './calls';
import { saved } from './rfm';
import { ScoreVerdictPill, useLackWords } from './words';

/** How wrong the models were, beside saying that everybody goes on as before. */
function ErrorFacts({ error, currency }: { error: ScoreError; currency: string }) {
  const { t } = useTranslation('scores');
  const format = useFormat();
  const money = (amount_minor: number) => <Money value={{ amount_minor, currency }} />;
  const better = saved(error);
  return (
    <section className="stack-tight" aria-labelledby="score-error">
      <h3 id="score-error">{t('error')}</h3>
      <p className="small">{t('error_says', { learned: format.number(error.learned_weeks), predicted: format.number(error.predicted_weeks), count: error.customers, shown: format.number(error.customers) })}</p>
      <p className="small">{better > 0 ? t('error_better', { share: format.percent(better, 0) }) : t('error_worse')}</p>
      <Facts
        facts={[
          { id: 'mae', label: t('orders_mae'), value: format.number(error.orders_mae, 3) },
          { id: 'before', label: t('orders_mae_as_before'), value: format.number(error.orders_mae_as_before, 3) },
          { id: 'orders', label: t('orders_total'), value: t('predicted_actual', { predicted: format.number(error.orders_predicted), actual: format.number(error.orders_actual) }) },
          { id: 'predicted', label: t('value_predicted'), value: money(error.value_predicted_minor) },
          { id: 'actual', label: t('value_actual'), value: money(error.value_actual_minor) },
          { id: 'value_mae', label: t('value_mae'), value: money(error.value_mae_minor) },
        ]}
      />
    </section>
  );
}

/** One training: from what it learned, how wrong it was, and what it found. */
function Run({ run }: { run: ScoreRun }) {
  const { t } = useTranslation('scores');
  const format = useFormat();
  const lacks = useLackWords();
  const { model } = run;
  return (
    <div className="stack">
      <div>
        <ScoreVerdictPill verdict={run.verdict} />
      </div>
      {run.verdict === 'too_little_data' && (
        <p className="score-note">
          {lacks(run)} {t('too_little_means')}
        </p>
      )}
      <Facts
        facts={[
          { id: 'from', label: t('window_from'), value: <DateTime at={run.window_from} /> },
          { id: 'until', label: t('window_until'), value: <DateTime at={run.window_until} /> },
          { id: 'customers', label: t('customers'), value: format.number(run.customers) },
          { id: 'repeat', label: t('repeat_buyers'), value: format.number(run.repeat_buyers) },
          { id: 'scored', label: t('scored'), value: format.number(run.scored) },
          { id: 'horizon', label: t('horizon'), value: t('days', { count: run.horizon_days }) },
          { id: 'discount', label: t('discount'), value: format.percent(run.discount_percent / 100) },
        ]}
      />
      {run.error && <ErrorFacts error={run.error} currency={run.currency} />}
      {model && (
        <section className="stack-tight" aria-labelledby="score-parameters">
          <h3 id="score-parameters">{t('parameters')}</h3>
          <p className="small quiet">{t('parameters_hint')}</p>
          <Facts facts={(['r', 'alpha', 'a', 'b', 'p', 'q', 'v', 'correlation'] as const).map((name) => ({ id: name, label: t(`parameter.${name}`), value: format.number(model[name], 4) }))} />
        </section>
      )}
    </div>
  );
}

/** The trainings of the models (模型训练), latest first. */
export function Models() {
  const { t } = useTranslation('scores');
  const format = useFormat();
  const spec: ListSpec<typeof SCORE_RUNS> = {
    id: 'score_runs',
    path: SCORE_RUNS,
    rowKey: (row) => row.id,
    rowName: (row) => format.date(row.happened_at, { time: true }),
    peek: (row) => <Run run={row} />,
    columns: [
      { id: 'at', label: t('run_at'), title: true, cell: (row) => <DateTime at={row.happened_at} time /> },
      { id: 'cause', label: t('cause_is'), cell: (row) => <span className="nowrap">{t(`cause.${row.cause}`)}</span> },
      { id: 'verdict', label: t('verdict_is'), cell: (row) => <ScoreVerdictPill verdict={row.verdict} /> },
      { id: 'until', label: t('window_until'), wide: true, cell: (row) => <DateTime at={row.window_until} /> },
      { id: 'customers', label: t('customers'), figure: true, cell: (row) => format.number(row.customers) },
      { id: 'repeat', label: t('repeat_buyers'), figure: true, wide: true, cell: (row) => format.number(row.repeat_buyers) },
      { id: 'error', label: t('orders_mae'), figure: true, cell: (row) => (row.error ? format.number(row.error.orders_mae, 3) : <Nothing />) },
      { id: 'before', label: t('orders_mae_as_before'), figure: true, wide: true, cell: (row) => (row.error ? format.number(row.error.orders_mae_as_before, 3) : <Nothing />) },
    ],
    empty: <EmptyState icon={<ExperimentOutlined />} title={t('no_runs')} hint={t('empty_hint')} />,
  };
  return <List spec={spec} label={t('models')} />;
}
