import { ApartmentOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { Department } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import type { Column } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { DepartmentForm } from './department-form';
import { inOrder, type Placed } from './tree';
import './people.css';

function useDepartmentColumns(onEdit: ((row: Department) => void) | undefined): Column<Placed<Department>>[] {
  const { t } = useTranslation('people');
  const local = useLocal();
  const columns: Column<Placed<Department>>[] = [
    {
      id: 'name',
      label: t('department'),
      title: true,
      cell: (row) => (
        <span className="tree-name" style={{ '--depth': row.depth } as React.CSSProperties}>
          {local(row.names)}
        </span>
      ),
    },
    { id: 'code', label: t('code'), wide: true, cell: (row) => <code className="quiet">{row.code}</code> },
    { id: 'head', label: t('head'), cell: (row) => row.head_name ?? <Nothing /> },
    { id: 'people', label: t('people'), figure: true, cell: (row) => <Link to={`/system/users?department_id=${row.id}`}>{row.people}</Link> },
  ];
  if (!onEdit) return columns;
  const edit = (row: Department) => (
    <Button size="small" type="text" aria-label={`${t('common:edit')}${t('common:colon')}${local(row.names)}`} onClick={() => onEdit(row)}>
      {t('common:edit')}
    </Button>
  );
  return [...columns, { id: 'edit', label: t('common:edit'), buttons: true, figure: true, cell: edit }];
}

/** The departments (部门) of the company, as a tree. */
export function Departments() {
  const { t } = useTranslation('people');
  const local = useLocal();
  const may = useMay()('identity.department.manage');
  const [editing, setEditing] = useState<Department | 'new'>();
  const departments = api.useQuery('get', '/api/v1/identity/departments', { params: { query: { page_size: 200 } } });
  const rows = useMemo(() => inOrder(departments.data?.items ?? []), [departments.data]);
  const columns = useDepartmentColumns(may ? setEditing : undefined);
  return (
    <>
      <PageHead
        title={t('departments')}
        sub={t('departments_sub')}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
              {t('department_new')}
            </Button>
          )
        }
      />
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
            rowName={(row) => local(row.names) ?? row.code}
            linkOf={() => undefined}
            onOpen={() => undefined}
          />
        )}
      </section>
      <DepartmentForm open={editing !== undefined} department={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
    </>
  );
}
