import { ApartmentOutlined } from '@ant-design/icons';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { Department } from '@/api/draft';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import type { Column } from '@/patterns/list/types';
import { inOrder, type Placed } from './tree';
import './people.css';

function useDepartmentColumns(): Column<Placed<Department>>[] {
  const { t } = useTranslation('people');
  return [
    {
      id: 'name',
      label: t('department'),
      title: true,
      cell: (row) => (
        <span className="tree-name" style={{ '--depth': row.depth } as React.CSSProperties}>
          {row.name}
        </span>
      ),
    },
    { id: 'manager', label: t('manager'), cell: (row) => row.manager_name ?? <Nothing /> },
    { id: 'people', label: t('people'), figure: true, cell: (row) => <Link to={`/system/users?department_id=${row.id}`}>{row.people}</Link> },
  ];
}

/** The departments of the company, as a tree. */
export function Departments() {
  const { t } = useTranslation('people');
  const departments = api.useQuery('get', '/api/v1/identity/departments', { params: { query: { page_size: 200 } } });
  const rows = useMemo(() => inOrder(departments.data?.items ?? []), [departments.data]);
  const columns = useDepartmentColumns();
  return (
    <>
      <PageHead title={t('departments')} sub={t('departments_sub')} />
      <section className="card list-card">
        {departments.isPending ? (
          <div className="list-pad">
            <Skeleton shape="table" />
          </div>
        ) : departments.isError ? (
          <ErrorState error={departments.error} retry={() => void departments.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState icon={<ApartmentOutlined />} title={t('departments_empty')} hint={t('departments_empty_hint')} />
        ) : (
          <Table
            label={t('departments')}
            rows={rows}
            columns={columns}
            rowKey={(row) => row.id}
            rowName={(row) => row.name}
            linkOf={() => undefined}
            onOpen={() => undefined}
          />
        )}
      </section>
    </>
  );
}
