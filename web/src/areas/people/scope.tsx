import { CheckCircleOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { Department } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import type { Column } from '@/patterns/list/types';

function useColumns(): Column<Department>[] {
  const { t } = useTranslation('people');
  const local = useLocal();
  return [
    { id: 'name', label: t('department'), title: true, cell: (row) => local(row.names) },
    { id: 'people', label: t('people'), figure: true, cell: (row) => <Link to={`/system/users?department_id=${row.id}`}>{row.people}</Link> },
    { id: 'head', label: t('head'), cell: (row) => row.head_name ?? <Nothing /> },
    { id: 'clauses', label: t('clauses'), figure: true, cell: (row) => <Link to={`/rulebook/clauses?department=${row.code}`}>{row.clauses}</Link> },
    {
      id: 'gaps',
      label: t('gaps'),
      cell: (row) =>
        row.gaps?.length ? (
          <span className="row">
            {row.gaps.map((gap) => (
              <Label key={gap} tone="bad">
                {t(`gap.${gap}`)}
              </Label>
            ))}
          </span>
        ) : (
          <Label tone="good">{t('gap.none')}</Label>
        ),
    },
  ];
}

/** The scope of the rules (适用范围): which departments they bind, and what keeps one from answering for them. */
export function Scope() {
  const { t } = useTranslation('people');
  const local = useLocal();
  const columns = useColumns();
  const departments = api.useQuery('get', '/api/v1/identity/departments', { params: { query: { page_size: 200 } } });
  const bound = departments.data?.items.filter((row) => row.in_scope) ?? [];
  const open = bound.filter((row) => row.gaps?.length);
  const outside = (departments.data?.items ?? []).filter((row) => !row.in_scope);
  return (
    <>
      <PageHead title={t('scope')} sub={departments.data ? t('scope_sub', { count: bound.length, open: open.length }) : undefined} actions={<Link to="/people/departments">{t('departments')}</Link>} />
      <section className="card list-card">
        {departments.isPending ? (
          <div className="list-pad">
            <Skeleton shape="table" />
          </div>
        ) : departments.isError ? (
          <ErrorState error={departments.error} retry={() => void departments.refetch()} />
        ) : bound.length === 0 ? (
          <EmptyState icon={<CheckCircleOutlined />} title={t('scope_empty')} hint={t('scope_empty_hint')} />
        ) : (
          <Table
            label={t('scope')}
            rows={[...open, ...bound.filter((row) => !row.gaps?.length)]}
            columns={columns}
            rowKey={(row) => row.id}
            rowName={(row) => local(row.names) ?? row.code}
            linkOf={() => undefined}
            onOpen={() => undefined}
          />
        )}
      </section>
      {outside.length > 0 && <p className="quiet small">{t('scope_outside', { names: outside.map((row) => local(row.names)).join(t('common:list.and')) })}</p>}
    </>
  );
}
