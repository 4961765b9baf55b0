import { useTranslation } from 'react-i18next';
import { Trend } from '@/areas/insight/trend';
import { EmptyState } from '@/parts/states';
import { Masked } from '@/parts/values';
import { isEmpty, isLong, isWritten } from './fields';
import type { Detail, Field, RecordSchema, Values } from './types';
import { FieldValue, useShow } from './value';

const FIGURES = new Set(['number', 'money', 'percent', 'duration', 'rating']);

/** A child table (子表) as it is read: compact, wide ones scroll by themselves. */
export function ChildTable({ row, field, rows }: { row: Detail; field: Field; rows: Values[] }) {
  const { t } = useTranslation('records');
  const show = useShow();
  const columns = field.fields ?? [];
  // Figures that a metric fills are read beside how they came about.
  const metric = columns.find((column) => column.kind === 'metric')?.key;
  const side = (column: Field) => (FIGURES.has(column.kind) || ['integer', 'real'].includes(column.value_kind ?? '') ? 'figure' : undefined);
  return (
    // A wide table is scrolled by the keyboard, too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="child-scroll" tabIndex={0} role="region" aria-label={field.title}>
      <table className="child-table" aria-label={field.title}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={side(column)}>
                {column.title}
              </th>
            ))}
            {metric && <th scope="col">{t('course')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((one, i) => (
            <tr key={i}>
              {columns.map((column) => (
                <td key={column.key} className={side(column)}>
                  {show(column, one[column.key], row)}
                </td>
              ))}
              {metric && <td>{typeof one[metric] === 'string' && <Trend id={one[metric]} />}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The long parts of a record: texts, child tables, files. */
export function Work({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const { t } = useTranslation('records');
  const long = schema.fields.filter((field) => isLong(field) && field.readable !== false);
  const filled = long.filter((field) => row.masked?.includes(field.key) || !isEmpty(row.values[field.key]));
  const named = schema.fields.filter((field) => field.readable !== false && isWritten(field));
  const empty = named.filter((field) => !row.masked?.includes(field.key) && isEmpty(row.values[field.key]));
  if (filled.length === 0) return <EmptyState title={t('work_empty')} hint={empty.length ? t('work_open', { names: empty.map((field) => field.title).join(t('common:list.or')) }) : t('work_none')} />;
  return (
    <div className="stack">
      {filled.map((field) => {
        const value = row.values[field.key];
        return (
          <div key={field.key} className="card stack-tight">
            <h2>{field.title}</h2>
            {row.masked?.includes(field.key) ? <Masked /> : field.kind === 'table' ? <ChildTable row={row} field={field} rows={value as Values[]} /> : <FieldValue row={row} field={field} />}
          </div>
        );
      })}
      {empty.length > 0 && <p className="small quiet">{t('work_open', { names: empty.map((field) => field.title).join(t('common:list.or')) })}</p>}
    </div>
  );
}
