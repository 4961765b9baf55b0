import { useTranslation } from 'react-i18next';
import type { RfmSegment, ScoreRun, ScoreVerdict, ValueTier } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Label, StatePill, type Tone } from '@/parts/pill';

const TIER_TONES: Record<ValueTier, Tone> = { top: 'good', high: 'info', middle: 'quiet', low: 'quiet' };
const SEGMENT_TONES: Record<RfmSegment, Tone> = {
  champions: 'good',
  loyal: 'good',
  potential_loyal: 'info',
  new: 'info',
  promising: 'info',
  need_attention: 'warn',
  about_to_sleep: 'warn',
  at_risk: 'bad',
  cannot_lose: 'bad',
  hibernating: 'quiet',
  lost: 'quiet',
};

/** Where somebody stands by what they are expected to bring (价值层级). */
export function ValueTierLabel({ tier }: { tier: ValueTier }) {
  const { t } = useTranslation('scores');
  return <Label tone={TIER_TONES[tier]}>{t(`tier.${tier}`)}</Label>;
}

/** What the three digits come to (RFM 客群). */
export function RfmLabel({ segment }: { segment: RfmSegment }) {
  const { t } = useTranslation('scores');
  return <Label tone={SEGMENT_TONES[segment]}>{t(`segment.${segment}`)}</Label>;
}

/** Whether what the models predict may be used. */
export function ScoreVerdictPill({ verdict }: { verdict: ScoreVerdict }) {
  const { t } = useTranslation('scores');
  return <StatePill tone={verdict === 'usable' ? 'good' : 'warn'}>{t(`verdict.${verdict}`)}</StatePill>;
}

/** What there was too little of to learn from. */
export function useLackWords(): (run: Pick<ScoreRun, 'lacks'>) => string {
  const { t } = useTranslation('scores');
  const format = useFormat();
  return ({ lacks }) => {
    if (!lacks) return t('lack.unknown');
    const shown = (n: number | null | undefined) => (typeof n === 'number' ? format.number(Math.floor(n)) : '–');
    return t(`lack.${lacks.what}`, { found: shown(lacks.found), needed: shown(lacks.needed) });
  };
}
