import { BulbOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { ReportFigure, ReportPart } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { useMode } from '@/theme/mode';
import { chartColours } from '@/theme/palette';
import type { Group, Section } from './figures';
import { Changed, useFigure } from './words';

/** Where what a part is about stands as it is now. */
const PAGES: Record<ReportPart, string> = {
  customers: '/customers/profiles',
  tiers: '/customers/tiers',
  rfm: '/customers/scores',
  repeat: '/insight/revenue',
  scores: '/customers/scores',
  needs: '/customers/needs',
  segments: '/customers/segments',
  insights: '/customers/insights',
  quality: '/customers/worklist',
};
/** Bars of a picture; its table has all of them. */
const BARS = 12;
const BAR_PX = 40;

interface SectionProps {
  section: Section;
  currency: string;
  /** Makes an insight of a figure; absent where the reader may not. */
  onInsight: ((figure: ReportFigure) => void) | undefined;
}

/** One figure beside that of the month before. */
function Single({ figure, currency, onInsight }: { figure: ReportFigure } & Pick<SectionProps, 'currency' | 'onInsight'>) {
  const { t } = useTranslation('insight_reports');
  const said = useFigure(currency);
  return (
    <li id={figure.code} className="report-figure">
      <span className="small quiet">{figure.title}</span>
      <span className="row report-value">
        <strong>{said(figure.unit, figure.value)}</strong>
        {onInsight && (
          <Tooltip title={t('make_insight')}>
            <Button type="text" size="small" className="report-tool" icon={<BulbOutlined />} aria-label={t('make_insight_of', { figure: figure.title })} onClick={() => onInsight(figure)} />
          </Tooltip>
        )}
      </span>
      <Changed of={figure} currency={currency} />
    </li>
  );
}

/** Figures of one kind as bars, this month beside the one before. */
function Bars({ group, currency }: { group: Group; currency: string }) {
  const { t } = useTranslation('insight_reports');
  const format = useFormat();
  const said = useFigure(currency);
  const navigate = useNavigate();
  const { mode } = useMode();
  const { figures, unit, title } = group;
  const shown = figures.slice(0, BARS);
  const called = (one: ReportFigure) => one.name ?? one.key ?? '';
  const compared = figures.some(({ before }) => typeof before === 'number');
  const value = (cell: unknown) => said(unit, typeof cell === 'number' ? cell : null);
  const label = { show: true, position: 'right' as const, formatter: ({ value: at }: { value: unknown }) => said(unit, typeof at === 'number' ? at : null, true) };
  const open = group.code === 'segment_size' ? (_: number, i: number) => void navigate(`/customers/segments/${shown[i]?.key}`) : undefined;
  const [first] = [...figures].sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  return (
    <div id={group.code}>
      <Chart
        title={title}
        summary={first ? t('group_says', { title, count: figures.length, name: called(first), value: said(unit, first.value) }) : title}
        height={Math.max(120, shown.length * BAR_PX + (compared ? 60 : 30))}
        option={{
          ...(compared ? { legend: {} } : {}),
          grid: { right: 64 },
          xAxis: { type: 'value', min: 0, axisLabel: { formatter: (at: number) => said(unit, at, true), hideOverlap: true } },
          yAxis: { type: 'category', inverse: true, data: shown.map(called), axisLabel: { width: 130, overflow: 'truncate' } },
          series: [
            { type: 'bar', name: t('this_month'), color: chartColours[mode][0], barMaxWidth: 14, data: shown.map((one) => one.value ?? null), label, tooltip: { valueFormatter: value } },
            ...(compared ? [{ type: 'bar' as const, name: t('month_before'), color: chartColours[mode][6], barMaxWidth: 10, data: shown.map((one) => one.before ?? null), tooltip: { valueFormatter: value } }] : []),
          ],
        }}
        table={{ head: [title, t('this_month'), t('month_before'), t('change')], rows: figures.map((one) => [called(one), one.value ?? null, one.before ?? null, one.change ?? null]), show: [String, value, value, (cell) => (unit === 'percent' ? t('points', { shown: format.number(Number(cell), 1) }) : value(cell))] }}
        {...(open ? { onPick: open } : {})}
      />
      {figures.length > BARS && <p className="small quiet">{t('more_rows', { count: figures.length - BARS })}</p>}
    </div>
  );
}

/** A part of a report: its figures, its pictures, and how they are computed. */
export function Part({ section: { part, single, groups, definitions }, currency, onInsight }: SectionProps) {
  const { t } = useTranslation('insight_reports');
  return (
    <section id={part} className="card stack report-part" aria-labelledby={`part-${part}`}>
      <div className="row">
        <h2 id={`part-${part}`} className="grow">
          {t(`part.${part}`)}
        </h2>
        <Link to={PAGES[part]} className="small report-tool">
          {t('as_it_is_now')} <span className="hidden-text">{t(`part.${part}`)}</span>
        </Link>
      </div>
      {single.length > 0 && (
        <ul className="report-figures">
          {single.map((figure) => (
            <Single key={figure.code} figure={figure} currency={currency} onInsight={onInsight} />
          ))}
        </ul>
      )}
      {groups.length > 0 && (
        <div className="report-groups">
          {groups.map((group) => (
            <Bars key={group.code} group={group} currency={currency} />
          ))}
        </div>
      )}
      <dl className="report-definitions small">
        {definitions.map(({ title, definition }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{definition}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
