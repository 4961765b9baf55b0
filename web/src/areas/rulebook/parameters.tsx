import { SlidersOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Parameter } from '@/api/schema';
import { PageHead } from '@/parts/head';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useParameterValue } from './words';

/** The clauses that a parameter serves, each one open to click. */
export function ClauseLinks({ clauses }: { clauses: string[] }) {
  return (
    <span className="row clause-links">
      {clauses.map((id) => (
        <Link key={id} to={`/rulebook/clauses/${id}`}>
          {id}
        </Link>
      ))}
    </span>
  );
}

/** The policy parameters (制度参数): figures that the documents leave open. */
export function Parameters() {
  const { t } = useTranslation('rulebook');
  const value = useParameterValue();
  const spec: ListSpec<'/api/v1/rulebook/parameters'> = {
    id: 'parameters',
    path: '/api/v1/rulebook/parameters',
    rowKey: (row: Parameter) => row.key,
    rowName: (row) => row.title,
    rowLink: (row) => `/rulebook/parameters/${row.key}`,
    columns: [
      { id: 'title', label: t('parameter'), title: true, cell: (row) => row.title },
      { id: 'value', label: t('value'), cell: (row) => <span className="strong">{value(row, row.value)}</span> },
      { id: 'default', label: t('default'), cell: (row) => <span className="quiet">{value(row, row.default)}</span> },
      { id: 'clauses', label: t('serves'), cell: (row) => <ClauseLinks clauses={row.clauses} /> },
      { id: 'key', label: t('key'), hidden: true, cell: (row) => <code>{row.key}</code> },
      { id: 'updated', label: t('updated'), wide: true, cell: (row) => <DateTime at={row.updated_at} short /> },
      { id: 'changed', label: t('status'), cell: (row) => (row.changed ? <StatePill tone="info">{t('changed')}</StatePill> : <span className="quiet">{t('as_default')}</span>) },
    ],
    empty: <EmptyState icon={<SlidersOutlined />} title={t('parameters_empty')} />,
  };
  return (
    <>
      <PageHead title={t('parameters')} sub={t('parameters_sub')} />
      <List spec={spec} label={t('parameters')} />
    </>
  );
}
