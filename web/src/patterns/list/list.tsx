import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { client } from '@/api/client';
import { Peek } from '@/frame/peek';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { ColumnMenu, Foot, Search, ViewTabs } from './bar';
import { useColumns } from './columns';
import { Filters } from './filters';
import { nextSort, useListState } from './state';
import { Table } from './table';
import type { BulkAction, Filter, ListPath, ListSpec, RowOf, View } from './types';
import './list.css';

type Asker = (path: string, init: object) => Promise<{ data: { items: unknown[]; next_cursor?: string | null } }>;

function useRows<P extends ListPath>(spec: ListSpec<P>, query: Record<string, unknown>) {
  // The rows are typed by the path; inside, every list answers alike.
  const ask = client.GET as unknown as Asker;
  const init = { params: { path: spec.pathParams, query: { ...spec.fixed, ...query } } };
  return useInfiniteQuery({
    queryKey: ['get', spec.path, init],
    queryFn: async ({ pageParam, signal }) => {
      const params = { ...init.params, query: { ...init.params.query, cursor: pageParam } };
      const { data } = await ask(spec.path, { params, signal });
      return data as { items: RowOf<P>[]; next_cursor?: string | null };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The row that is opened beside the list; one that the list does not show is asked for by itself. */
function usePeeked<P extends ListPath>(spec: ListSpec<P>, id: string | undefined, shown: RowOf<P>[]): RowOf<P> | undefined {
  const found = id ? shown.find((row) => spec.rowKey(row) === id) : undefined;
  const ask = client.GET as unknown as (path: string, init: object) => Promise<{ data: unknown }>;
  const alone = useQuery({
    queryKey: ['get', `${spec.path}/{id}`, id],
    enabled: Boolean(spec.one && id && !found && shown.length > 0),
    queryFn: async ({ signal }) => (await ask(`${spec.path}/{id}`, { params: { path: { id } }, signal })).data as RowOf<P>,
  });
  return found ?? (id ? alone.data : undefined);
}

function BulkBar<T>({ rows, actions, onDone }: { rows: T[]; actions: BulkAction<T>[]; onDone: () => void }) {
  const { t } = useTranslation();
  const { failed } = useNotice();
  const [busy, setBusy] = useState<string>();
  const run = (action: BulkAction<T>) => {
    setBusy(action.id);
    Promise.resolve(action.run(rows))
      .then(onDone)
      .catch(failed)
      .finally(() => setBusy(undefined));
  };
  return (
    <div className="bulk" role="region" aria-label={t('list.bulk')}>
      <span className="strong">{t('list.selected', { count: rows.length })}</span>
      {actions.map((action) => (
        <Act key={action.id} size="small" danger={action.danger ?? false} loading={busy === action.id} why={action.why?.(rows)} onClick={() => run(action)}>
          {action.label}
        </Act>
      ))}
      <Button size="small" type="text" onClick={onDone}>
        {t('list.unselect')}
      </Button>
    </div>
  );
}

interface ListProps<P extends ListPath> {
  spec: ListSpec<P>;
  /** Names the table for screen readers. */
  label: string;
  /** Buttons at the end of the toolbar. */
  tools?: ReactNode;
}

/** The list pattern: views, conditions, columns, rows, a row beside them, and acts on many. */
export function List<P extends ListPath>({ spec, label, tools }: ListProps<P>) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const filters = (spec.filters ?? []) as Filter[];
  const { state, set } = useListState(filters.map((filter) => filter.id));
  const { visible, isShown, toggle } = useColumns(spec.id, spec.columns);
  const [selected, setSelected] = useState(new Set<string>());
  const sort = state.sort ?? spec.sort;
  const rows = useRows(spec, { ...state.filters, q: state.q || undefined, sort });
  const all = rows.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = state.q !== '' || Object.keys(state.filters).length > 0;
  const search = useCallback((q: string) => set({ q: q.trim() || undefined, view: undefined }), [set]);

  const clearing = Object.fromEntries(filters.map((filter) => [filter.id, undefined]));
  const chooseView = (view: View | undefined) => set({ q: undefined, ...clearing, sort: undefined, ...view?.params, view: view?.id }, true);
  const linkOf = (row: RowOf<P>) => {
    if (!spec.peek) return spec.rowLink?.(row);
    const next = new URLSearchParams(params);
    next.set('peek', spec.rowKey(row));
    return `?${next.toString()}`;
  };
  const open = (row: RowOf<P>) => {
    if (spec.peek) set({ peek: spec.rowKey(row) }, true);
    else {
      const to = spec.rowLink?.(row);
      if (to) void navigate(to);
    }
  };
  const closePeek = useCallback(() => set({ peek: undefined }), [set]);
  const peeked = usePeeked(spec, state.peek, all);

  return (
    <>
      {spec.views && <ViewTabs views={spec.views} current={state.view} onChoose={chooseView} />}
      <div className="list-bar">
        {spec.search && <Search words={spec.search} value={state.q} onSearch={search} />}
        {filters.length > 0 && <Filters filters={filters} values={state.filters} onSet={(id, value) => set({ [id]: value, view: undefined })} />}
        {narrowed && (
          <Button type="link" size="small" onClick={() => chooseView(undefined)}>
            {t('list.clear')}
          </Button>
        )}
        <span className="list-tools">
          {tools}
          <ColumnMenu columns={spec.columns} isShown={isShown} toggle={toggle} />
        </span>
      </div>
      {spec.bulk && selected.size > 0 && (
        <BulkBar rows={all.filter((row) => selected.has(spec.rowKey(row)))} actions={spec.bulk} onDone={() => setSelected(new Set())} />
      )}
      <section className={`card list-card${rows.isPlaceholderData ? ' stale' : ''}`} aria-busy={rows.isFetching}>
        {rows.isPending ? (
          <div className="list-pad">
            <Skeleton shape="table" rows={10} />
          </div>
        ) : rows.isError && all.length === 0 ? (
          <ErrorState error={rows.error} retry={() => void rows.refetch()} />
        ) : all.length === 0 ? (
          narrowed ? (
            <EmptyState title={t('list.none')} hint={t('list.none_hint')}>
              <Button onClick={() => chooseView(undefined)}>{t('list.clear')}</Button>
            </EmptyState>
          ) : (
            spec.empty
          )
        ) : (
          <Table
            label={label}
            rows={all}
            columns={visible}
            rowKey={spec.rowKey}
            rowName={spec.rowName}
            linkOf={linkOf}
            onOpen={open}
            current={state.peek}
            sort={sort}
            onSort={(column) => set({ sort: nextSort(sort, column) })}
            {...(spec.bulk ? { selected, onSelect: setSelected } : {})}
          />
        )}
      </section>
      {all.length > 0 && <Foot count={all.length} more={rows.hasNextPage} loading={rows.isFetchingNextPage} onMore={() => void rows.fetchNextPage()} />}
      {peeked && spec.peek && (
        <Peek title={spec.rowName(peeked)} to={spec.rowLink?.(peeked)} onClose={closePeek}>
          {spec.peek(peeked)}
        </Peek>
      )}
    </>
  );
}
