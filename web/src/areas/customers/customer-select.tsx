import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client } from '@/api/client';
import { nameOf } from './words';

/** People offered at once; typing narrows them. */
const OFFERED = 12;

/** Chooses a customer by part of the name or number. */
export function CustomerSelect({ id, value, onChange }: { id?: string; value: string | null; onChange: (id: string | undefined) => void }) {
  const { t } = useTranslation('segments');
  const [typed, setTyped] = useState('');
  const found = useQuery({
    queryKey: ['get', '/api/v1/customers/profiles', 'select', typed],
    queryFn: async ({ signal }) => (await client.GET('/api/v1/customers/profiles', { params: { query: { ...(typed ? { q: typed } : {}), page_size: OFFERED } }, signal })).data?.items ?? [],
    staleTime: 30_000,
  });
  const known = api.useQuery('get', '/api/v1/customers/profiles/{id}', { params: { path: { id: value ?? '' } } }, { enabled: Boolean(value), staleTime: 60_000 });
  const rows = [...(found.data ?? [])];
  if (known.data && !rows.some((row) => row.id === known.data.id)) rows.unshift(known.data);
  return (
    <Select
      {...(id ? { id } : {})}
      aria-label={t('person')}
      placeholder={t('choose_person')}
      value={value}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={t('common:list.none')}
      options={rows.map((row) => ({ value: row.id, label: [nameOf(row), row.name ? row.member_number : null, row.city].filter(Boolean).join(' · ') }))}
      onChange={(id: string | undefined) => onChange(id)}
      style={{ width: '100%' }}
    />
  );
}
