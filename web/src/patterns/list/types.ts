import type { ReactNode } from 'react';
import type { paths } from '@/api/schema';

/** Addresses that answer with a page of rows. */
export type ListPath = {
  [P in keyof paths]: paths[P] extends { get: { responses: { 200: { content: { 'application/json': { items: unknown[] } } } } } } ? P : never;
}[keyof paths];

/** The rows that an address answers with. */
export type RowOf<P extends ListPath> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': { items: (infer T)[] } } } } };
}
  ? T
  : never;

/** What an address can be asked to filter by. */
type QueryKeys<P extends ListPath> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? Extract<keyof NonNullable<Q>, string> : never;

export interface Column<T> {
  id: string;
  label: string;
  cell: (row: T) => ReactNode;
  /** The name by which the server sorts. */
  sort?: string;
  /** Figures stand at the end of their cell. */
  figure?: boolean;
  /** The column that names the row: it carries the link and leads the card on a phone. */
  title?: boolean;
  /** The field behind the cell, where a reader may be forbidden to see it. */
  field?: string;
  /** Not shown until somebody asks for it. */
  hidden?: boolean;
  /** Its label is only read out: a column of buttons. */
  buttons?: boolean;
  /** Left out of the cards on a phone. */
  wide?: boolean;
}

export interface Choice {
  value: string;
  label: string;
}

/** A condition that a reader can set; it reads "label: value" on its chip. */
export type Filter<Key extends string = string> = { id: Key; label: string } & (
  | { kind: 'choice'; options: Choice[]; many?: boolean }
  | { kind: 'text' }
  | { kind: 'date' }
  | { kind: 'person' }
  | { kind: 'flag' }
);

/** A saved set of conditions, shown as a tab. */
export interface View {
  id: string;
  label: string;
  params: Record<string, string>;
}

export interface BulkAction<T> {
  id: string;
  label: string;
  danger?: boolean;
  /** Why it cannot be done on these rows. */
  why?: (rows: T[]) => string | undefined;
  run: (rows: T[]) => Promise<unknown> | void;
}

/** A list as data: what a page says about its noun, and nothing about how lists work. */
export interface ListSpec<P extends ListPath> {
  /** Under this name the browser remembers the columns. */
  id: string;
  path: P;
  /** The values of `{name}` in the path. */
  pathParams?: Record<string, string>;
  /** Conditions that always hold. */
  fixed?: Partial<Record<QueryKeys<P>, string | number | boolean>>;
  columns: Column<RowOf<P>>[];
  filters?: Filter<QueryKeys<P>>[];
  /** Words for the search field; none: the address cannot be searched. */
  search?: string;
  views?: View[];
  sort?: string;
  rowKey: (row: RowOf<P>) => string;
  rowName: (row: RowOf<P>) => string;
  /** The full page of a row. */
  rowLink?: (row: RowOf<P>) => string | undefined;
  /** A row opened beside the list. */
  peek?: (row: RowOf<P>) => ReactNode;
  /** The address answers with a single row, too: a row that is asked for is shown even where the list does not reach it. */
  one?: boolean;
  bulk?: BulkAction<RowOf<P>>[];
  /** Shown where there is nothing at all. */
  empty: ReactNode;
}
