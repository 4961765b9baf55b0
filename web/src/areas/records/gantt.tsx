import { BarChartOutlined, TableOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type CSSProperties, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useFormat } from '@/format/use-format';
import { useNotice } from '@/parts/notice';
import { DateTime, Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import { useAll, useChange } from './api';
import { type Bar, barsOf, dateOf, dayOf, localDay, marks, spanOf, tooEarly, type Unit } from './gantt-bars';
import { GanttArrows } from './gantt-arrows';
import { GanttBar } from './gantt-bar';
import { datesOf, type Grip, valuesOf } from './gantt-moves';
import type { ViewProps } from './list';
import { NoRecords, Shape } from './shape';
import type { RecordSchema, RecordView } from './types';
import { RecordState } from './value';

/** The field by which records name what they wait for. */
const DEPENDS_ON = 'depends_on';

const noon = (day: number) => `${dateOf(day)}T12:00:00Z`;

function useMark(unit: Unit): (day: number) => string {
  const format = useFormat();
  if (unit === 'day' || unit === 'week') return (day) => format.date(noon(day), { short: true });
  const months = new Intl.DateTimeFormat(format.language, { year: 'numeric', month: 'short', timeZone: 'UTC' });
  return (day) => months.format(new Date(noon(day)));
}

interface ChartProps {
  bars: Bar[];
  today: number;
  /** What of a bar the reader may move. */
  grips: (bar: Bar) => Grip[];
  onMove: (bar: Bar, next: { from: number; to: number }) => void;
}

/** Which bars may be moved, and what moving one writes. */
function useMoves(schema: RecordSchema, view: RecordView | undefined) {
  const { t } = useTranslation('records');
  const { done, failed } = useNotice();
  const change = useChange(schema.id);
  const fields = datesOf(schema, view);
  const all: Grip[] = fields.from && fields.to ? ['from', 'whole', 'to'] : fields.from && !view?.to ? ['whole'] : fields.to ? ['to'] : fields.from ? ['from'] : [];
  const grips = (bar: Bar): Grip[] => (schema.can_write && !bar.row.ended && !bar.open ? all : []);
  const onMove = (bar: Bar, next: { from: number; to: number }) => {
    const values = valuesOf(bar, next, fields);
    if (Object.keys(values).length === 0) return;
    const back = valuesOf(next, bar, fields);
    change.mutate(
      { id: bar.row.id, version: bar.row.version, values },
      { onSuccess: (row) => done(t('dates_moved', { title: bar.row.title }), () => change.mutateAsync({ id: row.id, version: row.version, values: back })), onError: failed },
    );
  };
  return { grips, onMove };
}

function Chart({ bars, today, grips, onMove }: ChartProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { first, last, unit } = spanOf(bars, today);
  const mark = useMark(unit);
  const share = (day: number) => ((day - first) / (last - first + 1)) * 100;
  const said = (bar: Bar) => [`${format.date(noon(bar.from), { short: true })} – ${format.date(noon(bar.to), { short: true })}`, bar.row.state_title, tooEarly(bar, bars) && t('too_early')].filter(Boolean).join(' · ');
  return (
    // Wide charts scroll by themselves, by the keyboard as well.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="gantt-scroll" tabIndex={0} role="region" aria-label={t('gantt_chart')}>
      <div className="gantt" style={{ '--days': last - first + 1 } as CSSProperties}>
        <div className="gantt-line gantt-head" aria-hidden="true">
          <span />
          <span className="gantt-track">
            {marks(first, last, unit).map((day) => (
              <span key={day} className="gantt-mark small quiet" style={{ left: `${share(day)}%` }}>
                {mark(day)}
              </span>
            ))}
          </span>
        </div>
        <div className="gantt-back" aria-hidden="true">
          {marks(first, last, unit).map((day) => (
            <i key={day} style={{ left: `${share(day)}%` }} />
          ))}
          <i className="now" style={{ left: `${share(today + 0.5)}%` }} />
        </div>
        <ul>
          {bars.map((bar) => (
            <li key={bar.row.id} className="gantt-line">
              <Link to={`/records/${bar.row.type_id}/${bar.row.id}`} className="ellipsis gantt-name" title={bar.row.title}>
                {bar.row.title}
              </Link>
              <span className="gantt-track">
                <GanttBar bar={bar} days={last - first + 1} first={first} late={tooEarly(bar, bars) || (!bar.row.ended && bar.to < today)} said={said(bar)} grips={grips(bar)} onMove={(next) => onMove(bar, next)} />
                <span className="hidden-text">{said(bar)}</span>
              </span>
            </li>
          ))}
        </ul>
        <GanttArrows bars={bars} share={share} />
      </div>
    </div>
  );
}

function Twin({ bars, label, names }: { bars: Bar[]; label: string; names: Map<string, string> }) {
  const { t } = useTranslation('records');
  const navigate = useNavigate();
  const to = (bar: Bar) => `/records/${bar.row.type_id}/${bar.row.id}`;
  return (
    <Table
      label={label}
      rows={bars}
      rowKey={(bar) => bar.row.id}
      rowName={(bar) => bar.row.title}
      linkOf={to}
      onOpen={(bar) => void navigate(to(bar))}
      columns={[
        { id: 'title', label: t('common_field.title'), title: true, cell: (bar) => bar.row.title },
        { id: 'from', label: t('begins'), cell: (bar) => <DateTime at={noon(bar.from)} /> },
        { id: 'to', label: t('ends'), cell: (bar) => <DateTime at={noon(bar.to)} /> },
        { id: 'days', label: t('days_label'), figure: true, cell: (bar) => bar.to - bar.from + 1 },
        { id: 'after', label: t('waits_for'), cell: (bar) => (bar.after.length ? bar.after.map((id) => names.get(id) ?? t('unnamed')).join(t('common:list.or')) : <Nothing />) },
        { id: 'state', label: t('common_field.state'), cell: (bar) => <RecordState row={bar.row} /> },
      ]}
    />
  );
}

/** Records as bars over time, with what waits for what; and the same as a table. */
export function Gantt(props: ViewProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { schema, view, query } = props;
  const [asTable, setAsTable] = useState(false);
  const found = useAll(schema.id, query);
  const depends = schema.fields.some((field) => field.key === DEPENDS_ON) ? DEPENDS_ON : undefined;
  const rows = found.data?.items ?? [];
  const bars = barsOf(rows, view?.from ?? 'created_at', view?.to ?? undefined, depends, format.timeZone);
  const today = dayOf(localDay(new Date().toISOString(), format.timeZone)) ?? 0;
  const undated = rows.length - bars.length;
  const moves = useMoves(schema, view);
  const label = view?.title ?? schema.plural;
  return (
    <div className="stack-tight">
      <div className="row gantt-tools">
        <span className="quiet small grow">{undated > 0 && t('undated', { count: undated })}</span>
        <Button size="small" icon={asTable ? <BarChartOutlined /> : <TableOutlined />} onClick={() => setAsTable(!asTable)}>
          {t(asTable ? 'common:chart.as_chart' : 'common:chart.as_table')}
        </Button>
      </div>
      <Shape {...props} asked={found} count={found.data?.items.length} more={found.data?.more ?? false}>
        {bars.length === 0 ? <NoRecords {...props} /> : asTable ? <Twin bars={bars} label={label} names={new Map(rows.map((row) => [row.id, row.title]))} /> : <Chart bars={bars} today={today} {...moves} />}
      </Shape>
    </div>
  );
}
