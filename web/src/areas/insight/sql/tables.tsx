import { DownOutlined, EyeInvisibleOutlined, LockOutlined, PlusOutlined, ReloadOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { SqlTable, SqlTableColumn } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { DateTime } from '@/parts/values';
import { useMay } from '@/session/session';
import { QUERY_MANAGE, useRefresh } from './calls';

type Insert = (name: string) => void;

/** Has the copies made anew. */
export function RefreshTables({ plain }: { plain?: boolean }) {
  const { t } = useTranslation('sql');
  const may = useMay()(QUERY_MANAGE);
  const { done, failed } = useNotice();
  const again = useRefresh();
  if (!may) return null;
  return (
    <Button size="small" type={plain ? 'text' : 'default'} icon={<ReloadOutlined />} loading={again.isPending} title={t('refresh_hint')} onClick={() => again.mutate(undefined, { onSuccess: () => done(t('refreshing')), onError: failed })}>
      {t('refresh')}
    </Button>
  );
}

function ColumnLine({ column, onInsert }: { column: SqlTableColumn; onInsert: Insert }) {
  const { t } = useTranslation('sql');
  const local = useLocal();
  return (
    <li>
      <button type="button" className="plain-button sql-column" onClick={() => onInsert(column.name)} title={t('insert', { name: column.name })}>
        <span className="row">
          <code className="anywhere">{column.name}</code>
          <span className="quiet small">{t(`kind.${column.kind}`)}</span>
          {column.masked && (
            <span className="warn small">
              <EyeInvisibleOutlined aria-hidden="true" /> {t('masked')}
            </span>
          )}
        </span>
        <span className="quiet small">{local(column.text)}</span>
      </button>
    </li>
  );
}

/** How full a table is and until when, and what of it the reader sees. */
function Standing({ table }: { table: SqlTable }) {
  const { t } = useTranslation('sql');
  const format = useFormat();
  if (!table.allowed) {
    return (
      <p className="quiet small">
        <LockOutlined aria-hidden="true" /> {t('not_allowed')}
      </p>
    );
  }
  return (
    <p className="row quiet small">
      {typeof table.rows === 'number' && <span title={format.number(table.rows)}>{t('rows_count', { count: table.rows, shown: format.compact(table.rows) })}</span>}
      {table.watermark ? (
        <span>
          {t('until')} <DateTime at={table.watermark} short time />
        </span>
      ) : (
        <span>{t('not_copied')}</span>
      )}
      {table.narrowed && <Label tone="info">{t('narrowed')}</Label>}
    </p>
  );
}

function TableLine({ table, columns, open, onToggle, onInsert }: { table: SqlTable; columns: SqlTableColumn[]; open: boolean; onToggle: () => void; onInsert: Insert }) {
  const { t } = useTranslation('sql');
  const local = useLocal();
  return (
    <li className="sql-table">
      <div className="row sql-table-head">
        <button type="button" className="plain-button grow" aria-expanded={open} onClick={onToggle}>
          <span className="row">
            <span aria-hidden="true" className="quiet">
              {open ? <DownOutlined /> : <RightOutlined />}
            </span>
            <code className="strong">{table.name}</code>
          </span>
          <span className="quiet small">{local(table.text)}</span>
        </button>
        {table.allowed && <Button type="text" size="small" icon={<PlusOutlined />} aria-label={t('insert', { name: table.name })} title={t('insert', { name: table.name })} onClick={() => onInsert(table.name)} />}
      </div>
      {open && (
        <div className="sql-columns">
          <Standing table={table} />
          <ul>
            {columns.map((column) => (
              <ColumnLine key={column.name} column={column} onInsert={onInsert} />
            ))}
          </ul>
        </div>
      )}
    </li>
  );
}

/** The table that the address opens. */
function useOpened(): [string | null, (name: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const open = (name: string | null) =>
    setParams(
      (was) => {
        const is = new URLSearchParams(was);
        if (name) is.set('table', name);
        else is.delete('table');
        return is;
      },
      { replace: true, preventScrollReset: true },
    );
  return [params.get('table'), open];
}

/** The tables that can be asked, with their columns; a click writes a name into the question. */
export function Tables({ tables, onInsert }: { tables: SqlTable[]; onInsert: Insert }) {
  const { t } = useTranslation('sql');
  const local = useLocal();
  const [opened, open] = useOpened();
  const [typed, setTyped] = useState('');
  // Beside the question where there is room; above it, folded, on a phone.
  const [shown] = useState(() => window.matchMedia('(min-width: 901px)').matches);
  const wanted = typed.trim().toLowerCase();
  const hit = (one: { name: string; text: SqlTable['text'] }) => `${one.name} ${local(one.text) ?? ''}`.toLowerCase().includes(wanted);
  const found = tables.map((table) => ({ table, columns: wanted && !hit(table) ? table.columns.filter(hit) : table.columns })).filter(({ table, columns }) => !wanted || hit(table) || columns.length > 0);
  return (
    <details className="card sql-tables" open={shown || undefined}>
      <summary>
        <h2>{t('tables')}</h2>
      </summary>
      <div className="stack-tight">
        <div className="row">
          <Input className="grow" allowClear aria-label={t('find_column')} placeholder={t('find_column')} value={typed} onChange={(event) => setTyped(event.target.value)} />
          <RefreshTables plain />
        </div>
        {found.length === 0 && <p className="quiet small">{t('no_column')}</p>}
        <ul>
          {found.map(({ table, columns }) => (
            <TableLine key={table.name} table={table} columns={columns} open={wanted !== '' || opened === table.name} onToggle={() => open(opened === table.name ? null : table.name)} onInsert={onInsert} />
          ))}
        </ul>
      </div>
    </details>
  );
}
