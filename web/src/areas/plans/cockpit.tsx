import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { api } from '@/api/client';
import type { Cockpit, WorkItem } from '@/api/schema';
import { PageHead } from '@/parts/head';
import { StatePill, type Tone } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Tiles } from '@/patterns/board/board';
import { Table } from '@/patterns/list/table';
import { Move, type Moving } from './move';

const GROUPS = ['research', 'brand', 'campaign'] as const;
const LIGHTS = ['red', 'amber', 'green', 'undated'] as const;
const TONES: Record<string, Tone> = { red: 'bad', amber: 'warn', green: 'good', undated: 'quiet' };

function Buttons({ item, onMove }: { item: WorkItem; onMove: (moving: Moving) => void }) {
  const { t } = useTranslation('cockpit');
  if (!item.movable) return <Nothing />;
  return (
    <span className="row">
      <Button size="small" onClick={() => onMove({ item, how: 'reassign' })}>
        {t('reassign')}
      </Button>
      <Button size="small" onClick={() => onMove({ item, how: 'extend' })}>
        {t('extend')}
      </Button>
    </span>
  );
}

function Shown({ cockpit }: { cockpit: Cockpit }) {
  const { t } = useTranslation('cockpit');
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const [moving, setMoving] = useState<Moving>();
  const [group, light] = [params.get('group') ?? 'all', params.get('light')];
  const rows = cockpit.items.filter((item) => group === 'all' || String(item.group) === group).filter((item) => !light || String(item.light) === light);
  const address = (next: { [name: string]: string | null }) => {
    const after = new URLSearchParams(params);
    for (const [name, value] of Object.entries(next)) if (value) after.set(name, value);
    else after.delete(name);
    return after;
  };
  return (
    <div className="stack">
      <Tiles
        tiles={LIGHTS.map((one) => ({
          id: one,
          label: t(`light.${one}`),
          value: cockpit.lights[one],
          to: `?${address({ light: light === one ? null : one })}`,
          note: t(`means.${one}`, { count: cockpit.near_days }),
          ...(one === 'red' && cockpit.lights.red ? { tone: 'bad' as const } : {}),
        }))}
      />
      <Segmented
        aria-label={t('group_label')}
        value={group}
        onChange={(next) => setParams(address({ group: next === 'all' ? null : next }))}
        options={[{ value: 'all', label: t('group.all') }, ...GROUPS.map((value) => ({ value, label: t(`group.${value}`) }))]}
      />
      {cockpit.cut && <p className="warn small">{t('cut')}</p>}
      {rows.length === 0 ? (
        <EmptyState title={t('empty')} hint={t('empty_hint')} />
      ) : (
        <section className="card list-card" aria-label={t('title')}>
          <Table<WorkItem>
            label={t('title')}
            rows={rows}
            rowKey={(item) => item.id}
            rowName={(item) => item.title}
            linkOf={(item) => item.link}
            onOpen={(item) => void navigate(item.link)}
            columns={[
              { id: 'title', label: t('what'), title: true, cell: (item) => item.title },
              { id: 'light', label: t('light_label'), cell: (item) => <StatePill tone={TONES[item.light] ?? 'quiet'}>{t(`light.${item.light}`)}</StatePill> },
              { id: 'due', label: t('due'), cell: (item) => (item.due_at ? <DateTime at={item.due_at} short time /> : <Nothing />) },
              { id: 'owner', label: t('owner'), cell: (item) => item.owner_name ?? (item.permission ? <span className="quiet">{t('anybody')}</span> : <Nothing />) },
              { id: 'group', label: t('group_label'), wide: true, cell: (item) => t(`group.${item.group}`) },
              { id: 'move', label: t('move'), buttons: true, cell: (item) => <Buttons item={item} onMove={setMoving} /> },
            ]}
          />
        </section>
      )}
      <Move moving={moving} onClose={() => setMoving(undefined)} />
    </div>
  );
}

/** The manager's cockpit (经理驾驶舱): all open work of research, brand and campaigns, red, amber or green. */
export function CockpitPage() {
  const { t } = useTranslation('cockpit');
  const cockpit = api.useQuery('get', '/api/v1/rulebook/cockpit');
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} />
      {cockpit.isPending ? <Skeleton shape="table" rows={8} /> : cockpit.isError ? <ErrorState error={cockpit.error} retry={() => void cockpit.refetch()} /> : <Shown cockpit={cockpit.data} />}
    </>
  );
}
