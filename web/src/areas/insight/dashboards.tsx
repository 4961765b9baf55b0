import { DashboardOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Table } from '@/patterns/list/table';
import { useDashboards } from './metric-api';
import type { DashboardRow } from './metric-types';

/** All dashboards (看板), by the area that they belong to. */
export function Dashboards() {
  const { t, i18n } = useTranslation('metrics');
  const navigate = useNavigate();
  const found = useDashboards();
  const to = (row: DashboardRow) => `/insight/dashboards/${row.id}`;
  const area = (id: string) => (i18n.exists(`frame:area.${id}`) ? t(`frame:area.${id}`) : id);
  return (
    <>
      <PageHead title={t('dashboards')} sub={t('dashboards_sub')} />
      {found.isPending ? (
        <Skeleton shape="table" rows={6} />
      ) : found.isError ? (
        <ErrorState error={found.error} retry={() => void found.refetch()} />
      ) : found.data.items.length === 0 ? (
        <EmptyState icon={<DashboardOutlined />} title={t('dashboards_empty')} hint={t('dashboards_empty_hint')} />
      ) : (
        <section className="card list-card" aria-label={t('dashboards')}>
          <Table
            label={t('dashboards')}
            rows={found.data.items}
            rowKey={(row) => row.id}
            rowName={(row) => row.title}
            linkOf={to}
            onOpen={(row) => void navigate(to(row))}
            columns={[
              { id: 'title', label: t('dashboard'), title: true, cell: (row) => row.title },
              { id: 'summary', label: t('summary'), cell: (row) => <span className="quiet">{row.summary}</span> },
              { id: 'area', label: t('area'), cell: (row) => area(row.area) },
              { id: 'clauses', label: t('clauses'), wide: true, cell: (row) => <span className="data quiet">{row.clauses.join(' ')}</span> },
            ]}
          />
        </section>
      )}
    </>
  );
}
