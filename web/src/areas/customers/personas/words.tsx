import { ClockCircleFilled } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { PersonaSet, PersonaTrait } from '@/api/schema';
import { useCurrency } from '@/areas/campaigns/words';
import { useFormat } from '@/format/use-format';
import { useGoodsName } from '@/i18n/goods';
import { useSourceName } from '@/i18n/source';
import { OWN_NAMES } from '@/frame/menus';
import { StatePill, type Tone } from '@/parts/pill';
import { Nothing } from '@/parts/values';
import { stability, type Stability } from './stable';

const STABLE_TONES: Record<Stability, Tone> = { good: 'good', fair: 'warn', weak: 'bad', unknown: 'quiet' };

/** What became of the search for groups. */
export function PersonaStatePill({ set }: { set: Pick<PersonaSet, 'state' | 'archived_at'> }) {
  const { t } = useTranslation('personas');
  if (set.archived_at) return <StatePill tone="quiet">{t('state.archived')}</StatePill>;
  if (set.state === 'waiting') {
    return (
      <StatePill tone="info" icon={<ClockCircleFilled />}>
        {t('state.waiting')}
      </StatePill>
    );
  }
  return <StatePill tone={set.state === 'usable' ? 'good' : 'warn'}>{t(`state.${set.state}`)}</StatePill>;
}

/** How far the groups may be relied on: a word and the figure. */
export function StabilityPill({ index }: { index: number | null | undefined }) {
  const { t } = useTranslation('personas');
  const format = useFormat();
  if (typeof index !== 'number') return <Nothing />;
  const how = stability(index);
  return <StatePill tone={STABLE_TONES[how]}>{t('stable_is', { how: t(`stable.${how}`), index: format.number(index, 2) })}</StatePill>;
}

/** The value of a trait in words. */
function useValueWord(): (trait: Pick<PersonaTrait, 'feature' | 'value'>) => string {
  const { t } = useTranslation('customers');
  const goods = useGoodsName();
  const source = useSourceName();
  return ({ feature, value }) => {
    if (!value) return '';
    switch (feature) {
      case 'age_band':
      case 'income_band':
        return t(`${feature}.${value}`, { defaultValue: value });
      case 'tier':
        return t('tier_is', { tier: value });
      case 'homeowner':
      case 'married':
        return t(value === 'yes' ? 'yes' : 'no');
      case 'language':
        return (OWN_NAMES as { [language: string]: string })[value] ?? value;
      case 'department':
        return goods(value) ?? value;
      case 'source':
        return source(value) ?? value;
      default:
        return value;
    }
  };
}

/** What a trait is about, such as "City: Hangzhou". */
export function useTraitName(): (trait: PersonaTrait) => string {
  const { t } = useTranslation('personas');
  const word = useValueWord();
  return (trait) => (trait.value ? t('feature_value', { feature: t(`feature.${trait.feature}`), value: word(trait) }) : t(`feature.${trait.feature}`));
}

/** A mean or a share of a trait as its kind is written. */
export function useTraitFigure(): (trait: PersonaTrait, figure: number) => string {
  const { t } = useTranslation('personas');
  const format = useFormat();
  const currency = useCurrency();
  return ({ feature, value }, figure) => {
    if (value || feature === 'p_alive') return format.percent(figure, 0);
    switch (feature) {
      case 'order_value':
      case 'total':
      case 'expected_value':
        return format.moneyCompact({ amount_minor: Math.round(figure), currency });
      case 'recency_days':
      case 'days_known':
        return t('days', { count: Math.round(figure), shown: format.number(figure) });
      default:
        return format.number(figure, 1);
    }
  };
}
