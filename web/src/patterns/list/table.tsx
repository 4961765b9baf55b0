import { CaretDownFilled, CaretUpFilled } from '@ant-design/icons';
import { Checkbox } from 'antd';
import type { MouseEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Masked } from '@/parts/values';
import type { Column } from './types';
import './list.css';

interface TableProps<T> {
  label: string;
  rows: T[];
  columns: Column<T>[];
  rowKey: (row: T) => string;
  rowName: (row: T) => string;
  /** Where a row leads; a peek is an address too. */
  linkOf: (row: T) => string | undefined;
  onOpen: (row: T) => void;
  /** The row that is opened beside the list. */
  current?: string | undefined;
  sort?: string | undefined;
  onSort?: (column: string) => void;
  selected?: Set<string>;
  onSelect?: (keys: Set<string>) => void;
}

/** Hidden values say so instead of looking empty. */
function shown<T>(row: T, column: Column<T>): ReactNode {
  const masked = (row as { masked?: string[] }).masked;
  return column.field && masked?.includes(column.field) ? <Masked /> : column.cell(row);
}

function Head<T>({ columns, sort, onSort }: Pick<TableProps<T>, 'columns' | 'sort' | 'onSort'>) {
  return columns.map((column) => {
    const by = column.sort;
    const order = by && sort === by ? 'ascending' : by && sort === `-${by}` ? 'descending' : undefined;
    return (
      <th key={column.id} scope="col" className={column.figure ? 'figure' : undefined} aria-sort={by ? (order ?? 'none') : undefined}>
        {by && onSort ? (
          <button type="button" className="plain-button sort" onClick={() => onSort(by)}>
            {column.label}
            {order && <span aria-hidden="true">{order === 'ascending' ? <CaretUpFilled /> : <CaretDownFilled />}</span>}
          </button>
        ) : column.buttons ? (
          <span className="hidden-text">{column.label}</span>
        ) : (
          column.label
        )}
      </th>
    );
  });
}

/** Rows under their columns; on a phone each row becomes a card. */
export function Table<T>(props: TableProps<T>) {
  const { t } = useTranslation();
  const { rows, columns, rowKey, rowName, linkOf, onOpen, current, selected, onSelect } = props;
  const keys = rows.map(rowKey);
  const all = selected !== undefined && keys.length > 0 && keys.every((key) => selected.has(key));
  const some = selected !== undefined && keys.some((key) => selected.has(key));
  const pick = (key: string) => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    onSelect?.(next);
  };
  const onRowClick = (event: MouseEvent, row: T) => {
    const inside = (event.target as HTMLElement).closest('a, button, input, label');
    if (inside || window.getSelection()?.toString()) return;
    onOpen(row);
  };
  return (
    <table className="list-table" aria-label={props.label}>
      <thead>
        <tr>
          {onSelect && (
            <th scope="col" className="pick">
              <Checkbox aria-label={t('list.select_all')} checked={all} indeterminate={some && !all} onChange={() => onSelect(new Set(all ? [] : keys))} />
            </th>
          )}
          <Head {...props} />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const key = rowKey(row);
          const link = linkOf(row);
          return (
            // A mouse may hit the whole row; the keyboard has the link in it.
            <tr key={key} className={`${link ? 'opens' : ''}${current === key ? ' current' : ''}`} onClick={(event) => link && onRowClick(event, row)}>
              {onSelect && (
                <td className="pick">
                  <Checkbox aria-label={t('list.select', { name: rowName(row) })} checked={selected?.has(key) ?? false} onChange={() => pick(key)} />
                </td>
              )}
              {columns.map((column) => (
                <td
                  key={column.id}
                  data-label={column.buttons ? undefined : column.label}
                  className={[column.figure && 'figure', column.title && 'title', column.wide && 'wide', column.buttons && 'buttons'].filter(Boolean).join(' ') || undefined}
                >
                  {column.title && link ? (
                    <Link to={link} preventScrollReset={link.startsWith('?')} aria-current={current === key ? 'true' : undefined}>
                      {shown(row, column)}
                    </Link>
                  ) : (
                    shown(row, column)
                  )}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
