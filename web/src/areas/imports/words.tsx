import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { ImportState, TargetRow } from '@/api/schema';
import { StatePill, type Tone } from '@/parts/pill';

const TONES: Record<ImportState, Tone> = { ready: 'info', running: 'info', done: 'good', failed: 'bad', undoing: 'warn', undone: 'quiet' };

/** Where an import stands. */
export function ImportStatePill({ state }: { state: ImportState }) {
  const { t } = useTranslation('imports');
  return <StatePill tone={TONES[state]}>{t(`state.${state}`)}</StatePill>;
}

/** What can be imported, with the fields that a file may fill. */
export function useTargets(): TargetRow[] {
  const { i18n } = useTranslation();
  const { data } = api.useQuery('get', '/api/v1/tabular/targets', { headers: { 'Accept-Language': i18n.language } }, { staleTime: 300_000 });
  return data ?? [];
}
