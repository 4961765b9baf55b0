import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Tone } from '@/parts/pill';
import type { Field, FieldOption, RecordSchema, RecordView, Row } from './types';

/** Kinds that hold one short value: they fit into a cell, a card, a line of facts. */
const LONG = new Set(['rich_text', 'table', 'file']);

/** What every record has beside its own fields, with the kind by which it is shown. */
const COMMON: [key: string, kind: string][] = [
  ['number', 'text'],
  ['state', 'choice'],
  ['owner_id', 'person'],
  ['department_id', 'department'],
  ['brand_id', 'brand'],
  ['created_by', 'person'],
  ['created_at', 'time'],
  ['updated_at', 'time'],
  ['closed_at', 'time'],
  ['ended', 'boolean'],
];

/** What the server alone writes of these. */
export const OWNED = ['owner_id', 'department_id', 'brand_id'] as const;

export const isLong = (field: Field) => LONG.has(field.kind);

/** True where people write the field in a form. */
export const isWritten = (field: Field) => !field.read_only && field.kind !== 'computed' && field.kind !== 'rollup';

/** Tones, as types name them. */
const TONES: { [tone: string]: Tone } = { good: 'good', warning: 'warn', bad: 'bad', info: 'info', neutral: 'quiet' };
export const toneOf = (option: FieldOption | undefined): Tone | undefined => (option?.tone ? TONES[option.tone] : undefined);

/** The value of a field, wherever the record keeps it. */
export function valueOf(row: Row, key: string): unknown {
  const common = COMMON.some(([own]) => own === key) || key === 'title';
  return common ? (row as unknown as { [key: string]: unknown })[key] : row.values[key];
}

/** Nothing written: absent, empty text, empty list. */
export const isEmpty = (value: unknown) => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** States by id: machines of one type may share them. */
function stateOptions(schema: RecordSchema): FieldOption[] {
  const known = new Map(schema.states.map((state) => [state.id, { id: state.id, title: state.title, tone: state.end ? 'neutral' : 'info' }]));
  return [...known.values()];
}

/** Every field of a type: its own, then those that all records have. */
export function useFields(schema: RecordSchema): Field[] {
  const { t } = useTranslation('records');
  return useMemo(() => {
    const common = COMMON.filter(([key]) => key !== 'state' || schema.states.length > 0).map(
      ([key, kind]): Field => ({ key, kind, title: t(`common_field.${key}`), read_only: true, readable: true, ...(key === 'state' ? { options: stateOptions(schema) } : {}) }),
    );
    return [...schema.fields.filter((field) => field.readable !== false), ...common];
  }, [schema, t]);
}

/** The columns that a view shows first; a type that says nothing gets its first short fields. */
export function columnsOf(schema: RecordSchema, view: RecordView | undefined): string[] {
  if (view?.columns?.length) return view.columns;
  const own = schema.fields.filter((field) => !isLong(field) && field.key !== schema.named_by).slice(0, 4);
  return [...own.map((field) => field.key), 'owner_id', ...(schema.states.length ? ['state'] : [])];
}

/** A day or a point in time, as the millisecond at which a reader's calendar shows it. */
export function momentOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  // A day is noon somewhere: it must not slip into the day before in any zone.
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T12:00:00Z` : value;
}
