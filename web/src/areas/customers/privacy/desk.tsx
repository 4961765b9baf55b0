import { PlusOutlined, WarningOutlined } from '@ant-design/icons';
import { Button, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { asProblem } from '@/api/problem';
import type { PrivacyOverview } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { useOpenForm } from '@/parts/open-form';
import { Skeleton } from '@/parts/skeleton';
import { ProblemNote } from '@/parts/states';
import { type Tile, Tiles } from '@/patterns/board/board';
import { useMay } from '@/session/session';
import { Access } from './access';
import { leakAt, PRIVACY_MANAGE, useOpenLeaks, useOverview } from './calls';
import { ConsentTexts } from './consent-texts';
import { Decoys } from './decoys';
import { Erasures } from './erasures';
import { Exports } from './exports';
import { Holds } from './holds';
import { Leaks } from './leaks';
import { NewRequest } from './request-form';
import { Requests } from './requests';
import { Retention } from './retention';
import { LeakClockPill, LeakPill } from './words';
import './privacy.css';

function useTiles(): (all: PrivacyOverview) => Tile[] {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const may = useMay()(PRIVACY_MANAGE);
  const some = (count: number, tone: 'warn' | 'bad', note: string) => (count > 0 ? { tone, note: t(note) } : { note: t('tile_nothing') });
  return (all) => [
    { id: 'open', label: t('state.open'), value: format.number(all.open), to: '?view=open&state=open', ...some(all.open, 'warn', 'tile_open_note') },
    { id: 'verified', label: t('view_verified'), value: format.number(all.verified), to: '?view=verified&state=verified', note: t('tile_done', { done: format.number(all.done_30d), refused: format.number(all.refused_30d) }) },
    { id: 'due_soon', label: t('urgency.due_soon'), value: format.number(all.due_soon), to: '?view=due_soon&urgency=due_soon', ...some(all.due_soon, 'warn', 'tile_due_note') },
    { id: 'overdue', label: t('urgency.overdue'), value: format.number(all.overdue), to: '?view=overdue&urgency=overdue', ...some(all.overdue, 'bad', 'tile_overdue_note') },
    { id: 'leaks', label: t('tile_leaks'), value: format.number(all.leaks_open), to: '?tab=leaks', ...(all.leaks_overdue > 0 ? { tone: 'bad' as const, note: t('tile_leaks_overdue', { count: all.leaks_overdue }) } : some(all.leaks_open, 'warn', 'tile_leaks_note')) },
    { id: 'erased', label: t('tile_erased'), value: format.number(all.erased_total), to: '?tab=erasures', note: t('tile_late', { count: all.late_events_refused ?? 0, shown: format.compact(all.late_events_refused ?? 0) }) },
    ...(may
      ? [
          { id: 'access', label: t('tile_access'), value: format.number(all.access_alerts_open), to: '?tab=access&state=open', ...some(all.access_alerts_open, 'warn', 'tile_access_note') },
          { id: 'decoys', label: t('tile_decoys'), value: format.number(all.decoy_hits_30d), to: '?tab=decoys', ...some(all.decoy_hits_30d, 'bad', 'tile_decoys_note') },
        ]
      : [{ id: 'rules', label: t('tile_rules'), value: format.number(all.retention_rules_active), to: '?tab=retention' }]),
  ];
}

/** How the desk stands; each number opens its rows. */
function Figures() {
  const overview = useOverview();
  const tiles = useTiles();
  // The list below says which permission is missing.
  if (overview.error) return asProblem(overview.error).status === 403 ? null : <ProblemNote error={overview.error} />;
  if (!overview.data) return <Skeleton rows={2} />;
  return <Tiles tiles={tiles(overview.data)} />;
}

/** The leaks of which the authority does not know yet, each with its clock. */
function OpenLeaks() {
  const { t } = useTranslation('privacy');
  const leaks = (useOpenLeaks().data?.items ?? []).filter((leak) => leak.state !== 'closed');
  if (leaks.length === 0) return null;
  return (
    <ul className="card plain-list" aria-label={t('tile_leaks')}>
      {leaks.map((leak) => (
        <li key={leak.id} className="row">
          <LeakPill state={leak.state} />
          <Link to={leakAt(leak.id)} className="strong anywhere privacy-title">
            {leak.number} · {leak.title}
          </Link>
          <LeakClockPill leak={leak} />
        </li>
      ))}
    </ul>
  );
}

/** The privacy desk (个人信息保护): requests, leaks, what is erased and kept, and who takes data out. */
export function PrivacyDesk() {
  const { t } = useTranslation('privacy');
  const may = useMay()(PRIVACY_MANAGE);
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const [making, setMaking] = useOpenForm();
  const make = may && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
      {t('new_request')}
    </Button>
  );
  const report = may && (
    <Button icon={<WarningOutlined />} onClick={() => void navigate('/customers/privacy/leaks/new')}>
      {t('new_leak')}
    </Button>
  );
  const tabs = [
    { key: 'requests', label: t('tab.requests'), children: <Requests make={make} /> },
    { key: 'leaks', label: t('tab.leaks'), children: <Leaks make={report} /> },
    { key: 'erasures', label: t('tab.erasures'), children: <Erasures /> },
    { key: 'holds', label: t('tab.holds'), children: <Holds /> },
    { key: 'texts', label: t('tab.texts'), children: <ConsentTexts /> },
    { key: 'retention', label: t('tab.retention'), children: <Retention /> },
    { key: 'exports', label: t('tab.exports'), children: <Exports /> },
    // Who does not work here does not learn which records are decoys, nor whom somebody looks into.
    ...(may
      ? [
          { key: 'decoys', label: t('tab.decoys'), children: <Decoys /> },
          { key: 'access', label: t('tab.access'), children: <Access /> },
        ]
      : []),
  ];
  const wanted = params.get('tab');
  const active = tabs.find((tab) => tab.key === wanted)?.key ?? 'requests';
  return (
    <>
      <PageHead
        title={t('title')}
        sub={t('sub')}
        actions={
          <>
            {report}
            {make}
          </>
        }
      />
      <div className="stack">
        <Figures />
        <OpenLeaks />
        <Tabs activeKey={active} onChange={(tab) => setParams(tab === 'requests' ? {} : { tab })} destroyOnHidden items={tabs} />
      </div>
      {may && <NewRequest open={making} onClose={() => setMaking(false)} />}
    </>
  );
}
