import { ClusterOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { useOpenForm } from '@/parts/open-form';
import { Label } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import { useMay } from '@/session/session';
import { listed, SOURCE_MANAGE, SOURCES } from './calls';
import { ModePill } from '../plan/words';
import type { Source } from './contract';
import { LakeLine } from './lake-line';
import { NewSourceForm } from './source-form';
import { VolumeWords } from './volume';
import { Week } from './week';
import { HealthPill } from './words';
import './sources.css';

/** Where the events of a source stand that wait for a decision. */
export function waitingOf(id: string): string {
  return `/customers/quarantine?view=open&state=open&source_id=${id}`;
}

/** A figure that opens what it counts, where it counts anything. */
function Waiting({ row }: { row: Source }) {
  const format = useFormat();
  if (row.quarantined === 0) return <>{format.number(0)}</>;
  return (
    <Link to={waitingOf(row.id)} className="underlined warn">
      {format.number(row.quarantined)}
    </Link>
  );
}

function useSpec(empty: ReactNode) {
  const { t } = useTranslation('sources');
  const format = useFormat();
  return listed<Source>({
    id: 'sources',
    path: SOURCES,
    rowKey: (row) => row.id,
    rowName: (row) => row.name,
    rowLink: (row) => `/customers/sources/${row.id}`,
    columns: [
      { id: 'name', label: t('name'), title: true, cell: (row) => <span className="anywhere">{row.name}</span> },
      { id: 'kind', label: t('kind'), cell: (row) => <Label>{t(`kind_name.${row.kind}`)}</Label> },
      { id: 'health', label: t('health_is'), cell: (row) => <HealthPill health={row.health} /> },
      { id: 'last', label: t('last_event'), cell: (row) => (row.last_event_at ? <DateTime at={row.last_event_at} relative /> : <Nothing />) },
      { id: 'events', label: t('events_7d'), figure: true, cell: (row) => <Week source={row} /> },
      { id: 'volume', label: t('volume_is'), cell: (row) => <VolumeWords source={row} /> },
      { id: 'plan', label: t('plan'), cell: (row) => <ModePill mode={row.plan} /> },
      { id: 'expected', label: t('expected'), hidden: true, cell: (row) => (row.expected.length ? row.expected.map((data) => t(`plan:data.${data}`)).join(' · ') : <Nothing />) },
      { id: 'duplicates', label: t('duplicates'), figure: true, wide: true, cell: (row) => format.compact(row.duplicates_7d) },
      { id: 'bots', label: t('bots'), figure: true, wide: true, cell: (row) => format.compact(row.bots_7d) },
      { id: 'quarantined', label: t('quarantined'), figure: true, cell: (row) => <Waiting row={row} /> },
    ],
    empty,
  });
}

/** Data sources (数据来源): where events come from, and whether they do. */
export function Sources() {
  const { t } = useTranslation('sources');
  const may = useMay()(SOURCE_MANAGE);
  const [open, setOpen] = useOpenForm();
  const make = may && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(true)}>
      {t('new')}
    </Button>
  );
  const spec = useSpec(
    <EmptyState icon={<ClusterOutlined />} title={t('empty')} hint={t('empty_hint')}>
      {make}
    </EmptyState>,
  );
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} actions={make} />
      <LakeLine />
      <List spec={spec} label={t('title')} />
      <NewSourceForm open={open} onClose={() => setOpen(false)} />
    </>
  );
}
