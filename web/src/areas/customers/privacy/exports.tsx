import { ExportOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { ProfileExport } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { EXPORTS } from './calls';

/** What a list was narrowed by, as it was asked for. */
function Narrowed({ filter }: { filter: ProfileExport['filter'] }) {
  const { t } = useTranslation('privacy');
  const set = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (set.length === 0) return <span className="quiet">{t('export_all')}</span>;
  return (
    <span className="data anywhere small">
      {set.map(([name, value]) => (
        <code key={name}>
          {name}={typeof value === 'string' ? value : JSON.stringify(value)}{' '}
        </code>
      ))}
    </span>
  );
}

/** Every list of people that left as a file (客户导出). */
export function Exports() {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const spec: ListSpec<typeof EXPORTS> = {
    id: 'profile_exports',
    path: EXPORTS,
    rowKey: (row) => row.id,
    rowName: (row) => row.actor_name,
    columns: [
      { id: 'who', label: t('exported_by'), title: true, cell: (row) => <span className="data">{row.actor_name}</span> },
      { id: 'at', label: t('exported_at'), cell: (row) => <DateTime at={row.at} short time /> },
      { id: 'rows', label: t('people'), figure: true, cell: (row) => format.number(row.rows) },
      { id: 'format', label: t('format'), cell: (row) => (row.format ? row.format.toUpperCase() : <Nothing />) },
      { id: 'filter', label: t('narrowed'), wide: true, cell: (row) => <Narrowed filter={row.filter} /> },
      { id: 'kept', label: t('list_kept'), cell: (row) => <StatePill tone={row.available ? 'info' : 'quiet'}>{t(row.available ? 'kept_yes' : 'kept_no')}</StatePill> },
    ],
    empty: <EmptyState icon={<ExportOutlined />} title={t('exports_empty')} hint={t('exports_empty_hint')} />,
  };
  return <List spec={spec} label={t('tab.exports')} />;
}
