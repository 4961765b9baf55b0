import { FileSearchOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '@/format/use-format';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import type { Column } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { SOURCE_MANAGE } from '../sources/calls';
import { useUnplanned } from './calls';
import { Figures, useSpan } from './figures';
import { planAddress } from './prefill';
import type { UnplannedName } from '@/api/schema';

/** Events that arrive and nobody planned (方案外事件), the most frequent first. */
export function Unplanned() {
  const { t } = useTranslation('plan');
  const format = useFormat();
  const may = useMay()(SOURCE_MANAGE);
  const { span, bar, narrowed } = useSpan();
  const found = useUnplanned(span);
  const name = (row: UnplannedName) => row.name ?? t('other_names');
  const act: Column<UnplannedName>[] = may
    ? [
        {
          id: 'plan',
          label: t('next_step'),
          cell: (row) =>
            row.name && (
              <Link to={planAddress(row)} className="underlined">
                {t('plan_this')} <span className="hidden-text">{row.name}</span>
              </Link>
            ),
        },
      ]
    : [];
  return (
    <Figures<UnplannedName>
      label={t('unplanned')}
      bar={bar}
      found={found}
      narrowed={narrowed}
      rowKey={(row) => `${row.source_id}/${row.name ?? ''}`}
      rowName={name}
      linkOf={(row) => (may && row.name ? planAddress(row) : undefined)}
      columns={[
        { id: 'name', label: t('event'), title: true, cell: (row) => (row.name ? <span className="data anywhere">{row.name}</span> : <span className="quiet">{t('other_names')}</span>) },
        { id: 'source', label: t('source'), cell: (row) => <Link to={`/customers/sources/${row.source_id}`} className="data anywhere">{row.source_name}</Link> },
        { id: 'events', label: t('events'), figure: true, cell: (row) => <Link to={`/customers/sources/${row.source_id}?tab=events`} title={format.number(row.events)}>{format.compact(row.events)}</Link> },
        { id: 'last', label: t('last'), cell: (row) => <DateTime at={row.last_at} relative /> },
        ...act,
      ]}
      empty={<EmptyState icon={<FileSearchOutlined />} title={t('unplanned_none')} hint={t('unplanned_none_hint')} />}
    />
  );
}
