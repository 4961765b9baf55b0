import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupRun } from '@/api/schema';
import { StatePill, type Tone } from '@/parts/pill';

/** How a backup stands, in one word. */
export function RunPill({ run }: { run: BackupRun }) {
  const { t } = useTranslation('backups');
  const word = run.state === 'done' ? (run.verified ? 'verified' : 'unsound') : run.state;
  const tones: { [word: string]: Tone } = { verified: 'good', unsound: 'bad', failed: 'bad', removed: 'quiet' };
  return <StatePill tone={tones[word] ?? 'quiet'}>{t(`run.${word}`)}</StatePill>;
}

const LOSS_TONES: { [state: string]: Tone } = { open: 'bad', restoring: 'info', restored: 'warn', reported: 'warn', acknowledged: 'good' };

/** Where a loss stands. */
export function LossPill({ state }: { state: string }) {
  const { t } = useTranslation('backups');
  return <StatePill tone={LOSS_TONES[state] ?? 'quiet'}>{t(`loss.state.${state}`)}</StatePill>;
}

/** The name of a file without its folder. */
export function baseName(file: string | null | undefined): string {
  return file?.split('/').at(-1) ?? '';
}

/** True where the server said something. */
export function there<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

/** A remark that must not be overlooked. */
export function Note({ tone, title, children }: { tone: Tone; title: string | undefined; children?: ReactNode }) {
  return (
    <div role={tone === 'bad' ? 'alert' : 'note'}>
      <StatePill tone={tone}>{title}</StatePill>
      {children && <p className="quiet anywhere">{children}</p>}
    </div>
  );
}
