import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { EvidenceRow } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { DateTime, Masked, Nothing } from '@/parts/values';
import { useMay } from '@/session/session';

/** Ids say little to people: a name where we know one, else the end, which is enough to compare. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

type Columns = { [name: string]: unknown };

/** The names of people, brands and departments that rows point at. */
export function useIdNames(): Map<string, string> {
  const may = useMay();
  const local = useLocal();
  const kept = { staleTime: 300_000 };
  const users = api.useQuery('get', '/api/v1/identity/users', { params: { query: { page_size: 200 } } }, { ...kept, enabled: may('identity.user.read') });
  const brands = api.useQuery('get', '/api/v1/brand/brands', {}, { ...kept, enabled: may('brand.brand.read') });
  const names = new Map<string, string>();
  for (const user of users.data?.items ?? []) names.set(user.id, user.name);
  for (const brand of brands.data?.items ?? []) names.set(brand.id, local(brand.names) ?? brand.key);
  return names;
}

/** The columns worth showing: those that hold nothing but ids of things without a name here are left to the row's own page. */
export function columnsOf(rows: EvidenceRow[], names: Map<string, string>): string[] {
  const all = [...new Set(rows.flatMap((row) => Object.keys(row.columns)))].filter((name) => name !== 'id' && name !== 'at');
  return all.filter((name) =>
    rows.some((row) => {
      const value = (row.columns as Columns)[name];
      if (row.masked?.includes(name)) return true;
      if (value === null || value === undefined || value === '') return false;
      return !(typeof value === 'string' && ID.test(value)) || names.has(value);
    }),
  );
}

/** A cell of a published view: only its value tells what it is. */
export function EvidenceCell({ name, row, names }: { name: string; row: EvidenceRow; names: Map<string, string> }) {
  const { t, i18n } = useTranslation('rulebook');
  const format = useFormat();
  const value = (row.columns as Columns)[name];
  if (row.masked?.includes(name)) return <Masked />;
  if (value === null || value === undefined || value === '') return <Nothing />;
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (typeof value === 'number') return format.number(value, 4);
  if (typeof value !== 'string') return <span className="anywhere">{JSON.stringify(value)}</span>;
  if (MOMENT.test(value)) return <DateTime at={value} short time />;
  if (ID.test(value)) return names.get(value) ?? <code title={value}>{value.slice(-8)}</code>;
  const key = `evidence:value.${value.replaceAll('.', '_')}`;
  return <span className="anywhere">{/^[a-z_.]+$/.test(value) && i18n.exists(key) ? t(key) : value}</span>;
}
