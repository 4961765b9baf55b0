import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { EvidenceRow } from '@/api/schema';
import { ask } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { columnsOf, EvidenceCell, useIdNames } from './evidence-cell';
import './rulebook.css';

const SETS = ['all', 'counted', 'others'] as const;

function EvidenceTable({ rows }: { rows: EvidenceRow[] }) {
  const { t, i18n } = useTranslation('rulebook');
  const known = useIdNames();
  const names = columnsOf(rows, known);
  const column = (name: string) => (i18n.exists(`evidence:column.${name}`) ? t(`evidence:column.${name}`) : name);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table is scrolled by keyboard too
    <div className="rows-scroll" tabIndex={0} role="region" aria-label={t('rows')}>
      <table className="rows-table">
        <thead>
          <tr>
            <th scope="col">{t('row')}</th>
            <th scope="col">{t('at')}</th>
            {names.map((name) => (
              <th scope="col" key={name}>
                {column(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <Link to={row.link} title={row.id} aria-label={`${t('open_row')} ${row.id}`}>
                  {t('open_row')}
                </Link>
              </th>
              <td>
                <DateTime at={row.at} short time />
              </td>
              {names.map((name) => (
                <td key={name}>
                  <EvidenceCell name={name} row={row} names={known} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface EvidenceRowsProps {
  /** The operation that lists them. */
  path: string;
  /** What its path names. */
  of: { [name: string]: string };
  /** Which of them are shown first. */
  fallback: string;
}

/** The rows behind a figure: all that it is about, those that count, or the others. */
export function EvidenceRows({ path, of, fallback }: EvidenceRowsProps) {
  const { t } = useTranslation('rulebook');
  const [params, setParams] = useSearchParams();
  const set = SETS.find((one) => one === params.get('set')) ?? SETS.find((one) => one === fallback) ?? 'all';
  const rows = useInfiniteQuery({
    queryKey: ['get', path, of, set],
    queryFn: ({ pageParam, signal }) => ask<Page<EvidenceRow>>('get', path, { params: { path: of, query: { set, cursor: pageParam } }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const all = rows.data?.pages.flatMap((page) => page.items) ?? [];
  const choose = (next: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.set('set', next);
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  return (
    <div className="stack">
      <Segmented aria-label={t('which_rows')} value={set} onChange={choose} options={SETS.map((value) => ({ value, label: t(`set.${value}`) }))} />
      <section className="card list-card">
        {rows.isPending ? (
          <Skeleton shape="table" rows={8} />
        ) : rows.isError ? (
          <ErrorState error={rows.error} retry={() => void rows.refetch()} />
        ) : all.length === 0 ? (
          <EmptyState title={t('rows_none')} hint={t('rows_none_hint')} />
        ) : (
          <EvidenceTable rows={all} />
        )}
      </section>
      {rows.hasNextPage && (
        <div>
          <Button loading={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
            {t('common:list.load_more')}
          </Button>
        </div>
      )}
    </div>
  );
}
