import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons';
import { type CSSProperties, type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { inOrder, type Placed } from '@/areas/people/tree';
import { Table } from '@/patterns/list/table';
import type { Column } from '@/patterns/list/types';
import { useAll } from './api';
import type { ViewProps } from './list';
import { Shape } from './shape';
import type { Row } from './types';
import { withoutFolded } from './rows';

type Node = Placed<Row & { parent_id: string | null }>;

/** Records below those that they belong to; branches are folded with the mouse or with the arrow keys. */
export function Tree({ columns, ...view }: ViewProps & { columns: Column<Row>[] }) {
  const { t } = useTranslation('records');
  const navigate = useNavigate();
  const { schema, query } = view;
  const by = view.view?.group_by ?? 'parent';
  const found = useAll(schema.id, query);
  const [folded, setFolded] = useState(new Set<string>());
  const rows: Node[] = inOrder((found.data?.items ?? []).map((row) => ({ ...row, parent_id: (row.values[by] as string | undefined) ?? null })));
  const parents = new Set(rows.map((row) => row.parent_id));
  const fold = (id: string, on: boolean) => {
    const next = new Set(folded);
    if (on) next.add(id);
    else next.delete(id);
    setFolded(next);
  };
  const onKey = (event: KeyboardEvent, row: Row) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    fold(row.id, event.key === 'ArrowLeft');
  };
  const toggle = (row: Node) => (
    <span className="tree-line" style={{ '--depth': row.depth } as CSSProperties}>
      {parents.has(row.id) && (
        <button
          type="button"
          className="plain-button tree-fold"
          aria-expanded={!folded.has(row.id)}
          aria-label={t(folded.has(row.id) ? 'unfold' : 'fold', { title: row.title })}
          onKeyDown={(event) => onKey(event, row)}
          onClick={() => fold(row.id, !folded.has(row.id))}
        >
          {folded.has(row.id) ? <CaretRightOutlined aria-hidden="true" /> : <CaretDownOutlined aria-hidden="true" />}
        </button>
      )}
    </span>
  );
  const [name, ...rest] = columns;
  const shown: Column<Node>[] = [{ id: 'fold', label: t('branch'), buttons: true, cell: toggle }, ...(name ? [{ ...name, cell: (row: Node) => <span style={{ '--depth': row.depth } as CSSProperties} className="tree-title">{row.title}</span> }] : []), ...rest];
  const to = (row: Row) => `/records/${schema.id}/${row.id}`;
  return (
    <Shape {...view} asked={found} count={found.data?.items.length} more={found.data?.more ?? false}>
      <Table label={view.view?.title ?? schema.plural} rows={withoutFolded(rows, folded)} columns={shown} rowKey={(row) => row.id} rowName={(row) => row.title} linkOf={to} onOpen={(row) => void navigate(to(row))} />
    </Shape>
  );
}
