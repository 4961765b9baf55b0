import { useTranslation } from 'react-i18next';
import type { WorklistItem, WorklistProblem, WorklistState } from '@/api/schema';
import { Label, StatePill, type Tone } from '@/parts/pill';

const STATE_TONES: Record<WorklistState, Tone> = { open: 'warn', fixed: 'good', ignored: 'quiet' };
const PROBLEM_TONES: Record<WorklistProblem, Tone> = { no_contact: 'bad', no_name: 'warn', mobile_invalid: 'bad', email_disposable: 'warn', email_bounced: 'bad', contradiction: 'warn', stale: 'quiet' };

/** What became of an item. */
export function ItemPill({ state }: { state: WorklistState }) {
  const { t } = useTranslation('worklist');
  return <StatePill tone={STATE_TONES[state]}>{t(`state.${state}`)}</StatePill>;
}

/** What is wrong. */
export function ProblemLabel({ problem }: { problem: WorklistProblem }) {
  const { t } = useTranslation('worklist');
  return <Label tone={PROBLEM_TONES[problem]}>{t(`problem.${problem}`)}</Label>;
}

/** How the person of an item is called where the name is not known, or not for this reader. */
export function useItemName(): (item: Pick<WorklistItem, 'name' | 'profile_id'>) => string {
  const { t } = useTranslation('worklist');
  return ({ name, profile_id }) => (name?.trim() ? name : t('nameless', { id: profile_id.slice(-8) }));
}
