import { CaretRightOutlined, CodeOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { listed } from '@/areas/customers/sources/calls';
import { Colleague } from '@/areas/customers/sources/words';
import { Act } from '@/parts/act';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { EmptyState, ProblemNote } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import { Facts } from '@/patterns/record/record';
import { useMay, useSession } from '@/session/session';
import { QUERIES, QUERY_MANAGE, QUERY_RUN, useArchiveQuery } from './calls';
import type { SavedQuery } from './contract';
import { DetailsForm } from './details-form';
import { bodyOf, Clash, useSaving } from './saving';
import { SharingPill } from './words';
import './sql.css';

const open = (row: SavedQuery) => `/insight/sql?query=${row.id}`;

function Archive({ row }: { row: SavedQuery }) {
  const { t } = useTranslation('sql');
  const { done, failed } = useNotice();
  const [, setParams] = useSearchParams();
  const archive = useArchiveQuery();
  const go = () =>
    archive.mutate(row, {
      onSuccess: () => {
        done(t('archived'));
        setParams((was) => {
          const is = new URLSearchParams(was);
          is.delete('peek');
          return is;
        });
      },
      onError: failed,
    });
  return (
    <Popconfirm title={t('archive_sure')} okText={t('archive')} cancelText={t('common:cancel')} onConfirm={go}>
      <Button danger loading={archive.isPending}>
        {t('archive')}
      </Button>
    </Popconfirm>
  );
}

/** A saved query beside the list: what it asks, whose it is, what can be done with it. */
function QueryPeek({ row }: { row: SavedQuery }) {
  const { t } = useTranslation('sql');
  const navigate = useNavigate();
  const may = useMay();
  const { session } = useSession();
  const [changing, setChanging] = useState(false);
  const close = () => setChanging(false);
  const saving = useSaving(close);
  const own = row.owner_id === session?.user.id;
  return (
    <div className="stack">
      <div className="row">
        <Act type="primary" icon={<CaretRightOutlined />} why={may(QUERY_RUN) ? undefined : t('may_not_run')} onClick={() => void navigate(`${open(row)}&run=1`)}>
          {t('run')}
        </Act>
        <Act why={may(QUERY_RUN) ? undefined : t('may_not_run')} onClick={() => void navigate(open(row))}>
          {t(own ? 'edit_statement' : 'open')}
        </Act>
        {own && may(QUERY_MANAGE) && (
          <>
            <Button onClick={() => setChanging(true)}>{t('details')}</Button>
            <Archive row={row} />
          </>
        )}
      </div>
      {!own && <p className="quiet small">{t('not_own')}</p>}
      <Clash saving={saving} onTheirs={close} />
      {!changing && <ProblemNote error={saving.error} />}
      <Facts
        facts={[
          { id: 'description', label: t('description'), value: row.description ? <span className="data anywhere">{row.description}</span> : undefined },
          { id: 'owner', label: t('owner'), value: <Colleague id={row.owner_id} /> },
          { id: 'sharing', label: t('sharing_is'), value: <SharingPill of={row} /> },
          { id: 'chart', label: t('as_chart'), value: t(`chart.${row.chart.kind}`) },
          { id: 'changed', label: t('changed_at'), value: <DateTime at={row.updated_at} time /> },
          ...(row.parameters.length > 0 ? [{ id: 'parameters', label: t('parameters'), value: <span className="data">{row.parameters.map((one) => one.label || one.name).join(' · ')}</span> }] : []),
        ]}
      />
      <pre className="sql-text">{row.sql}</pre>
      <DetailsForm title={t('details')} act={t('common:save')} open={changing} busy={saving.busy} error={saving.error} initial={row} onClose={close} onFinish={(details) => saving.save({ ...bodyOf(row), ...details }, row, close)} />
    </div>
  );
}

/** The saved queries (保存的查询) that are the reader's or shared with them. */
export function Queries() {
  const { t } = useTranslation('sql');
  const may = useMay();
  const navigate = useNavigate();
  const make = may(QUERY_RUN) && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate('/insight/sql')}>
      {t('new')}
    </Button>
  );
  const spec = listed<SavedQuery>({
    id: 'queries',
    path: QUERIES,
    rowKey: (row) => row.id,
    rowName: (row) => row.name,
    rowLink: open,
    peek: (row) => <QueryPeek key={`${row.id}/${row.version}`} row={row} />,
    columns: [
      { id: 'name', label: t('name'), title: true, cell: (row) => <span className="data anywhere">{row.name}</span> },
      { id: 'description', label: t('description'), wide: true, cell: (row) => (row.description ? <span className="data anywhere">{row.description}</span> : <Nothing />) },
      { id: 'owner', label: t('owner'), cell: (row) => <Colleague id={row.owner_id} /> },
      { id: 'sharing', label: t('sharing_is'), cell: (row) => <SharingPill of={row} /> },
      { id: 'chart', label: t('as_chart'), wide: true, cell: (row) => t(`chart.${row.chart.kind}`) },
      { id: 'changed', label: t('changed_at'), cell: (row) => <DateTime at={row.updated_at} relative /> },
    ],
    empty: (
      <EmptyState icon={<CodeOutlined />} title={t('queries_none')} hint={t('queries_none_hint')}>
        {make}
      </EmptyState>
    ),
  });
  return (
    <>
      <PageHead title={t('queries')} sub={t('queries_sub')} actions={make} />
      <List spec={{ ...spec, search: t('search') }} label={t('queries')} />
    </>
  );
}
