import type { RecordDetail, RecordField, RecordRow } from '@/api/schema';

export type {
  RecordAction,
  RecordChange as HistoryRow,
  RecordComment as RemarkRow,
  RecordFile as StoredFile,
  RecordGroup as GroupRow,
  RecordOption as FieldOption,
  RecordSchema,
  RecordState,
  RecordTypeRow,
  RecordView,
  RelatedRecords as RelatedRows,
} from '@/api/schema';

/** The values of a record by the keys of its fields. */
export type Values = { [key: string]: unknown };

/** A record (记录) as lists show it. */
export type Row = Omit<RecordRow, 'values' | 'names'> & { values: Values; names: { [id: string]: string } };

/** A record with what can be done with it. */
export type Detail = Omit<RecordDetail, 'values' | 'names'> & Pick<Row, 'values' | 'names'>;

/** A field (字段) of a form: as the schema describes it, or made by a page with no more than it needs. */
export type Field = Pick<RecordField, 'key' | 'title'> & { kind: string; fields?: Field[] } & Partial<Omit<RecordField, 'key' | 'title' | 'kind' | 'fields'>>;

/** One page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}
