import { Pagination } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SqlResult, Value } from './contract';
import { useSay } from './words';

/** Rows that stand on one page. */
const PAGE = 50;

function Cell({ value, said }: { value: Value; said: string }) {
  if (value === null) return <span className="quiet">{said}</span>;
  return (
    <div className="sql-cell data" title={typeof value === 'object' ? said : String(value)}>
      {said}
    </div>
  );
}

/** The rows of an answer, a page at a time. */
export function Rows({ result }: { result: SqlResult }) {
  const { t } = useTranslation('sql');
  const say = useSay();
  const [page, setPage] = useState(1);
  const { columns, rows } = result;
  const sayings = columns.map((column, c) => say(column, rows.map((row) => row[c] ?? null)));
  const from = (page - 1) * PAGE;
  const figure = columns.map(({ kind }) => kind === 'integer' || kind === 'number');
  return (
    <>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table is moved by the arrow keys */}
      <div className="sql-rows" tabIndex={0} role="region" aria-label={t('result_rows')}>
        <table aria-label={t('result_rows')}>
          <thead>
            <tr>
              <th scope="col" className="figure">
                <span className="hidden-text">{t('row_number')}</span>
              </th>
              {columns.map((column, c) => (
                <th scope="col" key={`${c}/${column.name}`} className={figure[c] ? 'figure' : undefined}>
                  {column.name} <span className="small sql-kind">{t(`kind.${column.kind}`)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(from, from + PAGE).map((row, r) => (
              <tr key={from + r}>
                <td className="figure quiet">{from + r + 1}</td>
                {columns.map((column, c) => (
                  <td key={`${c}/${column.name}`} className={figure[c] ? 'figure' : undefined}>
                    <Cell value={row[c] ?? null} said={sayings[c]?.(row[c] ?? null) ?? ''} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > PAGE && <Pagination size="small" align="end" current={page} pageSize={PAGE} total={rows.length} showSizeChanger={false} onChange={setPage} />}
    </>
  );
}
