import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Foot } from '@/patterns/list/bar';
import { Filters } from '@/patterns/list/filters';
import { useListState } from '@/patterns/list/state';
import { Table } from '@/patterns/list/table';
import type { Column, Filter } from '@/patterns/list/types';
import { useSources } from '../sources/calls';
import { DAYS, type Span, USUAL_DAYS } from './calls';

/** Rows that stand there at once; more are one click away. */
const SHOWN_AT_ONCE = 100;

/** Of which source and over how many days figures are wanted, as the address says it. */
export function useSpan() {
  const { t } = useTranslation('plan');
  const sources = useSources();
  const { state, set } = useListState(['source_id', 'days']);
  const filters: Filter[] = [
    { id: 'source_id', label: t('source'), kind: 'choice', options: (sources.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })) },
    { id: 'days', label: t('span'), kind: 'choice', options: DAYS.map((days) => ({ value: String(days), label: t('last_days', { count: days }) })) },
  ];
  const days = DAYS.find((one) => String(one) === state.filters.days) ?? USUAL_DAYS;
  const span: Span = { source_id: state.filters.source_id, days };
  const bar = <Filters filters={filters} values={{ ...state.filters, days: String(days) }} onSet={(id, value) => set({ [id]: value })} />;
  return { span, bar, narrowed: span.source_id !== undefined };
}

interface FiguresProps<T> {
  label: string;
  bar: ReactNode;
  found: { data: { items: T[] } | undefined; isPending: boolean; isError: boolean; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  columns: Column<T>[];
  rowKey: (row: T) => string;
  rowName: (row: T) => string;
  linkOf: (row: T) => string | undefined;
  narrowed: boolean;
  empty: ReactNode;
}

/** Figures that come as a whole: what they are of, and the rows. */
export function Figures<T>({ label, bar, found, narrowed, empty, ...table }: FiguresProps<T>) {
  const { t } = useTranslation('plan');
  const navigate = useNavigate();
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const rows = found.data?.items ?? [];
  const open = (row: T) => {
    const to = table.linkOf(row);
    if (to) void navigate(to);
  };
  return (
    <>
      <div className="list-bar">{bar}</div>
      <section className={`card list-card${found.isPlaceholderData ? ' stale' : ''}`}>
        {found.isPending ? (
          <div className="list-pad">
            <Skeleton shape="table" rows={8} />
          </div>
        ) : found.isError && !found.data ? (
          <ErrorState error={found.error} retry={() => void found.refetch()} />
        ) : rows.length === 0 ? (
          narrowed ? (
            <EmptyState title={t('none_of_source')} hint={t('none_of_source_hint')} />
          ) : (
            empty
          )
        ) : (
          <Table label={label} rows={rows.slice(0, shown)} onOpen={open} {...table} />
        )}
      </section>
      {rows.length > shown && <Foot count={shown} more loading={false} onMore={() => setShown(shown + SHOWN_AT_ONCE)} />}
    </>
  );
}
