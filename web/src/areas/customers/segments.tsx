import { PlusOutlined, UsergroupAddOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { SegmentState } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { StatePill, type Tone } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';

const STATES = ['draft', 'active', 'archived'] as const;
const TONES: Record<SegmentState, Tone> = { draft: 'info', active: 'good', archived: 'quiet' };

/** Where a segment stands. */
export function SegmentStatePill({ state }: { state: SegmentState }) {
  const { t } = useTranslation('segments');
  return <StatePill tone={TONES[state]}>{t(`state.${state}`)}</StatePill>;
}

function useSpec(): ListSpec<'/api/v1/customers/segments'> {
  const { t } = useTranslation('segments');
  const format = useFormat();
  return {
    id: 'segments',
    path: '/api/v1/customers/segments',
    search: t('search'),
    rowKey: (row) => row.id,
    rowName: (row) => row.name,
    rowLink: (row) => `/customers/segments/${row.id}`,
    views: STATES.map((state) => ({ id: state, label: t(`state.${state}`), params: { state } })),
    filters: [{ id: 'state', label: t('state_is'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) }],
    columns: [
      { id: 'name', label: t('name'), title: true, cell: (row) => row.name },
      { id: 'description', label: t('description'), wide: true, cell: (row) => row.description || <Nothing /> },
      { id: 'count', label: t('count'), figure: true, cell: (row) => (typeof row.member_count === 'number' ? format.number(row.member_count) : <Nothing />) },
      { id: 'counted', label: t('counted'), cell: (row) => <DateTime at={row.counted_at} relative /> },
      { id: 'version', label: t('version'), figure: true, wide: true, cell: (row) => row.version_number },
      { id: 'state', label: t('state_is'), cell: (row) => <SegmentStatePill state={row.state} /> },
    ],
    empty: <EmptyState icon={<UsergroupAddOutlined />} title={t('empty')} hint={t('empty_hint')} />,
  };
}

/** The segments (人群): conditions on people that campaigns choose from. */
export function Segments() {
  const { t } = useTranslation('segments');
  const may = useMay();
  const navigate = useNavigate();
  return (
    <>
      <PageHead
        title={t('title')}
        sub={t('sub')}
        actions={
          may('customers.segment.edit') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate('/customers/segments/new')}>
              {t('new')}
            </Button>
          )
        }
      />
      <List spec={useSpec()} label={t('title')} />
    </>
  );
}
