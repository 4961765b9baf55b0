import { LineChartOutlined, UserAddOutlined, UserDeleteOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { SegmentChange, SegmentHistory } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import { useMode } from '@/theme/mode';
import { chartColours } from '@/theme/palette';
import { CustomerLink } from '../privacy/words';
import { useHistory } from './calls';
import { CHANGES_MAX, dayIn, daysOf, type HistoryDay } from './days';

/** Days that are shown, and how many usually are. */
const SPANS = [30, 90, 365];
const USUAL_SPAN = 30;
/** People of the list who are named at once. */
const NAMED = 10;

/** At noon a day is the same day in every zone that people live in. */
const noon = (day: string) => `${day}T12:00:00Z`;

function useDayWord(): (day: string) => string {
  const format = useFormat();
  return (day) => format.date(noon(day), { short: true });
}

/** How many people there were, day by day. */
function Size({ days }: { days: HistoryDay[] }) {
  const { t } = useTranslation('segments');
  const format = useFormat();
  const word = useDayWord();
  const [first, last] = [days[0], days.at(-1)];
  const number = (cell: unknown) => format.number(Number(cell));
  return (
    <Chart
      title={t('history.size')}
      summary={t('history.size_says', { from: word(first?.day ?? ''), first: number(first?.members ?? 0), to: word(last?.day ?? ''), last: number(last?.members ?? 0) })}
      height={220}
      option={{
        xAxis: { type: 'category', boundaryGap: false, data: days.map(({ day }) => word(day)) },
        yAxis: { type: 'value', scale: true, minInterval: 1, axisLabel: { formatter: (at: number) => format.compact(at) } },
        series: [{ type: 'line', name: t('count'), data: days.map(({ members }) => members), showSymbol: days.length < 3, areaStyle: { opacity: 0.08 }, tooltip: { valueFormatter: number } }],
      }}
      table={{ head: [t('history.day'), t('count')], rows: days.map(({ day, members }) => [word(day), members]), show: [String, number] }}
    />
  );
}

/** How many came and went, day by day. */
function Moves({ days }: { days: HistoryDay[] }) {
  const { t } = useTranslation('segments');
  const format = useFormat();
  const word = useDayWord();
  const { mode } = useMode();
  const [come, gone] = chartColours[mode];
  const sum = (what: 'entered' | 'left') => days.reduce((all, day) => all + (day[what] ?? 0), 0);
  const number = (cell: unknown) => format.number(Math.abs(Number(cell)));
  return (
    <Chart
      title={t('history.moves')}
      summary={t('history.moves_says', { entered: format.number(sum('entered')), left: format.number(sum('left')) })}
      height={200}
      option={{
        legend: {},
        xAxis: { type: 'category', data: days.map(({ day }) => word(day)) },
        yAxis: { type: 'value', minInterval: 1, axisLabel: { formatter: (at: number) => format.compact(Math.abs(at)) } },
        series: [
          { type: 'bar', stack: 'day', name: t('history.change.entered'), color: come, barMaxWidth: 24, data: days.map(({ entered }) => entered), tooltip: { valueFormatter: number } },
          { type: 'bar', stack: 'day', name: t('history.change.left'), color: gone, barMaxWidth: 24, data: days.map(({ left }) => left && -left), tooltip: { valueFormatter: number } },
        ],
      }}
      table={{ head: [t('history.day'), t('history.change.entered'), t('history.change.left')], rows: days.map(({ day, entered, left }) => [word(day), entered, left]), show: [String, number, number] }}
    />
  );
}

function ChangePill({ change }: { change: SegmentChange['change'] }) {
  const { t } = useTranslation('segments');
  const entered = change === 'entered';
  return (
    <StatePill tone={entered ? 'good' : 'warn'} icon={entered ? <UserAddOutlined /> : <UserDeleteOutlined />}>
      {t(`history.change.${change}`)}
    </StatePill>
  );
}

/** Who came and went lately. */
function Lately({ changes }: { changes: SegmentChange[] }) {
  const { t } = useTranslation('segments');
  const [shown, setShown] = useState(NAMED);
  return (
    <section className="stack-tight" aria-labelledby="segment-lately">
      <h2 id="segment-lately">{t('history.lately')}</h2>
      {changes.length === 0 ? (
        <p className="card quiet">{t('history.nobody')}</p>
      ) : (
        <section className="card list-card">
          <Table<SegmentChange>
            label={t('history.lately')}
            rows={changes.slice(0, shown)}
            rowKey={(row) => `${row.profile_id}/${row.at}/${row.change}`}
            rowName={(row) => row.profile_id.slice(-8)}
            linkOf={() => undefined}
            onOpen={() => undefined}
            columns={[
              { id: 'who', label: t('person'), title: true, cell: (row) => <CustomerLink id={row.profile_id} /> },
              { id: 'change', label: t('history.change_is'), cell: (row) => <ChangePill change={row.change} /> },
              { id: 'at', label: t('history.at'), cell: (row) => <DateTime at={row.at} short time /> },
              { id: 'ago', label: t('history.ago'), wide: true, cell: (row) => <DateTime at={row.at} relative /> },
            ]}
          />
        </section>
      )}
      {changes.length > shown && (
        <div>
          <Button onClick={() => setShown(shown + NAMED)}>{t('common:list.load_more')}</Button>
        </div>
      )}
      {changes.length >= CHANGES_MAX && <p className="small quiet">{t('history.cut', { shown: CHANGES_MAX })}</p>}
    </section>
  );
}

function Shown({ history }: { history: SegmentHistory }) {
  const { t } = useTranslation('segments');
  const format = useFormat();
  const [params, setParams] = useSearchParams();
  const span = SPANS.find((one) => String(one) === params.get('days')) ?? USUAL_SPAN;
  const dayOf = dayIn(format.timeZone);
  const days = daysOf(history, dayOf, dayOf(new Date().toISOString()), span);
  const choose = (count: number) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (count === USUAL_SPAN) after.delete('days');
        else after.set('days', String(count));
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  return (
    <div className="stack">
      <div className="row">
        <p className="quiet grow">
          {t(history.live_until ? 'history.live' : 'history.not_live')}
          {!history.live_until && history.evaluated_at && (
            <>
              {' '}
              {t('history.evaluated')} <DateTime at={history.evaluated_at} relative />
            </>
          )}
        </p>
        <Segmented aria-label={t('history.span')} value={span} onChange={choose} options={SPANS.map((value) => ({ value, label: t('history.days', { count: value }) }))} />
      </div>
      <section className="card">
        <Size days={days} />
      </section>
      <section className="card">
        <Moves days={days} />
      </section>
      <Lately changes={history.changes} />
    </div>
  );
}

/** How a segment grew and shrank (人群变化), and who came and went. */
export function History({ id, draft }: { id: string; draft: boolean }) {
  const { t } = useTranslation('segments');
  const history = useHistory(id);
  if (history.isPending) return <Skeleton rows={8} />;
  if (history.isError && !history.data) return <ErrorState error={history.error} retry={() => void history.refetch()} />;
  const { sizes, changes } = history.data;
  if (sizes.length === 0 && changes.length === 0) return <EmptyState icon={<LineChartOutlined />} title={t('history.empty')} hint={t(draft ? 'history.empty_draft' : 'history.empty_hint')} />;
  return <Shown history={history.data} />;
}
