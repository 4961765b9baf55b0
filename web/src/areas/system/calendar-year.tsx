import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '@/api/client';
import type { CalendarDay, CalendarMonth, CalendarYear, WorkCalendar } from '@/api/schema';
import { Format } from '@/format/format';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { monthGrid, noon, WEEKDAYS } from './calendar-words';
import './calendar.css';

const UNUSUAL = ['holiday', 'make_up', 'special'];
const KINDS = ['open', 'closed', ...UNUSUAL] as const;

/** Days stand for themselves, in no zone. */
function useDay() {
  const { language } = useFormat();
  const format = new Format(language, 'UTC');
  return (date: string) => format.date(noon(date), { weekday: true });
}

function Day({ day }: { day: CalendarDay | undefined }) {
  const { t } = useTranslation('calendars');
  const say = useDay();
  if (!day) return <td />;
  const kind = String(day.kind);
  const words = [say(day.date), t(`kind.${kind}`), day.name].filter(Boolean).join(', ');
  return (
    <td className={`calendar-day calendar-${kind}`} title={words}>
      <span aria-hidden="true">
        {Number(day.date.slice(8))}
        {UNUSUAL.includes(kind) && <sup>{t(`mark.${kind}`)}</sup>}
      </span>
      <span className="hidden-text">{words}</span>
    </td>
  );
}

function Month({ month, days }: { month: CalendarMonth; days: CalendarDay[] }) {
  const { t } = useTranslation('calendars');
  const format = useFormat();
  const grid = monthGrid(days, month.month);
  const weeks = Array.from({ length: Math.ceil(grid.length / 7) }, (_, week) => Array.from({ length: 7 }, (_, place) => grid[week * 7 + place]));
  return (
    <table className="calendar-month">
      <caption>
        <span className="strong">{t(`month.${month.month}`)}</span>{' '}
        <span className="quiet small">{t('month_sum', { days: month.open_days, hours: format.number(month.minutes / 60, 1) })}</span>
      </caption>
      <thead>
        <tr>
          {WEEKDAYS.map((day) => (
            <th key={day} scope="col" abbr={t(`weekday.${day}`)}>
              {t(`weekday_short.${day}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week, number) => (
          <tr key={number}>
            {week.map((day, place) => (
              <Day key={day?.date ?? place} day={day} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The days that are not like others, in words. */
function Unusual({ days }: { days: CalendarDay[] }) {
  const { t } = useTranslation('calendars');
  const format = useFormat();
  const say = useDay();
  const unusual = days.filter((day) => UNUSUAL.includes(String(day.kind)));
  if (unusual.length === 0) return <p className="quiet">{t('none_unusual')}</p>;
  return (
    <details className="card">
      <summary>{t('unusual', { count: unusual.length })}</summary>
      <ul className="plain-list">
        {unusual.map((day) => (
          <li key={day.date} className="row">
            <time dateTime={day.date}>{say(day.date)}</time>
            <span>{t(`kind.${day.kind}`)}</span>
            <span className="quiet">{day.name}</span>
            {day.minutes > 0 && <span className="quiet">{t('hours_of_day', { hours: format.number(day.minutes / 60, 1) })}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Months({ year }: { year: CalendarYear }) {
  const { t } = useTranslation('calendars');
  return (
    <>
      <ul className="row calendar-legend" aria-label={t('legend')}>
        {KINDS.map((kind) => (
          <li key={kind} className="row">
            <span className={`calendar-swatch calendar-${kind}`} aria-hidden="true" />
            {t(`kind.${kind}`)}
          </li>
        ))}
      </ul>
      <div className="calendar-months">
        {year.months.map((month) => (
          <Month key={month.month} month={month} days={year.days} />
        ))}
      </div>
      <Unusual days={year.days} />
    </>
  );
}

/** A year of a calendar: twelve months, coloured and in words. */
export function YearView({ calendar }: { calendar: WorkCalendar }) {
  const { t } = useTranslation('calendars');
  const [params, setParams] = useSearchParams();
  const wanted = Number(params.get('year')) || undefined;
  const found = api.useQuery('get', '/api/v1/rulebook/calendars/{code}/year', { params: { path: { code: calendar.code }, query: wanted ? { year: wanted } : {} } });
  if (found.isPending) return <Skeleton rows={8} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const { year, holidays_known } = found.data;
  const go = (to: number) =>
    setParams(
      (before) => {
        before.set('year', String(to));
        return before;
      },
      { preventScrollReset: true, replace: true },
    );
  return (
    <section className="stack">
      <div className="row">
        <Button icon={<LeftOutlined />} aria-label={t('year_before')} onClick={() => go(year - 1)} />
        <h2>{year}</h2>
        <Button icon={<RightOutlined />} aria-label={t('year_after')} onClick={() => go(year + 1)} />
      </div>
      {calendar.definition.holidays && !holidays_known && (
        <p className="problem-note" role="status">
          {t('holidays_unknown', { year })}
        </p>
      )}
      <Months year={found.data} />
    </section>
  );
}
