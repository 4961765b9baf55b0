import { useTranslation } from 'react-i18next';
import type { Campaign } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { StatePill, type Tone } from '@/parts/pill';
import { useSession } from '@/session/session';

/** The states of a campaign, in the order of its life. */
export const STATES = ['draft', 'ready', 'scheduled', 'running', 'paused', 'finished', 'cancelled'] as const;
/** What a campaign may aim at. */
export const METRICS = ['revenue', 'orders', 'clicks', 'opens'] as const;
/** What a campaign's messages are for. */
export const PURPOSES = ['marketing', 'transactional'] as const;
/** What became of a message. */
export const SEND_STATES = ['intent', 'attempting', 'sent', 'failed', 'unknown', 'suppressed'] as const;
/** What was seen of a message. */
export const EVENTS = ['accepted', 'bounced', 'opened', 'clicked', 'unsubscribed', 'complained'] as const;
/** Who seems to have done it. */
export const LIKELIHOODS = ['human', 'scanner', 'unknown', 'system'] as const;
/** What the contact door answers. */
export const OUTCOMES = ['allowed', 'refused', 'deferred'] as const;
/** Why it answers so. */
export const REASONS = ['within_every_rule', 'no_address', 'suppressed', 'no_consent', 'consent_withdrawn', 'cap_reached', 'quiet_hours'] as const;

const TONES: Record<string, Tone> = { draft: 'quiet', ready: 'info', scheduled: 'info', running: 'good', paused: 'warn', finished: 'quiet', cancelled: 'quiet' };
const SEND_TONES: Record<string, Tone> = { intent: 'quiet', attempting: 'info', sent: 'good', failed: 'bad', unknown: 'warn', suppressed: 'quiet' };
const OUTCOME_TONES: Record<string, Tone> = { allowed: 'good', refused: 'bad', deferred: 'warn' };

/** Where a customer's page stands. */
export const customerPath = (profileId: string) => `/customers/profiles/${profileId}`;

/** Whether a row stands in one of these states. */
export function isIn(row: { state: string }, ...states: string[]): boolean {
  return states.includes(row.state);
}

/** The state of a campaign. */
export function CampaignPill({ state }: { state: string }) {
  const { t } = useTranslation('campaigns');
  return <StatePill tone={TONES[state] ?? 'quiet'}>{t(`state.${state}`)}</StatePill>;
}

/** What became of a message. */
export function SendPill({ state }: { state: string }) {
  const { t } = useTranslation('campaigns');
  return <StatePill tone={SEND_TONES[state] ?? 'quiet'}>{t(`send_state.${state}`)}</StatePill>;
}

/** What the contact door answered. */
export function OutcomePill({ outcome }: { outcome: string }) {
  const { t } = useTranslation('campaigns');
  return <StatePill tone={OUTCOME_TONES[outcome] ?? 'quiet'}>{t(`outcome.${outcome}`)}</StatePill>;
}

/** A reason by its code, in words where we have them. */
export function useReasonWords(): (code: string | null | undefined) => string | undefined {
  const { t, i18n } = useTranslation('campaigns');
  return (code) => {
    if (!code) return undefined;
    const key = code.split('.').at(-1) ?? code;
    return i18n.exists(`campaigns:reason.${key}`) ? t(`reason.${key}`) : code;
  };
}

/** How many minor units make one of this currency. */
export function minorUnits(currency: string): number {
  return 10 ** (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2);
}

/** The company's currency. */
export function useCurrency(): string {
  return useSession().session?.currency ?? 'CNY';
}

/** A figure of a metric, in the company's money where it is money. */
export function useMetricValue(): (metric: string, value: number) => string {
  const format = useFormat();
  const currency = useCurrency();
  return (metric, value) => (metric === 'revenue' ? format.moneyCompact({ amount_minor: value, currency }) : format.number(value));
}

/** What a campaign aims at, in words. */
export function useGoalWords(): (row: Pick<Campaign, 'goal_metric' | 'goal_target'>) => string | undefined {
  const { t } = useTranslation('campaigns');
  const value = useMetricValue();
  return (row) => (row.goal_metric && row.goal_target ? t('goal_words', { metric: t(`metric.${row.goal_metric}`), target: value(row.goal_metric, row.goal_target) }) : undefined);
}
