import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useFormat } from '@/format/use-format';
import { useAll } from './api';
import { type Bar, barsOf, localDay } from './gantt-bars';
import type { ViewProps } from './list';
import { around, monthAfter, monthAsked, monthOf, onDay, weeksOf } from './month';
import { Shape } from './shape';
import { RecordState } from './value';

/** Entries that a day has room for; the rest are said as a number. */
const ENTRIES_MAX = 4;

function Entries({ bars }: { bars: Bar[] }) {
  const { t } = useTranslation('records');
  return (
    <ul className="calendar-entries">
      {bars.slice(0, ENTRIES_MAX).map(({ row }) => (
        <li key={row.id}>
          <Link to={`/records/${row.type_id}/${row.id}`} className={`calendar-entry${row.ended ? ' ended' : ''}`} title={`${row.title}${row.state_title ? ` · ${row.state_title}` : ''}`}>
            {row.title}
          </Link>
        </li>
      ))}
      {bars.length > ENTRIES_MAX && <li className="small quiet">{t('more_entries', { count: bars.length - ENTRIES_MAX })}</li>}
    </ul>
  );
}

function Month({ month, today, bars }: { month: string; today: string; bars: Bar[] }) {
  const format = useFormat();
  const weeks = weeksOf(month);
  const names = new Intl.DateTimeFormat(format.language, { weekday: 'short', timeZone: 'UTC' });
  return (
    <table className="calendar-month card">
      <thead>
        <tr>
          {weeks[0]?.map((day) => (
            <th key={day} scope="col">
              {names.format(new Date(`${day}T12:00:00Z`))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((day) => (
              <td key={day} className={`${monthOf(day) === month ? '' : 'other'}${day === today ? ' today' : ''}`} aria-current={day === today ? 'date' : undefined}>
                <time dateTime={day} className="calendar-day">
                  {Number(day.slice(8))}
                </time>
                <Entries bars={onDay(bars, day)} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The same month as a list of days that have something: for a phone. */
function Agenda({ month, bars }: { month: string; bars: Bar[] }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const days = weeksOf(month)
    .flat()
    .filter((day) => monthOf(day) === month && onDay(bars, day).length > 0);
  if (days.length === 0) return <p className="card quiet calendar-agenda">{t('month_empty')}</p>;
  return (
    <ul className="card plain-list calendar-agenda">
      {days.map((day) => (
        <li key={day} className="stack-tight">
          <span className="strong small">{format.date(`${day}T12:00:00Z`, { short: true, weekday: true })}</span>
          {onDay(bars, day).map(({ row }) => (
            <span key={row.id} className="row">
              <Link to={`/records/${row.type_id}/${row.id}`} className="grow anywhere">
                {row.title}
              </Link>
              <RecordState row={row} />
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** Records on the days of a month; the month stands in the address. */
export function Calendar(props: ViewProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { schema, view, query } = props;
  const [params, setParams] = useSearchParams();
  const today = localDay(new Date().toISOString(), format.timeZone);
  const month = monthAsked(params.get('month'), today);
  const field = view?.from ?? 'created_at';
  // A long entry may have begun in another month; its end tells that it reaches into this one.
  const filter = [query.filter ? `(${query.filter})` : undefined, view?.to ? undefined : around(month, today, field)].filter(Boolean).join(' && ');
  const found = useAll(schema.id, { ...query, filter: filter || undefined });
  const bars = barsOf(found.data?.items ?? [], field, view?.to ?? undefined, undefined, format.timeZone);
  const go = (next: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.set('month', next);
        return after;
      },
      { preventScrollReset: true },
    );
  const title = new Intl.DateTimeFormat(format.language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${month}-15T12:00:00Z`));
  return (
    <section className="stack" aria-label={title}>
      <div className="row calendar-head">
        <Button type="text" icon={<LeftOutlined />} aria-label={t('month_before')} onClick={() => go(monthAfter(month, -1))} />
        <h2 aria-live="polite">{title}</h2>
        <Button type="text" icon={<RightOutlined />} aria-label={t('month_after')} onClick={() => go(monthAfter(month, 1))} />
        {month !== monthOf(today) && (
          <Button size="small" onClick={() => go(monthOf(today))}>
            {t('this_month')}
          </Button>
        )}
      </div>
      <Shape {...props} asked={found} count={found.data ? Math.max(1, found.data.items.length) : undefined} more={found.data?.more ?? false} bare>
        <Month month={month} today={today} bars={bars} />
        <Agenda month={month} bars={bars} />
      </Shape>
    </section>
  );
}
