import { DownOutlined, RightOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { CoverageRow, CoverageWeek, StatusCounts } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { Spark } from '@/parts/spark';
import { ErrorState } from '@/parts/states';
import { VerdictBar } from '@/parts/verdict-bar';
import { useMode } from '@/theme/mode';
import { palettes } from '@/theme/palette';
import { Tiles } from '@/patterns/board/board';
import { Turns } from '@/areas/home/coverage';
import { Boards } from './boards';
import { Exports } from './exports';
import '@/areas/home/home.css';
import './rulebook.css';

const PARTS = ['followed', 'broken', 'insufficient', 'uncovered'] as const;

interface RowsProps {
  title: string;
  rows: CoverageRow[];
  /** The clauses behind a row, before any status is asked for. */
  to: (row: CoverageRow) => string;
  /** Shown under a row. */
  inside?: (row: CoverageRow) => CoverageRow[];
}

/** One line per document or department: a bar, and each figure opens its clauses. */
function Rows({ title, rows, to, inside }: RowsProps) {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  const [open, setOpen] = useState<string>();
  const figure = (row: CoverageRow, part: (typeof PARTS)[number], where: string) =>
    row.counts[part] ? <Link to={`${where}&status=${part}`}>{format.number(row.counts[part])}</Link> : <span className="quiet">0</span>;
  const line = (row: CoverageRow, where: string, inner: boolean) => (
    <tr key={row.id} className={inner ? 'inner' : undefined}>
      <th scope="row">
        {!inner && inside && (
          <button
            type="button"
            className="plain-button coverage-open"
            aria-expanded={open === row.id}
            aria-label={t('chapters_of', { title: row.title })}
            onClick={() => setOpen(open === row.id ? undefined : row.id)}
          >
            {open === row.id ? <DownOutlined /> : <RightOutlined />}
          </button>
        )}
        <Link to={where}>{row.title}</Link>
        <VerdictBar counts={row.counts} />
      </th>
      <td data-label={t('clauses')}>{format.number(row.counts.clauses)}</td>
      <td data-label={t('course')}>
        <Course weeks={row.trend} />
      </td>
      {PARTS.map((part) => (
        <td key={part} data-label={t(`common:verdict.${part}`)}>
          {figure(row, part, where)}
        </td>
      ))}
    </tr>
  );
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <table className="coverage-table">
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col">{t('clauses')}</th>
            <th scope="col">{t('course')}</th>
            {PARTS.map((part) => (
              <th scope="col" key={part}>
                {t(`common:verdict.${part}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.flatMap((row) => [
            line(row, to(row), false),
            ...(open === row.id ? (inside?.(row) ?? []) : []).map((chapter) => line(chapter, `/rulebook/clauses?document=${row.id}&chapter=${chapter.id}`, true)),
          ])}
        </tbody>
      </table>
    </section>
  );
}

/** How many clauses were followed in each of the last weeks, as a line at the size of a word; it says itself to screen readers. */
function Course({ weeks }: { weeks: CoverageWeek[] }) {
  const { t } = useTranslation('rulebook');
  const measured = weeks.filter((week) => week.covered > 0);
  const [first, last] = [measured[0], measured.at(-1)];
  if (!first || !last || measured.length < 2) return <span className="quiet">–</span>;
  const said = t('course_says', { count: measured.length, from: first.followed, to: last.followed });
  return (
    <span role="img" aria-label={said} title={said}>
      <Spark points={measured.map((week) => week.followed)} />
    </span>
  );
}

function Trend({ weeks }: { weeks: CoverageWeek[] }) {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  const { mode } = useMode();
  const { link, good, bad } = palettes[mode];
  const last = weeks.at(-1);
  if (!last || weeks.length < 2) return null;
  const series = (['covered', 'followed', 'broken'] as const).map((part) => ({ part, name: t(part === 'covered' ? 'covered' : `common:verdict.${part}`) }));
  return (
    <section className="card">
      <Chart
        title={t('weeks', { count: weeks.length })}
        summary={t('trend_says', { followed: last.followed, broken: last.broken, covered: last.covered })}
        height={200}
        option={{
          legend: {},
          color: [link, good, bad],
          xAxis: { type: 'category', data: weeks.map((week) => format.date(week.from, { short: true })), boundaryGap: false },
          yAxis: { type: 'value', min: 0, minInterval: 1 },
          series: series.map(({ part, name }) => ({ name, type: 'line', data: weeks.map((week) => week[part]), showSymbol: false, lineStyle: { width: 2 } })),
        }}
        table={{ head: [t('week'), ...series.map(({ name }) => name)], rows: weeks.map((week) => [format.date(week.from), ...series.map(({ part }) => week[part])]) }}
      />
    </section>
  );
}

function useTiles(total: StatusCounts) {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  const share = (part: number, whole: number) => (whole ? format.percent(part / whole, 0) : '–');
  const tile = (part: (typeof PARTS)[number], note: string, tone?: 'good' | 'bad' | 'warn') => ({
    id: part,
    label: t(`common:verdict.${part}`),
    value: format.number(total[part]),
    note,
    ...(tone ? { tone } : {}),
    to: `/rulebook/clauses?status=${part}`,
  });
  return [
    { id: 'covered', label: t('covered'), value: `${format.number(total.covered)} / ${format.number(total.clauses)}`, note: share(total.covered, total.clauses), to: '/rulebook/clauses?covered=true' },
    tile('followed', t('of_covered', { share: share(total.followed, total.covered) }), 'good'),
    tile('broken', t('of_covered', { share: share(total.broken, total.covered) }), total.broken ? 'bad' : undefined),
    tile('insufficient', t('insufficient_means'), total.insufficient ? 'warn' : undefined),
    tile('uncovered', t('uncovered_means')),
  ];
}

function Board({ total, departments, weeks }: { total: StatusCounts; departments: CoverageRow[]; weeks: CoverageWeek[] }) {
  const { t } = useTranslation('rulebook');
  const tiles = useTiles(total);
  const documents = api.useQuery('get', '/api/v1/rulebook/documents', {}, { staleTime: 60_000 });
  const chapters = new Map(documents.data?.items.map((one) => [one.id, one.chapters]));
  const rows: CoverageRow[] = documents.data?.items ?? [];
  return (
    <div className="stack">
      <Tiles tiles={tiles} />
      <div className="two-one">
        {documents.isPending ? (
          <div className="card">
            <Skeleton rows={8} />
          </div>
        ) : documents.isError ? (
          <ErrorState error={documents.error} retry={() => void documents.refetch()} />
        ) : (
          <Rows title={t('by_document')} rows={rows} to={(row) => `/rulebook/clauses?document=${row.id}`} inside={(row) => chapters.get(row.id) ?? []} />
        )}
        <div className="stack">
          <Turns />
          <Trend weeks={weeks} />
          <Rows title={t('by_department')} rows={departments} to={(row) => `/rulebook/clauses?department=${row.id}`} />
          <Boards />
        </div>
      </div>
    </div>
  );
}

/** How far the rulebook is followed: by document, by chapter, by department, and over the weeks. */
export function Coverage() {
  const { t } = useTranslation('rulebook');
  const coverage = api.useQuery('get', '/api/v1/rulebook/coverage', {}, { staleTime: 60_000 });
  return (
    <>
      <PageHead title={t('coverage')} sub={t('coverage_sub')} actions={<Exports />} />
      {coverage.isPending ? (
        <Skeleton shape="tiles" rows={5} />
      ) : coverage.isError ? (
        <ErrorState error={coverage.error} retry={() => void coverage.refetch()} />
      ) : (
        <Board total={coverage.data.total} departments={coverage.data.departments} weeks={coverage.data.trend} />
      )}
    </>
  );
}
