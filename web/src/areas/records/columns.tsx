import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from '@/patterns/list/types';
import { sortOf } from './comparisons';
import { columnsOf, useFields } from './fields';
import type { Field, RecordSchema, RecordView, Row } from './types';
import { FieldValue, RecordState } from './value';

const FIGURES = new Set(['number', 'money', 'percent', 'duration']);

/** Texts are not sorted alike by all databases; everything else that the server can find by, it can sort by. */
const sortable = (field: Field) => field.key === 'number' || !['text', 'rich_text', 'table', 'file', 'choices'].includes(field.kind);

/** The columns of a list: the name first, then what the view names, then everything else on demand. */
export function useRecordColumns(schema: RecordSchema, view: RecordView | undefined): Column<Row>[] {
  const { t } = useTranslation('records');
  const fields = useFields(schema);
  return useMemo(() => {
    const wanted = columnsOf(schema, view).filter((key) => key !== schema.named_by && key !== 'title');
    const rest = fields.map((field) => field.key).filter((key) => key !== schema.named_by && !wanted.includes(key));
    const column = (key: string, hidden: boolean): Column<Row>[] => {
      const field = fields.find((one) => one.key === key);
      if (!field) return [];
      const figure = FIGURES.has(field.kind) || (field.kind !== 'rating' && !field.options?.length && sortOf(field) === 'figure');
      return [
        {
          id: key,
          label: field.title,
          hidden,
          figure,
          ...(sortable(field) ? { sort: key } : {}),
          cell: (row) => (key === 'state' ? <RecordState row={row} /> : key === 'number' ? <span className="quiet nowrap">{row.number}</span> : <FieldValue row={row} field={field} />),
        },
      ];
    };
    const title = fields.find((field) => field.key === schema.named_by)?.title ?? t('common_field.title');
    return [
      { id: 'title', label: title, title: true, cell: (row) => row.title },
      ...wanted.flatMap((key) => column(key, false)),
      ...rest.flatMap((key) => column(key, true)),
    ];
  }, [schema, view, fields, t]);
}
