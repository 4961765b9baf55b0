import { DownloadOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { FormChannel, FormDifference, FormQuestion, FormResults as Results, RecordForm } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { Money } from '@/parts/values';
import { ExportMenu } from '@/patterns/list/export';
import { Table } from '@/patterns/list/table';
import { useSession } from '@/session/session';
import { RECORDS, useAsked } from './api';

/** What each channel brought, what was noted by hand included. */
function Channels({ results }: { results: Results }) {
  const { t } = useTranslation('forms');
  const { session } = useSession();
  const money = (minor: number | null | undefined) => <Money value={session && typeof minor === 'number' ? { amount_minor: minor, currency: session.currency } : null} />;
  const costs = results.channels.some((one) => typeof one.cost_minor === 'number');
  const successes = results.channels.some((one) => typeof one.outcomes === 'number');
  const states = results.states.filter((state) => results.channels.some((one) => one.by_state[state.id]));
  return (
    <section className="card stack-tight" aria-label={t('by_channel')}>
      <h2>{t('by_channel')}</h2>
      <Table<FormChannel>
        label={t('by_channel')}
        rows={results.channels}
        rowKey={(one) => one.channel ?? ''}
        rowName={(one) => one.title ?? t('no_channel')}
        linkOf={() => undefined}
        onOpen={() => undefined}
        columns={[
          { id: 'channel', label: t('channel'), title: true, cell: (one) => one.title ?? t('no_channel') },
          { id: 'visits', label: t('visits'), figure: true, cell: (one) => one.visits },
          { id: 'records', label: t('records'), figure: true, cell: (one) => one.records },
          ...states.map((state) => ({ id: `state_${state.id}`, label: state.title, figure: true, cell: (one: FormChannel) => one.by_state[state.id] ?? 0 })),
          ...(successes ? [{ id: 'outcomes', label: t('outcomes'), figure: true, cell: (one: FormChannel) => one.outcomes ?? 0 }] : []),
          ...(costs ? [{ id: 'cost', label: t('cost'), figure: true, cell: (one: FormChannel) => money(one.cost_minor) }] : []),
          ...(costs && successes ? [{ id: 'cost_per', label: t('cost_per'), figure: true, cell: (one: FormChannel) => money(one.cost_per_outcome_minor) }] : []),
        ]}
      />
    </section>
  );
}

function Question({ question, earlier }: { question: FormQuestion; earlier: string | null | undefined }) {
  const { t } = useTranslation('forms');
  const format = useFormat();
  const percent = (value: unknown) => (typeof value === 'number' ? `${format.number(value, 1)}%` : '–');
  const points = (difference: FormDifference | null | undefined) => {
    if (!difference) return '–';
    const [change, low, high] = [difference.points, difference.low, difference.high].map((one) => format.number(one, 1));
    return `${t('points', { points: change, low, high })}${difference.significant ? ` · ${t('significant')}` : ''}`;
  };
  const { choices } = question;
  const first = choices.reduce<(typeof choices)[number] | undefined>((most, one) => (most && most.count >= one.count ? most : one), undefined);
  const compared = choices.some((one) => typeof one.compared_share === 'number');
  const figures = [typeof question.mean === 'number' && t('mean', { value: format.number(question.mean, 2) }), typeof question.net_promoter_score === 'number' && t('nps', { value: format.number(question.net_promoter_score, 1) })].filter((one) => one !== false);
  return (
    <section className="card stack-tight" aria-label={question.text}>
      {choices.length === 0 && <h2>{question.text}</h2>}
      {choices.length > 0 && (
        <Chart
          title={question.text}
          summary={t('chart_says', { count: question.answered, first: first?.value ?? '' })}
          height={Math.max(140, choices.length * (compared ? 44 : 30) + 40)}
          option={{
            grid: { right: 56 },
            ...(compared ? { legend: {} } : {}),
            xAxis: { type: 'value', max: 100, axisLabel: { formatter: '{value}%' } },
            yAxis: { type: 'category', inverse: true, data: choices.map((one) => one.value) },
            series: [
              { type: 'bar', name: t('now'), barMaxWidth: 18, data: choices.map((one) => one.share), label: { show: true, position: 'right', formatter: ({ value }) => percent(value) }, tooltip: { valueFormatter: percent } },
              ...(compared ? [{ type: 'bar' as const, name: t('then'), barMaxWidth: 18, data: choices.map((one) => one.compared_share ?? null), tooltip: { valueFormatter: percent } }] : []),
            ],
          }}
          table={{
            head: [t('option'), t('answers'), t('share'), ...(compared ? [t('then'), t('difference')] : [])],
            rows: choices.map((one) => [one.value, one.count, one.share, ...(compared ? [one.compared_share ?? null, points(one.difference)] : [])]),
            show: [String, String, percent, ...(compared ? [percent, String] : [])],
          }}
        />
      )}
      <p className="quiet">{[t('answered', { count: question.answered }), ...figures].join(' · ')}</p>
      {compared && earlier && (
        <ul className="plain-list">
          {choices.map((one) => (
            <li key={one.value} className="row">
              <span className="grow">{one.value}</span>
              <span className="figure">{points(one.difference)}</span>
            </li>
          ))}
        </ul>
      )}
      {question.kind === 'text' &&
        (question.texts.length > 0 ? (
          <ul className="plain-list" aria-label={t('texts')}>
            {question.texts.map((text, at) => (
              <li key={at} className="anywhere">
                {text}
              </li>
            ))}
          </ul>
        ) : (
          <p className="quiet">{t('texts_none')}</p>
        ))}
    </section>
  );
}

/** What came of a form, by channel and by question, beside the wave before. */
export function FormResults({ type, id, form }: { type: string; id: string; form: RecordForm }) {
  const { t } = useTranslation('forms');
  const format = useFormat();
  const path = { type, id, form: form.form_type };
  const results = useAsked<Results>(`${RECORDS}/{type}/{id}/forms/{form}/results`, { params: { path } });
  if (results.isPending) return <Skeleton rows={4} />;
  if (results.isError) return <ErrorState error={results.error} retry={() => void results.refetch()} />;
  const { data } = results;
  const { compared_with: earlier } = data;
  return (
    <div className="stack">
      {form.published_at && (
        <section className="card stack-tight" aria-label={t('results')}>
          <div className="row">
            <h2 className="grow">{t('results')}</h2>
            {data.questions.length > 0 && <ExportMenu path={`${RECORDS}/${type}/${id}/forms/${form.form_type}/results/export`} filters={[]} icon={<DownloadOutlined />} />}
          </div>
          <dl className="facts">
            <div>
              <dt>{t('visits')}</dt>
              <dd>{format.number(data.visits)}</dd>
            </div>
            <div>
              <dt>{t('answers')}</dt>
              <dd>{data.invited > 0 ? t('of_invited', { answers: format.number(data.answers), invited: format.number(data.invited) }) : format.number(data.answers)}</dd>
            </div>
            {typeof data.response_rate === 'number' && (
              <div>
                <dt>{t('response_rate')}</dt>
                <dd>{`${format.number(data.response_rate, 1)}%`}</dd>
              </div>
            )}
          </dl>
          {earlier && (
            <p className="quiet">
              <Label tone="info">{t('compared', { title: earlier, count: data.compared_answers })}</Label> {t('source')}
            </p>
          )}
        </section>
      )}
      {data.channels.length > 0 && <Channels results={data} />}
      {data.questions.map((question) => (
        <Question key={question.code} question={question} earlier={earlier} />
      ))}
    </div>
  );
}
