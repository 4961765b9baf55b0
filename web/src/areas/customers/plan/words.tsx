import { ClockCircleFilled, EditFilled, QuestionCircleFilled, StopOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '@/format/use-format';
import { Label, StatePill, type Tone } from '@/parts/pill';
import { Nothing } from '@/parts/values';
import { useSources } from '../sources/calls';
import type { CoverageState, PlannedState, PropertyKind } from './contract';
import { shareOf, toneOfScore } from './quality';
import type { PlannedEvent, PlanViolation, Source } from '@/api/schema';

const STATE_TONES: Record<PlannedState, Tone> = { draft: 'info', live: 'good', retired: 'quiet' };
const MODE_TONES: Record<Source['plan'], Tone> = { off: 'quiet', observe: 'info', enforce: 'good' };
export const COVERAGE_TONES: Record<CoverageState, Tone> = { live: 'good', delayed: 'warn', missing: 'bad', unexpected: 'info', none: 'quiet' };
const COVERAGE_ICONS: Partial<Record<CoverageState, ReactNode>> = { delayed: <ClockCircleFilled />, unexpected: <QuestionCircleFilled /> };

/** How a planned event stands. */
export function PlannedPill({ state }: { state: PlannedState }) {
  const { t } = useTranslation('plan');
  const icon = state === 'draft' ? <EditFilled /> : state === 'retired' ? <StopOutlined /> : undefined;
  return (
    <StatePill tone={STATE_TONES[state]} icon={icon}>
      {t(`state.${state}`)}
    </StatePill>
  );
}

/** What a source does about the plan. */
export function ModePill({ mode }: { mode: Source['plan'] }) {
  const { t } = useTranslation('plan');
  return <StatePill tone={MODE_TONES[mode]}>{t(`mode.${mode}`)}</StatePill>;
}

/** How a kind of data of a source stands: a colour, an icon and a word. */
export function CoveragePill({ state }: { state: CoverageState }) {
  const { t } = useTranslation('plan');
  return (
    <StatePill tone={COVERAGE_TONES[state]} icon={COVERAGE_ICONS[state]}>
      {t(`coverage.state.${state}`)}
    </StatePill>
  );
}

/** A score in percent. */
export function ScorePill({ score }: { score: number | null | undefined }) {
  const { t } = useTranslation('plan');
  const format = useFormat();
  if (score === null || score === undefined) return <Nothing />;
  return <StatePill tone={toneOfScore(score)}>{t('score_is', { score: format.percent(shareOf(score)) })}</StatePill>;
}

/** How a planned event is called: by its name, or by its kind where it has none. */
export function useNameOf(): (event: Pick<PlannedEvent, 'kind' | 'name'>) => string {
  const { t } = useTranslation('plan');
  return ({ kind, name }) => name ?? t(`kind.${kind}`);
}

/** The kind of a value in words; one that has none yet is shown as it is. */
export function useKindWord(): (kind: string) => string {
  const { t, i18n } = useTranslation('plan');
  return (kind) => (i18n.exists(`plan:property_kind.${kind}`) ? t(`property_kind.${kind as PropertyKind}`) : kind);
}

/** Of what kind a value was to be, and of what it is. */
export function useKindsSaid(): (kinds: { expected?: string | null; found?: string | null }) => string | undefined {
  const { t } = useTranslation('plan');
  const word = useKindWord();
  return ({ expected, found }) => {
    if (expected && found) return t('expected_found', { expected: word(expected), found: word(found) });
    if (expected) return t('expected_is', { expected: word(expected) });
    return found ? t('found_is', { found: word(found) }) : undefined;
  };
}

type Said = Pick<PlanViolation, 'reason' | 'expected' | 'found'> & { field?: string | null };

/** Where an event departs from the plan, and how. */
export function BreachWords({ of: { reason, field, expected, found } }: { of: Said }) {
  const { t, i18n } = useTranslation('plan');
  const kinds = useKindsSaid();
  const said = reason === 'wrong_kind' ? kinds({ expected, found }) : undefined;
  return (
    <span>
      {i18n.exists(`plan:breach.${reason}`) ? t(`breach.${reason}`) : reason}
      {field && field !== 'event' && (
        <>
          {' '}
          <code className="anywhere">{field}</code>
        </>
      )}
      {said && (
        <>
          {t('common:colon')}
          {said}
        </>
      )}
    </span>
  );
}

/** The names of sources by their ids. */
export function useSourceNames(): (id: string) => string {
  const { data } = useSources();
  return (id) => data?.items.find((source) => source.id === id)?.name ?? id.slice(-8);
}

/** For which sources something is planned. */
export function SourcesOf({ ids, links }: { ids: string[]; links?: boolean }) {
  const { t } = useTranslation('plan');
  const name = useSourceNames();
  if (ids.length === 0) return <>{t('every_source')}</>;
  return (
    <span className="plan-words">
      {ids.map((id) => (links ? <Link key={id} to={`/customers/sources/${id}`} className="data">{name(id)}</Link> : <Label key={id}>{name(id)}</Label>))}
    </span>
  );
}
