import { isEmpty, isLong, useFields } from './fields';
import type { Fact } from '@/patterns/record/record';
import type { Detail, RecordSchema } from './types';
import { FieldValue } from './value';

/** What a record says in short: its own fields that somebody filled in, and what every record has. */
export function useFacts(schema: RecordSchema, row: Detail): { own: Fact[]; common: Fact[] } {
  const fields = useFields(schema);
  const fact = (field: (typeof fields)[number]): Fact => ({ id: field.key, label: field.title, value: <FieldValue row={row} field={field} /> });
  const short = schema.fields.filter((field) => field.readable !== false && !isLong(field) && field.key !== schema.named_by);
  // What nobody filled in is named below in one line instead of standing here as a row of dashes.
  const own = short.filter((field) => row.masked?.includes(field.key) || !isEmpty(row.values[field.key]));
  const common = fields.filter((field) => !schema.fields.some((one) => one.key === field.key) && !['number', 'state', 'ended'].includes(field.key));
  const said = common.filter((field) => field.key !== 'closed_at' || row.closed_at).filter((field) => field.key !== 'brand_id' || row.brand_id);
  return { own: own.map(fact), common: said.map(fact) };
}
