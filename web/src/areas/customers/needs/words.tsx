import { ArrowDownOutlined, ArrowUpOutlined, MinusOutlined, StarFilled } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BasketPattern, NeedCluster, NeedTrend } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { StatePill, type Tone } from '@/parts/pill';

const TREND: Record<NeedTrend, { tone: Tone; icon: ReactNode }> = {
  new: { tone: 'info', icon: <StarFilled /> },
  rising: { tone: 'good', icon: <ArrowUpOutlined /> },
  steady: { tone: 'quiet', icon: <MinusOutlined /> },
  falling: { tone: 'quiet', icon: <ArrowDownOutlined /> },
};

/** Words of a cluster that name it. */
const NAMED_BY = 3;

/** How a cluster is called: by its strongest words. */
export const clusterName = ({ words }: Pick<NeedCluster, 'words'>): string => words.slice(0, NAMED_BY).join(' · ');

/** How often it was, beside the period before. */
export function TrendPill({ of: { trend, count, previous_count } }: { of: Pick<NeedCluster, 'trend' | 'count' | 'previous_count'> }) {
  const { t } = useTranslation('needs');
  const format = useFormat();
  const change = previous_count > 0 && trend !== 'steady' ? ` ${count >= previous_count ? '+' : '−'}${format.percent(Math.abs(count - previous_count) / previous_count, 0)}` : '';
  return (
    <StatePill {...TREND[trend]}>
      {t(`trend.${trend}`)}
      {change}
    </StatePill>
  );
}

/** No product of the catalogue answers most of it. */
export function UnmetPill() {
  const { t } = useTranslation('needs');
  return <StatePill tone="warn">{t('unmet')}</StatePill>;
}

/** How products of a pattern are called. */
export function usePatternNames(): (row: BasketPattern) => [string, string] {
  const { t } = useTranslation('needs');
  const one = (name: string | null | undefined, id: string) => name ?? t('product_is', { id: id.slice(-8) });
  return (row) => [one(row.first_name, row.first_product_id), one(row.second_name, row.second_product_id)];
}

/** What a pattern says, in plain words. */
export function usePatternSentence(): (row: BasketPattern) => string {
  const { t } = useTranslation('needs');
  const format = useFormat();
  const names = usePatternNames();
  return (row) => {
    const [first, second] = names(row);
    return t('pattern_says', { first, second, share: format.percent(row.confidence, 0), times: format.number(row.lift, 1), count: row.baskets, shown: format.number(row.baskets) });
  };
}
