import { ClockCircleFilled } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { AccessAlertState, DecoyState, ErasureStep, Leak, LeakState, SubjectRequest, SubjectRequestState } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { StatePill, type Tone } from '@/parts/pill';
import { DateTime, Nothing } from '@/parts/values';
import { useMay } from '@/session/session';
import { nameOf } from '../words';
import { type Clock, clockOf, leakClockOf } from './clock';
import { useNow } from './now';

const REQUEST_TONES: Record<SubjectRequestState, Tone> = { open: 'warn', verified: 'info', done: 'good', refused: 'quiet' };
const STEP_TONES: Record<ErasureStep, Tone> = { erased: 'info', verified: 'good', hits_left: 'bad', accepted: 'warn' };
const LEAK_TONES: Record<LeakState, Tone> = { open: 'bad', contained: 'warn', closed: 'good' };
const DECOY_TONES: Record<DecoyState, Tone> = { planted: 'info', retired: 'quiet' };
const ALERT_TONES: Record<AccessAlertState, Tone> = { open: 'bad', explained: 'good' };

/** Where a request stands. */
export function RequestPill({ state }: { state: SubjectRequestState }) {
  const { t } = useTranslation('privacy');
  return <StatePill tone={REQUEST_TONES[state]}>{t(`state.${state}`)}</StatePill>;
}

/** How far an erasure is. */
export function ErasurePill({ step }: { step: ErasureStep }) {
  const { t } = useTranslation('privacy');
  return <StatePill tone={STEP_TONES[step]}>{t(`step.${step}`)}</StatePill>;
}

/** Where a leak stands. */
export function LeakPill({ state }: { state: LeakState }) {
  const { t } = useTranslation('privacy');
  return <StatePill tone={LEAK_TONES[state]}>{t(`leak_state.${state}`)}</StatePill>;
}

/** Whether a decoy stands among the people. */
export function DecoyPill({ state }: { state: DecoyState }) {
  const { t } = useTranslation('privacy');
  return <StatePill tone={DECOY_TONES[state]}>{t(`decoy_state.${state}`)}</StatePill>;
}

/** Whether somebody knows why. */
export function AlertPill({ state }: { state: AccessAlertState }) {
  const { t } = useTranslation('privacy');
  return <StatePill tone={ALERT_TONES[state]}>{t(`alert_state.${state}`)}</StatePill>;
}

/** A clock in words, with the colour that goes with them; the exact end is on hover. */
function ClockPill({ clock, due_at }: { clock: Clock; due_at: string }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const runs = clock.says === 'left' || clock.says === 'soon' || clock.says === 'over';
  return (
    <span title={runs ? t('due_exactly', { at: format.date(due_at, { time: true }) }) : undefined}>
      <StatePill tone={clock.tone} icon={runs ? <ClockCircleFilled /> : undefined}>
        {t(`clock.${clock.says}`, { time: format.duration(clock.ms) })}
      </StatePill>
    </span>
  );
}

/** By when a request has to be answered; once it is, when that was. */
export function RequestClock({ row }: { row: SubjectRequest }) {
  const now = useNow();
  if (row.state === 'done' || row.state === 'refused') return row.decided_at ? <DateTime at={row.decided_at} short time /> : <Nothing />;
  return <ClockPill clock={clockOf(row.due_at, row.urgency, now)} due_at={row.due_at} />;
}

/** By when the authority has to know of a leak. */
export function LeakClockPill({ leak }: { leak: Leak }) {
  const now = useNow();
  return <ClockPill clock={leakClockOf(leak, now)} due_at={leak.authority_due_at} />;
}

/** A customer by name as far as the reader may see it, with the way there. */
export function CustomerLink({ id }: { id: string | null | undefined }) {
  const { t } = useTranslation('privacy');
  const may = useMay()('customers.profile.read');
  const found = api.useQuery('get', '/api/v1/customers/profiles/{id}', { params: { path: { id: id ?? '' } } }, { enabled: may && Boolean(id), staleTime: 60_000, retry: false });
  if (!id) return <Nothing />;
  const name = found.data ? nameOf(found.data) : t('customer_is', { id: id.slice(-8) });
  // Whoever was erased has no page any more.
  if (!may || found.isError) return <span className="data">{name}</span>;
  return (
    <Link to={`/customers/profiles/${id}`} className="data anywhere">
      {name}
    </Link>
  );
}

/** Words of a code, or the code itself where it has none yet. */
export function useCode(group: 'part' | 'table' | 'kept' | 'why' | 'field'): (code: string) => string {
  const { t, i18n } = useTranslation('privacy');
  return (code) => (i18n.exists(`privacy:${group}.${code}`) ? t(`${group}.${code}`) : code);
}
