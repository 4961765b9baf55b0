import { useQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '@/api/client';
import { LANGUAGES } from '@/format/language';
import { OWN_NAMES } from '@/frame/menus';
import { useSession } from '@/session/session';

/** People offered at once; typing narrows them. */
const OFFERED = 20;

/** A text in three languages; the first is needed, an absent one falls back to it. */
export function LocalTextFields({ name, label, needed }: { name: string; label: string; needed?: string }) {
  return (
    <fieldset className="local-text">
      <legend>{label}</legend>
      {LANGUAGES.map((language, i) => (
        <Form.Item
          key={language}
          name={[name, language]}
          label={<span lang={language}>{OWN_NAMES[language]}</span>}
          rules={needed && i === 0 ? [{ required: true, whitespace: true, message: needed }] : []}
        >
          <Input lang={language} maxLength={200} />
        </Form.Item>
      ))}
    </fieldset>
  );
}

/** Fills the languages that were left empty. */
export function wholeText(text: Partial<Record<(typeof LANGUAGES)[number], string>> | undefined): Record<(typeof LANGUAGES)[number], string> {
  return { 'zh-Hans': text?.['zh-Hans'] ?? '', 'zh-Hant': text?.['zh-Hant'] ?? '', en: text?.en ?? '' };
}

interface UserSelectProps {
  id?: string;
  value?: string | null;
  onChange?: (id: string | null) => void;
  /** The name of the present choice, before any list was fetched. */
  known?: { id: string; name: string } | undefined;
}

/** Chooses a person by typing part of the name. */
export function UserSelect({ id, value, onChange, known }: UserSelectProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const { session, may } = useSession();
  const found = useQuery({
    queryKey: ['get', '/api/v1/identity/users', 'select', typed],
    // Whoever may not read the staff can still name themselves.
    enabled: may('identity.user.read'),
    queryFn: async ({ signal }) => (await client.GET('/api/v1/identity/users', { params: { query: { q: typed || undefined, page_size: OFFERED } }, signal })).data?.items ?? [],
    staleTime: 30_000,
  });
  const options = (found.data ?? []).map((user) => ({ value: user.id, label: user.name }));
  for (const one of [session?.user, known]) if (one && (one === known || !found.data) && !options.some((option) => option.value === one.id)) options.unshift({ value: one.id, label: one.name });
  return (
    <Select
      {...(id ? { id } : { 'aria-label': t('choose_person') })}
      value={value ?? null}
      options={options}
      style={{ width: '100%' }}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={t('choose_person')}
      notFoundContent={t('list.none')}
      onChange={(next: string | undefined) => onChange?.(next ?? null)}
    />
  );
}
