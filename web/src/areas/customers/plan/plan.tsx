import { PlusOutlined, ProfileOutlined } from '@ant-design/icons';
import { Button, Tabs } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { Label } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import { useMay } from '@/session/session';
import { listed, SOURCE_MANAGE, useSources } from '../sources/calls';
import { Breaches } from './breaches';
import { PLANNED, useQualities } from './calls';
import { PLANNED_STATES } from './contract';
import { inUse } from './quality';
import type { PlannedEvent } from '@/api/schema';
import { Unplanned } from './unplanned';
import { PlannedPill, ScorePill, SourcesOf, useNameOf } from './words';
import './plan.css';

function Planned({ make }: { make: ReactNode }) {
  const { t } = useTranslation('plan');
  const format = useFormat();
  const name = useNameOf();
  const sources = useSources();
  const use = inUse(useQualities(sources.data?.items ?? []));
  const states = PLANNED_STATES.map((value) => ({ value, label: t(`state.${value}`) }));
  const link = (row: PlannedEvent) => `/customers/plan/${row.id}`;
  const spec = listed<PlannedEvent>({
    id: 'planned_events',
    path: PLANNED,
    rowKey: (row) => row.id,
    rowName: name,
    rowLink: link,
    views: states.map(({ value, label }) => ({ id: value, label, params: { state: value } })),
    filters: [
      { id: 'text', label: t('name'), kind: 'text' },
      { id: 'state', label: t('state_is'), kind: 'choice', options: states },
    ],
    columns: [
      { id: 'name', label: t('event'), title: true, cell: (row) => <span className="data anywhere">{name(row)}</span> },
      { id: 'kind', label: t('kind_is'), cell: (row) => <Label>{t(`kind.${row.kind}`)}</Label> },
      { id: 'state', label: t('state_is'), cell: (row) => <PlannedPill state={row.state} /> },
      { id: 'sources', label: t('sources'), cell: (row) => <SourcesOf ids={row.sources} /> },
      { id: 'properties', label: t('properties'), figure: true, wide: true, cell: (row) => format.number(row.properties.length) },
      {
        id: 'events',
        label: t('events_7d'),
        figure: true,
        cell: (row) => {
          const events = use.get(row.id)?.events;
          return events === undefined ? <Nothing /> : <Link to={`${link(row)}?tab=live`} title={format.number(events)}>{format.compact(events)}</Link>;
        },
      },
      { id: 'score', label: t('score'), cell: (row) => <ScorePill score={use.get(row.id)?.score} /> },
      { id: 'changed', label: t('changed_at'), hidden: true, cell: (row) => <DateTime at={row.updated_at} short time /> },
    ],
    empty: (
      <EmptyState icon={<ProfileOutlined />} title={t('empty')} hint={t('empty_hint')}>
        {make}
        <Link to="?tab=unplanned">{t('to_unplanned')}</Link>
      </EmptyState>
    ),
  });
  return <List spec={spec} label={t('title')} />;
}

/** The tracking plan (埋点方案): which events are wanted, which arrive unplanned, and which break it. */
export function TrackingPlan() {
  const { t } = useTranslation('plan');
  const may = useMay()(SOURCE_MANAGE);
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const make = may && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate('/customers/plan/new')}>
      {t('new')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} actions={make} />
      <Tabs
        activeKey={params.get('tab') ?? 'plan'}
        onChange={(tab) => setParams(tab === 'plan' ? {} : { tab })}
        destroyOnHidden
        items={[
          { key: 'plan', label: t('plan'), children: <Planned make={make} /> },
          { key: 'unplanned', label: t('unplanned'), children: <Unplanned /> },
          { key: 'breaches', label: t('breaches'), children: <Breaches /> },
        ]}
      />
    </>
  );
}
