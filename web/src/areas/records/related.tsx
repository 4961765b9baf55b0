import { PlusOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import { useRelated, useTypes } from './api';
import { write } from './expression';
import type { Detail, RecordSchema, RelatedRows } from './types';
import { RecordState } from './value';

function Group({ group, row }: { group: RelatedRows; row: Detail }) {
  const { t } = useTranslation('records');
  const types = useTypes();
  const type = types.data?.items.find((one) => one.id === group.type_id);
  const all = `/records/${group.type_id}?${new URLSearchParams({ filter: write({ field: group.field, is: 'in', values: [row.id] }) })}`;
  return (
    <section className="card stack-tight" aria-label={group.title}>
      <div className="row">
        <h2 className="grow">{group.title}</h2>
        {type?.can_write && (
          <Link to={`/records/${group.type_id}/new?${new URLSearchParams({ [group.field]: row.id })}`}>
            <PlusOutlined aria-hidden="true" /> {t('new_of', { type: type.title })}
          </Link>
        )}
      </div>
      <Table
        label={group.title}
        rows={group.items}
        rowKey={(one) => one.id}
        rowName={(one) => one.title}
        linkOf={(one) => `/records/${group.type_id}/${one.id}`}
        onOpen={() => undefined}
        columns={[
          { id: 'title', label: t('common_field.title'), title: true, cell: (one) => one.title },
          { id: 'number', label: t('common_field.number'), cell: (one) => <span className="quiet nowrap">{one.number}</span> },
          { id: 'owner', label: t('common_field.owner_id'), cell: (one) => (one.owner_id ? (one.names?.[one.owner_id] ?? <Nothing />) : <Nothing />) },
          { id: 'updated', label: t('common_field.updated_at'), cell: (one) => <DateTime at={one.updated_at} relative /> },
          { id: 'state', label: t('common_field.state'), cell: (one) => <RecordState row={one} /> },
        ]}
      />
      {group.more && (
        <p>
          <Link to={all}>{t('related_all')}</Link>
        </p>
      )}
    </section>
  );
}

/** Records of any type that refer to this one. */
export function Related({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const { t } = useTranslation('records');
  const related = useRelated(schema.id, row.id);
  if (related.isPending) return <Skeleton shape="table" rows={4} />;
  if (related.isError) return <ErrorState error={related.error} retry={() => void related.refetch()} />;
  const groups = related.data.items;
  if (groups.length === 0) return <EmptyState title={t('related_empty')} hint={t('related_empty_hint')} />;
  return (
    <div className="stack">
      {groups.map((group) => (
        <Group key={group.type_id + group.field} group={group} row={row} />
      ))}
    </div>
  );
}
