import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import type { Control, Run, TrendWeek } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { useRunWords, verdictOf } from './words';

/** Runs that a chart draws at most; a run is kept for each change of value. */
const RUNS_DRAWN = 60;

/** The verdicts of the last weeks as a strip; each week says its verdict on hover and to screen readers. */
export function WeekStrip({ weeks, large }: { weeks: TrendWeek[]; large?: boolean }) {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  const said = (week: TrendWeek) => `${format.date(week.from, { short: true })} ${t(week.verdict ? `common:verdict.${verdictOf(week.verdict)}` : 'no_run')}`;
  if (weeks.length === 0) return null;
  const broken = weeks.filter((week) => week.verdict && verdictOf(week.verdict) === 'broken').length;
  return (
    <div className={`week-strip${large ? ' large' : ''}`}>
      <div className="weeks" role="img" aria-label={t('strip_says', { count: weeks.length, broken })}>
        {weeks.map((week) => (
          <i key={week.from} className={week.verdict ? verdictOf(week.verdict) : undefined} title={said(week)} />
        ))}
      </div>
      {large && (
        <div className="week-ends small quiet">
          <span>{format.date(weeks[0]?.from ?? '', { short: true })}</span>
          <span>{format.date(weeks.at(-1)?.from ?? '', { short: true })}</span>
        </div>
      )}
    </div>
  );
}

/** The value of a control over its runs, against what it must be. */
export function RunChart({ control }: { control: Control }) {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  const navigate = useNavigate();
  const words = useRunWords();
  const found = api.useQuery('get', '/api/v1/rulebook/runs', { params: { query: { control: control.id, page_size: RUNS_DRAWN } } });
  const runs: Run[] = [...(found.data?.items ?? [])].filter((run) => typeof run.value === 'number').reverse();
  const last = runs.at(-1);
  if (runs.length < 2 || !last) return null;
  const open = (_: number, index: number) => {
    const run = runs[index];
    if (run) void navigate(`/rulebook/runs/${run.id}`);
  };
  return (
    <Chart
      title={control.title}
      summary={last.why || words.figure(last)}
      height={180}
      onPick={open}
      option={{
        xAxis: { type: 'category', data: runs.map((run) => format.date(run.evaluated_at, { short: true, time: true })) },
        yAxis: { type: 'value', scale: true },
        series: [
          {
            name: t('value'),
            type: 'line',
            step: 'end',
            data: runs.map((run) => run.value ?? null),
            symbolSize: 7,
            markLine: { silent: true, symbol: 'none', lineStyle: { type: 'dashed' }, label: { formatter: `${t('requirement')} ${words.requirement(last)}`, position: 'insideEndTop' }, data: [{ yAxis: last.threshold }] },
          },
        ],
      }}
      table={{ head: [t('checked'), t('value')], rows: runs.map((run) => [format.date(run.evaluated_at, { time: true }), run.value ?? null]) }}
    />
  );
}
