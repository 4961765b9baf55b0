import { EyeOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { PageHead } from '@/parts/head';
import { useOpenForm } from '@/parts/open-form';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { NewWatchForm } from './watch-form';
import { Fault, KINDS, STATES, WATCHES, WatchPill } from './watch-words';

/** Watches (监测): pages and feeds of others that are looked at by themselves. */
export function Watches() {
  const { t } = useTranslation('watches');
  const may = useMay();
  const [open, setOpen] = useOpenForm();
  const make = may('rulebook.watch.manage') && (
    <Button type="primary" onClick={() => setOpen(true)}>
      {t('new')}
    </Button>
  );
  const spec: ListSpec<typeof WATCHES> = {
    id: 'watches',
    path: WATCHES,
    search: t('search'),
    rowKey: (watch) => watch.id,
    rowName: (watch) => watch.name,
    rowLink: (watch) => `/insight/watches/${watch.id}`,
    views: [{ id: 'failing', label: t('state.failing'), params: { state: 'failing' } }],
    filters: [
      { id: 'state', label: t('state_is'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
      { id: 'kind', label: t('kind'), kind: 'choice', options: KINDS.map((value) => ({ value, label: t(`kinds.${value}`) })) },
    ],
    columns: [
      { id: 'name', label: t('name'), title: true, cell: (watch) => <span className="anywhere">{watch.name}</span> },
      { id: 'kind', label: t('kind'), cell: (watch) => t(`kinds.${watch.kind}`) },
      { id: 'url', label: t('url'), wide: true, cell: (watch) => <span className="small quiet anywhere">{watch.url}</span> },
      { id: 'state', label: t('state_is'), cell: (watch) => <WatchPill watch={watch} /> },
      { id: 'fault', label: t('why'), wide: true, cell: (watch) => (watch.state === 'failing' ? <Fault of={watch} /> : <Nothing />) },
      { id: 'looked', label: t('looked_at'), cell: (watch) => <DateTime at={watch.looked_at} relative /> },
      { id: 'owner', label: t('owner'), wide: true, cell: (watch) => watch.names?.[watch.owner_id] ?? <Nothing /> },
    ],
    empty: (
      <EmptyState icon={<EyeOutlined />} title={t('none')} hint={t('hint')}>
        {make}
      </EmptyState>
    ),
  };
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} actions={make} />
      <List spec={spec} label={t('title')} />
      <NewWatchForm open={open} onClose={() => setOpen(false)} />
    </>
  );
}
