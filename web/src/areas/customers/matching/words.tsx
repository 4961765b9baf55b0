import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { masks } from '@/api/masked';
import type { NodeKind } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { StatePill, type Tone } from '@/parts/pill';
import { DateTime, Masked, Nothing } from '@/parts/values';
import { nameOf } from '../words';
import { type Level, levelOf, likely, type Speaks, speaks, timesOf } from './compare';
import type { Agreement, MatchSide, MatchState, MergedNode } from './contract';

const STATE_TONES: Record<MatchState, Tone> = { open: 'warn', merged: 'good', distinct: 'info', gone: 'quiet' };

/** What became of two people who may be one. */
export function MatchPill({ state }: { state: MatchState }) {
  const { t } = useTranslation('matching');
  return <StatePill tone={STATE_TONES[state]}>{t(`state.${state}`)}</StatePill>;
}

/** How a person is called in a comparison. */
export function sideName(side: MatchSide): string {
  return nameOf({ id: side.profile_id, name: side.name, member_number: side.member_number });
}

/** What tells two people apart, who may well have one name. */
export function sideNames(left: MatchSide, right: MatchSide): [string, string] {
  const names: [string, string] = [sideName(left), sideName(right)];
  if (names[0] !== names[1]) return names;
  const more = (side: MatchSide) => `${sideName(side)} · ${side.member_number ?? side.profile_id.slice(-4)}`;
  return [more(left), more(right)];
}

/** Words of a code, or the code itself where it has none yet. */
export function useCode(group: 'rule' | 'found_by' | 'field'): (code: string) => string {
  const { t, i18n } = useTranslation('matching');
  return (code) => (i18n.exists(`matching:${group}.${code}`) ? t(`${group}.${code}`) : code);
}

/** A probability as a share, said with the care that an inference is due. */
export function useLikely(): (probability: number) => string {
  const { t } = useTranslation('matching');
  const format = useFormat();
  return (probability) => {
    const { how, share } = likely(probability);
    return t(`share.${how}`, { share: format.percent(share) });
  };
}

const TONES: Record<Speaks, Tone> = { much_for: 'good', for: 'good', little: 'quiet', against: 'bad', much_against: 'bad' };
const ICONS: Partial<Record<Speaks, React.ReactNode>> = { for: <CheckCircleFilled />, against: <CloseCircleFilled /> };

/** What a level of agreement is worth, in words. */
export function useEffectWords(): (level: Level, weight: number) => string {
  const { t } = useTranslation('matching');
  const format = useFormat();
  return (level, weight) => {
    const times = format.compact(Math.round(timesOf(weight) * 10) / 10);
    return t(`effect.${speaks(weight)}`, { level: t(`level.${level}`), times });
  };
}

/** How far a field agrees and what that says. */
export function EffectPill({ agreement }: { agreement: Agreement }) {
  const words = useEffectWords();
  const says = speaks(agreement.weight);
  return (
    <StatePill tone={TONES[says]} icon={ICONS[says]}>
      {words(levelOf(agreement), agreement.weight)}
    </StatePill>
  );
}

interface Decision {
  by?: string | null | undefined;
  name?: string | null | undefined;
  at?: string | null | undefined;
}

/** Who decided, and when; where nobody did, a rule did. */
export function DecidedBy({ by, name, at }: Decision) {
  const { t } = useTranslation('matching');
  if (!at) return <Nothing />;
  return (
    <>
      <span className="data">{name ?? (by ? t('somebody', { id: by.slice(-8) }) : t('by_rule'))}</span> · <DateTime at={at} short time />
    </>
  );
}

/** An identifier with its kind; some are only for those who may see them. */
export function NodeWords({ node }: { node: MergedNode & { masked?: string[] } }) {
  const { t } = useTranslation('matching');
  const kind: NodeKind = node.kind;
  return (
    <>
      <span className="quiet">{t(`kind.${kind}`)}</span> {masks(node, 'value') ? <Masked /> : node.value ? <span className="data anywhere">{node.value}</span> : <Nothing />}
    </>
  );
}
