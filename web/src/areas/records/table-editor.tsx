import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { FieldInput } from './input';
import { moved } from './rows';
import type { Field, Values } from './types';

interface TableEditorProps {
  field: Field;
  type: string;
  names: { [id: string]: string } | undefined;
  value: Values[];
  onChange: (rows: Values[]) => void;
}

/** Rows of a child table: written in place, moved by buttons or with Alt and the arrow keys. */
export function TableEditor({ field, type, names, value, onChange }: TableEditorProps) {
  const { t } = useTranslation('records');
  const body = useRef<HTMLUListElement>(null);
  const columns = (field.fields ?? []).filter((column) => column.kind !== 'computed');
  const focusRow = (at: number) =>
    window.requestAnimationFrame(() => body.current?.children[at]?.querySelector<HTMLElement>('input, textarea, button')?.focus());
  const set = (at: number, key: string, next: unknown) => onChange(value.map((row, i) => (i === at ? { ...row, [key]: next } : row)));
  const add = () => {
    onChange([...value, {}]);
    focusRow(value.length);
  };
  const remove = (at: number) => {
    onChange(value.filter((_, i) => i !== at));
    focusRow(Math.max(0, at - 1));
  };
  const move = (at: number, by: number) => {
    const to = at + by;
    if (to < 0 || to >= value.length) return;
    onChange(moved(value, at, to));
    focusRow(to);
  };
  const onKey = (event: KeyboardEvent, at: number) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || !event.altKey) return;
    event.preventDefault();
    move(at, by);
  };
  return (
    <div className="table-editor" role="group" aria-label={field.title}>
      <ul ref={body} className="table-rows">
        {value.map((row, at) => (
          // The keys reach here from the fields inside.
          // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
          <li key={at} className="table-row" onKeyDown={(event) => onKey(event, at)} aria-label={t('row_of', { at: at + 1, of: value.length })}>
            <span className="quiet small table-place" aria-hidden="true">
              {at + 1}
            </span>
            <div className="table-cells">
              {columns.map((column) => (
                <div key={column.key} className={`table-cell table-cell-${column.kind}`}>
                  <span className="quiet small" aria-hidden="true">
                    {column.title}
                    {column.required && <span className="bad"> *</span>}
                  </span>
                  <FieldInput dense field={column} type={type} names={names} value={row[column.key]} onChange={(next) => set(at, column.key, next)} />
                </div>
              ))}
            </div>
            <span className="table-acts">
              <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={at === 0} aria-label={t('row_up', { at: at + 1 })} onClick={() => move(at, -1)} />
              <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={at === value.length - 1} aria-label={t('row_down', { at: at + 1 })} onClick={() => move(at, 1)} />
              <Button size="small" type="text" icon={<CloseOutlined />} aria-label={t('row_remove', { at: at + 1 })} onClick={() => remove(at)} />
            </span>
          </li>
        ))}
      </ul>
      <Button size="small" icon={<PlusOutlined />} onClick={add} disabled={typeof field.maximum === 'number' && value.length >= field.maximum}>
        {t('row_add')}
      </Button>
    </div>
  );
}
