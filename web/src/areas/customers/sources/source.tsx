import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { type Fact, Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { ModePill } from '../plan/words';
import { useBrandChoices } from '../words';
import { SOURCE_MANAGE, useSource } from './calls';
import type { Source } from './contract';
import { Days } from './days-chart';
import { Events } from './events';
import { Install } from './install';
import { QuarantineOf } from './quarantine';
import { Quality } from './quality';
import { Settings } from './settings';
import { Totals } from './totals';
import { VolumeWords } from './volume';
import { HealthPill } from './words';
import './sources.css';

function useFacts(source: Source): { facts: Fact[]; under: Fact[] } {
  const { t } = useTranslation('sources');
  const format = useFormat();
  const brand = useBrandChoices().find((one) => one.value === source.brand_id)?.label;
  const { silent_after_hours: hours } = source;
  return {
    facts: [
      { id: 'kind', label: t('kind'), value: t(`kind_name.${source.kind}`) },
      { id: 'purpose', label: t('purpose'), value: <span className="data">{source.purpose}</span> },
      { id: 'last', label: t('last_event'), value: source.last_event_at && <DateTime at={source.last_event_at} relative /> },
      { id: 'silent', label: t('silent_limit'), value: hours ? t('hours', { count: hours }) : t('never_silent') },
      { id: 'plan', label: t('plan'), value: <ModePill mode={source.plan} /> },
      { id: 'expected', label: t('expected'), value: source.expected.length > 0 ? source.expected.map((data) => t(`plan:data.${data}`)).join(' · ') : undefined },
      ...(brand ? [{ id: 'brand', label: t('brand_id'), value: <span className="data">{brand}</span> }] : []),
    ],
    under: [
      { id: 'events', label: t('events_7d'), value: <Link to="?tab=days">{format.number(source.events_7d)}</Link> },
      { id: 'volume', label: t('volume_is'), value: <VolumeWords source={source} link /> },
      { id: 'duplicates', label: t('duplicates_7d'), value: <Link to="?tab=days">{format.number(source.duplicates_7d)}</Link> },
      { id: 'bots', label: t('bots_7d'), value: <Link to="?tab=days">{format.number(source.bots_7d)}</Link> },
      { id: 'quarantined', label: t('quarantined'), value: <Link to="?tab=quarantine&view=open&state=open">{format.number(source.quarantined)}</Link> },
    ],
  };
}

/** What stands in the way of events, and what to do about it. */
function Standing({ source }: { source: Source }) {
  const { t } = useTranslation('sources');
  if (source.health !== 'silent' && source.health !== 'paused') return null;
  return (
    <div className="source-note" role="note">
      {t(source.health === 'paused' ? 'paused_note' : 'silent_note')}
    </div>
  );
}

function Shown({ source }: { source: Source }) {
  const { t } = useTranslation('sources');
  const may = useMay()(SOURCE_MANAGE);
  // Nobody installs or changes what the product tells itself.
  const own = source.kind === 'internal';
  const { facts, under } = useFacts(source);
  return (
    <Record
      title={source.name}
      crumbs={[{ label: t('title'), to: '/customers/sources' }, { label: source.name }]}
      state={<HealthPill health={source.health} />}
      facts={facts}
      under={under}
      notes={<Standing source={source} />}
      tabs={[
        ...(own ? [] : [{ id: 'install', label: t('install'), content: <Install source={source} /> }]),
        { id: 'events', label: t('events'), content: <Events source={source} /> },
        { id: 'days', label: t('days'), content: <Days source={source} /> },
        { id: 'totals', label: t('totals'), content: <Totals source={source} /> },
        { id: 'quality', label: t('quality'), content: <Quality source={source} /> },
        { id: 'quarantine', label: t('quarantine'), content: <QuarantineOf source={source} /> },
        ...(may && !own ? [{ id: 'settings', label: t('settings'), content: <Settings source={source} /> }] : []),
      ]}
    />
  );
}

/** One source: how to send, what arrives, what does not count, and what it is. */
export function SourcePage() {
  const { id = '' } = useParams();
  const source = useSource(id);
  if (source.isPending) return <Skeleton shape="record" />;
  if (source.isError && !source.data) return <ErrorState error={source.error} retry={() => void source.refetch()} />;
  return <Shown key={id} source={source.data} />;
}
