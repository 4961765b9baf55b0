import { ArrowDownOutlined, ArrowUpOutlined, ClockCircleFilled } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { ReportFigure, ReportRecipient } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { StatePill } from '@/parts/pill';
import { shareOf } from './figures';

/** At noon a day is the same day in every zone that people live in. */
const noon = (month: string) => `${month}-01T12:00:00Z`;

/** What a month is called. */
export function useMonthName(): (month: string) => string {
  const { t, i18n } = useTranslation('insight_reports');
  return (month) => t('month_is', { year: month.slice(0, 4), month: i18n.language === 'en' ? new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(new Date(noon(month))) : String(Number(month.slice(5, 7))) });
}

/** A figure as its unit is written. */
export function useFigure(currency: string): (unit: ReportFigure['unit'], value: number | null | undefined, short?: boolean) => string {
  const { t } = useTranslation('insight_reports');
  const format = useFormat();
  return (unit, value, short = false) => {
    if (typeof value !== 'number') return '–';
    switch (unit) {
      case 'percent':
        return format.percent(value / 100);
      case 'minor':
        return format.moneyCompact({ amount_minor: Math.round(value), currency });
      case 'times':
        return t('times', { shown: format.number(value, 1) });
      case 'count':
        return short ? format.compact(value) : format.number(value, 1);
    }
  };
}

/** By how much a figure changed from the month before. */
export function Changed({ of, currency }: { of: ReportFigure; currency: string }) {
  const { t } = useTranslation('insight_reports');
  const format = useFormat();
  const figure = useFigure(currency);
  const { change, unit } = of;
  if (typeof change !== 'number') return <span className="quiet small">{t('no_before')}</span>;
  if (change === 0) return <span className="quiet small">{t('same')}</span>;
  const by = unit === 'percent' ? t('points', { shown: format.number(Math.abs(change), 1) }) : figure(unit, Math.abs(change));
  const share = unit === 'percent' ? undefined : shareOf(of);
  return (
    <span className="small">
      <span aria-hidden="true">{change > 0 ? <ArrowUpOutlined /> : <ArrowDownOutlined />}</span> {t(change > 0 ? 'more' : 'less', { by })}
      {share !== undefined && <span className="quiet"> {t('share', { share: format.percent(Math.abs(share)) })}</span>}
    </span>
  );
}

/** What a department said to a report. */
export function AnswerPill({ of: { answer, overdue } }: { of: Pick<ReportRecipient, 'answer' | 'overdue'> }) {
  const { t } = useTranslation('insight_reports');
  if (answer) return <StatePill tone={answer === 'used' ? 'good' : 'quiet'}>{t(`answer.${answer}`)}</StatePill>;
  return (
    <StatePill tone={overdue ? 'bad' : 'info'} icon={<ClockCircleFilled />}>
      {t(overdue ? 'answer.overdue' : 'answer.waiting')}
    </StatePill>
  );
}
