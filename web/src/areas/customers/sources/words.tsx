import { PauseCircleOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { StatePill, type Tone } from '@/parts/pill';
import { DateTime } from '@/parts/values';
import { useMay, useSession } from '@/session/session';
import { BreachWords } from '../plan/words';
import type { QuarantinedEvent, QuarantineState, SourceHealth } from './contract';

const HEALTH_TONES: Record<SourceHealth, Tone> = { new: 'info', live: 'good', silent: 'warn', paused: 'quiet' };
const STATE_TONES: Record<QuarantineState, Tone> = { open: 'warn', replayed: 'good', dismissed: 'quiet' };

/** How a source stands. */
export function HealthPill({ health }: { health: SourceHealth }) {
  const { t } = useTranslation('sources');
  return (
    <StatePill tone={HEALTH_TONES[health]} {...(health === 'paused' ? { icon: <PauseCircleOutlined /> } : {})}>
      {t(`health.${health}`)}
    </StatePill>
  );
}

/** What became of an event in quarantine. */
export function QuarantinePill({ state }: { state: QuarantineState }) {
  const { t } = useTranslation('sources');
  return <StatePill tone={STATE_TONES[state]}>{t(`state.${state}`)}</StatePill>;
}

type Faulty = Pick<QuarantinedEvent, 'fault' | 'field' | 'detail' | 'expected' | 'found'>;

/** Why an event was kept apart, and which field is at fault. */
export function FaultWords({ of: { fault, field, detail, expected, found } }: { of: Faulty }) {
  const { t, i18n } = useTranslation('sources');
  if (fault === 'plan' && detail) {
    return (
      <span>
        {t('fault.plan')} · <BreachWords of={{ reason: detail, field: field ?? null, expected: expected ?? null, found: found ?? null }} />
      </span>
    );
  }
  return (
    <>
      {i18n.exists(`sources:fault.${fault}`) ? t(`fault.${fault}`) : fault}
      {field && (
        <>
          {' '}
          <code className="anywhere">{field}</code>
        </>
      )}
    </>
  );
}

/** The name of a colleague, for those who may look; else the end of the id, by which it can be asked for. */
export function Colleague({ id }: { id: string }) {
  const { t } = useTranslation('sources');
  const may = useMay();
  const { session } = useSession();
  const mine = session?.user.id === id;
  const found = api.useQuery('get', '/api/v1/identity/users/{id}', { params: { path: { id } } }, { enabled: !mine && may('identity.user.read'), staleTime: 300_000 });
  const name = mine ? session.user.name : found.data?.name;
  return <span className="data">{name ?? t('somebody', { id: id.slice(-8) })}</span>;
}

/** Who decided, and when. */
export function Decided({ row }: { row: QuarantinedEvent }) {
  if (!row.decided_at) return null;
  return (
    <>
      {row.decided_by && (
        <>
          <Colleague id={row.decided_by} /> ·{' '}
        </>
      )}
      <DateTime at={row.decided_at} short time />
    </>
  );
}
