import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAll, useGroups } from './api';
import { join, read } from './expression';
import { useFields, valueOf } from './fields';
import type { ViewProps } from './list';
import { cellKey, conditionOf, countsOf, headsOf, isScale, step, toneOfCell } from './matrix-cells';
import { useNames } from './names';
import { Shape } from './shape';
import type { Field, Row } from './types';

const STATE = 'state';
/** Most records that stand in a cell by name. */
const NAMED_MAX = 4;

/** The records of a cell, each with what the view shows beside its number, such as how it moved. */
function Named({ type, rows, field }: { type: string; rows: Row[]; field: Field }) {
  const { t } = useTranslation('records');
  const said = (row: Row) => field.options?.find((option) => option.id === String(valueOf(row, field.key)))?.title ?? '';
  return (
    <ul className="matrix-named plain-list">
      {rows.slice(0, NAMED_MAX).map((row) => (
        <li key={row.id}>
          <Link to={`/records/${type}/${row.id}`} title={row.title}>
            {row.number} <span className="quiet">{said(row)}</span>
          </Link>
        </li>
      ))}
      {rows.length > NAMED_MAX && <li className="quiet">{t('matrix_more', { count: rows.length - NAMED_MAX })}</li>}
    </ul>
  );
}

/** Records counted by two of their fields; a cell opens its records. */
export function Matrix(props: ViewProps) {
  const { t } = useTranslation('records');
  const { schema, view, query } = props;
  const fields = useFields(schema);
  const names = useNames();
  const [by, across] = [view?.group_by ?? STATE, view?.across ?? STATE];
  const [rowField, columnField] = [by, across].map((key) => fields.find((field) => field.key === key));
  const found = useGroups(schema.id, { ...query, sort: undefined, by, across });
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const said = (step: number) => `${step} ${t(`rating.${step}`)}`;
  const groups = found.data?.items ?? [];
  const rows = headsOf(rowField, groups.map((group) => group.by_value), names, t('no_choice'), said);
  // The columns read from low to high.
  const columns = headsOf(columnField, groups.map((group) => group.across_value), names, t('no_choice'), said);
  if (columnField && isScale(columnField)) columns.sort((a, b) => Number(a.id || Infinity) - Number(b.id || Infinity));
  const counts = countsOf(groups);
  const risk = rowField && columnField && isScale(rowField) && isScale(columnField);
  const most = Math.max(1, ...counts.values());
  const told = fields.find((field) => field.key === view?.columns?.[0]);
  const all = useAll(schema.id, { ...query, sort: undefined }, risk === true && told !== undefined);
  const placed = (row: Row, key: string) => String(valueOf(row, key) ?? '');
  const inCell = (row: string, column: string) => (all.data?.items ?? []).filter((one) => placed(one, by) === row && placed(one, across) === column);
  const open = (row: string, column: string) => {
    const conditions = [view?.filter, query.filter, rowField && conditionOf(rowField, row), columnField && conditionOf(columnField, column)];
    return `/records/${schema.id}?${new URLSearchParams({ filter: join(conditions.flatMap((one) => read(one))) ?? '' })}`;
  };
  const onKey = (event: KeyboardEvent) => {
    const next = step(event.key, at, rows.length, columns.length);
    if (!next) return;
    event.preventDefault();
    setAt(next);
    table.current?.rows[next.row + 1]?.cells[next.column + 1]?.querySelector<HTMLElement>('[data-cell]')?.focus();
  };
  return (
    <Shape {...props} asked={found} count={found.data?.items.length}>
      <div className="matrix-scroll">
        <table ref={table} className="matrix" aria-label={view?.title}>
          <thead>
            <tr>
              <td className="small quiet">
                {rowField?.title} ↓ {columnField?.title} →
              </td>
              {columns.map((column) => (
                <th key={column.id} scope="col">
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, r) => (
              <tr key={row.id}>
                <th scope="row">{row.title}</th>
                {columns.map((column, c) => {
                  const count = counts.get(cellKey(row.id, column.id)) ?? 0;
                  const shown = { 'data-cell': true, tabIndex: at.row === r && at.column === c ? 0 : -1, onFocus: () => setAt({ row: r, column: c }), onKeyDown: onKey };
                  const tone = risk ? toneOfCell(row.id, column.id) : count > most / 2 ? 'info' : 'quiet';
                  const heard = t('matrix_cell', { row: row.title, column: column.title, count });
                  return (
                    <td key={column.id} className={`matrix-cell tone-${tone}${count ? '' : ' none'}`}>
                      {count > 0 ? (
                        <Link {...shown} to={open(row.id, column.id)} aria-label={heard}>
                          {count}
                        </Link>
                      ) : (
                        // An empty cell is walked over by the arrow keys; a screen reader hears that it is empty.
                        <span {...shown} role="note" aria-label={heard} />
                      )}
                      {told && count > 0 && <Named type={schema.id} rows={inCell(row.id, column.id)} field={told} />}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Shape>
  );
}
