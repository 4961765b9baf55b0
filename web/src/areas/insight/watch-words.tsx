import { useTranslation } from 'react-i18next';
import type { Watch, WatchRun } from '@/api/schema';
import { StatePill, type Tone } from '@/parts/pill';

export const WATCHES = '/api/v1/rulebook/watches';
export const KINDS = ['page', 'feed'] as const;
export const STATES = ['new', 'ok', 'failing'] as const;

const STATE_TONES: { [state: string]: Tone } = { new: 'info', ok: 'good', failing: 'bad' };
const OUTCOME_TONES: { [outcome: string]: Tone } = { first: 'info', unchanged: 'quiet', changed: 'good', failed: 'bad' };

/** Where a watch stands. */
export function WatchPill({ watch }: { watch: Pick<Watch, 'active' | 'state'> }) {
  const { t } = useTranslation('watches');
  if (!watch.active) return <StatePill tone="quiet">{t('off')}</StatePill>;
  return <StatePill tone={STATE_TONES[watch.state] ?? 'quiet'}>{t(`state.${watch.state}`)}</StatePill>;
}

/** What came of a look. */
export function OutcomePill({ run }: { run: Pick<WatchRun, 'outcome'> }) {
  const { t } = useTranslation('watches');
  return <StatePill tone={OUTCOME_TONES[run.outcome] ?? 'quiet'}>{t(`outcome.${run.outcome}`)}</StatePill>;
}

/** Why nothing could be read, in a sentence, with the words of whoever said so. */
export function Fault({ of }: { of: Pick<Watch, 'fault' | 'detail'> }) {
  const { t } = useTranslation('watches');
  if (!of.fault && !of.detail) return null;
  return (
    <span className="stack-tight">
      <span>{of.fault ? t(`fault.${of.fault}`) : t('fault.record')}</span>
      {of.detail && <span className="small quiet anywhere">{of.detail}</span>}
    </span>
  );
}
