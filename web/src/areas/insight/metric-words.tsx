import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { StatePill, type Tone } from '@/parts/pill';
import { useSession } from '@/session/session';
import type { MetricLimit, MetricRow, MetricState, MetricUnit } from './metric-types';

const TONES: { [state in MetricState]: Tone } = { ok: 'good', near: 'warn', over: 'bad', unknown: 'quiet' };

/** Where a metric stands against its limits, in a word; one without limits only says that it has a value. */
export function MetricPill({ state, limits = true }: { state: MetricState; limits?: boolean }) {
  const { t } = useTranslation('metrics');
  return <StatePill tone={!limits && state === 'ok' ? 'quiet' : TONES[state]}>{t(!limits && state === 'ok' ? 'no_limits' : `state.${state}`)}</StatePill>;
}

/** Writes a value as its unit is read. */
export function useMetricValue(): (unit: MetricUnit, value: number | null | undefined, short?: boolean) => string {
  const { t } = useTranslation('metrics');
  const format = useFormat();
  const { session } = useSession();
  return (unit, value, short) => {
    if (value === null || value === undefined) return '–';
    switch (unit) {
      case 'percent':
        return `${format.number(value, 1)}%`;
      case 'money': {
        const money = { amount_minor: Math.round(value), currency: session?.currency ?? 'CNY' };
        return short ? format.moneyCompact(money) : format.money(money);
      }
      case 'minutes':
        return format.duration(Math.round(value) * 60_000);
      case 'hours':
      case 'days':
        return t(`unit.${unit}`, { value: format.number(value, 1), count: value });
      case 'count':
      case 'people':
        return short ? format.compact(value) : format.number(value, 1);
      default:
        return format.number(value, 2);
    }
  };
}

/** By how much the newest value differs from the one before, and whether that is the good way. */
export function useChange(): (metric: MetricRow) => { said: string; tone: 'good' | 'bad' | 'quiet' } | undefined {
  const { t } = useTranslation('metrics');
  const value = useMetricValue();
  return (metric) => {
    const { changed } = metric;
    if (changed === null || changed === undefined) return undefined;
    if (changed === 0) return { said: t('unchanged'), tone: 'quiet' };
    const said = t(changed > 0 ? 'rose' : 'fell', { by: value(metric.unit, Math.abs(changed), true) });
    return { said, tone: changed > 0 === (metric.better === 'higher') ? 'good' : 'bad' };
  };
}

/** Says one limit: how it is compared, and with what. */
export function useLimit(): (unit: MetricUnit, limit: MetricLimit) => string {
  const { t, i18n } = useTranslation('metrics');
  const value = useMetricValue();
  return (unit, limit) => {
    const key = `op.${limit.op.replace('>=', 'ge').replace('<=', 'le').replace('>', 'gt').replace('<', 'lt')}`;
    return `${i18n.exists(`metrics:${key}`) ? t(key) : limit.op} ${value(unit, limit.value)}`;
  };
}
