import { SolutionOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { PostLoad } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import type { Column } from '@/patterns/list/types';

/** From this share on a post is as full as it may be. */
const FULL = 100;

function useColumns(): Column<PostLoad>[] {
  const { t } = useTranslation('people');
  const format = useFormat();
  const local = useLocal();
  return [
    { id: 'name', label: t('position'), title: true, cell: (row) => local(row.names) },
    { id: 'department', label: t('department'), cell: (row) => local(row.department_names) },
    { id: 'people', label: t('people'), figure: true, cell: (row) => row.people },
    { id: 'open', label: t('open_tasks'), figure: true, cell: (row) => format.number(row.open_tasks) },
    { id: 'overdue', label: t('overdue_tasks'), figure: true, cell: (row) => (row.overdue_tasks ? <span className="bad">{format.number(row.overdue_tasks)}</span> : 0) },
    { id: 'capacity', label: t('capacity'), figure: true, wide: true, cell: (row) => format.number(row.capacity ?? 0) },
    {
      id: 'load',
      label: t('load'),
      figure: true,
      cell: (row) => (row.load_percent === null || row.load_percent === undefined ? <Nothing /> : <Label tone={row.load_percent > FULL ? 'bad' : 'good'}>{format.percent(row.load_percent / 100, 0)}</Label>),
    },
  ];
}

/** The workload (岗位工作量): what is open on each post now, held against what its people can carry. */
export function Workload() {
  const { t } = useTranslation('people');
  const local = useLocal();
  const columns = useColumns();
  const posts = api.useQuery('get', '/api/v1/identity/workload');
  const rows = posts.data?.items ?? [];
  return (
    <>
      <PageHead title={t('workload')} sub={t('workload_sub')} actions={<Link to="/records/staffing_change">{t('staffing_changes')}</Link>} />
      <section className="card list-card">
        {posts.isPending ? (
          <div className="list-pad">
            <Skeleton shape="table" />
          </div>
        ) : posts.isError ? (
          <ErrorState error={posts.error} retry={() => void posts.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState icon={<SolutionOutlined />} title={t('workload_empty')} hint={t('workload_empty_hint')} />
        ) : (
          <Table label={t('workload')} rows={rows} columns={columns} rowKey={(row) => row.id} rowName={(row) => local(row.names) ?? row.id} linkOf={() => undefined} onOpen={() => undefined} />
        )}
      </section>
    </>
  );
}
