import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Foot } from '@/patterns/list/bar';
import { nextSort } from '@/patterns/list/state';
import { Table } from '@/patterns/list/table';
import type { Column } from '@/patterns/list/types';
import { useRows } from './api';
import type { ViewProps } from './list';
import { Shape } from './shape';
import type { Row } from './types';

interface RowsViewProps extends ViewProps {
  columns: Column<Row>[];
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}

/** Records as rows under columns, page after page. */
export function RowsView({ columns, sort, onSort, ...view }: RowsViewProps) {
  const { t } = useTranslation('records');
  const navigate = useNavigate();
  const { schema, query } = view;
  const rows = useRows(schema.id, query);
  const all = rows.data?.pages.flatMap((page) => page.items);
  const to = (row: Row) => `/records/${schema.id}/${row.id}`;
  return (
    <>
      <Shape {...view} asked={rows} count={all?.length}>
        <Table
          label={view.view?.title ?? schema.plural ?? t('all')}
          rows={all ?? []}
          columns={columns}
          rowKey={(row) => row.id}
          rowName={(row) => row.title}
          linkOf={to}
          onOpen={(row) => void navigate(to(row))}
          sort={sort}
          onSort={(column) => onSort(nextSort(sort, column))}
        />
      </Shape>
      {all && all.length > 0 && <Foot count={all.length} more={rows.hasNextPage} loading={rows.isFetchingNextPage} onMore={() => void rows.fetchNextPage()} />}
    </>
  );
}
