import { Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Colleague } from '@/api/schema';
import { useAsked } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import { LANGUAGES } from '@/format/language';
import { OWN_NAMES } from '@/frame/menus';
import { useLocal } from '@/i18n/use-local';
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
  /** What the choice is for, where no label of a form says it. */
  label?: string | undefined;
  value?: string | null;
  onChange?: (id: string | null) => void;
  /** The name of the present choice, before any list was fetched. */
  known?: { id: string; name: string } | undefined;
}

/** Chooses a person by typing part of the name; everybody may see the names of everybody. */
export function UserSelect({ id, label, value, onChange, known }: UserSelectProps) {
  const { t } = useTranslation();
  const local = useLocal();
  const [typed, setTyped] = useState('');
  const { session } = useSession();
  const found = useAsked<Page<Colleague>>('/api/v1/people', { params: { query: { q: typed || undefined, page_size: OFFERED } } }, { staleTime: 30_000 });
  const people = found.data?.items ?? [];
  const options = people.map((one) => ({ value: one.id, label: one.name, note: local(one.department_names) }));
  for (const one of [session?.user, known]) if (one && (one === known || people.length === 0) && !options.some((option) => option.value === one.id)) options.unshift({ value: one.id, label: one.name, note: undefined });
  return (
    <Select
      {...(id ? { id } : { 'aria-label': label ?? t('choose_person') })}
      value={value ?? null}
      options={options}
      optionRender={({ data }) => (
        <span className="row">
          {data.label}
          {data.note && <span className="quiet small">{data.note}</span>}
        </span>
      )}
      style={{ width: '100%' }}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={t('choose_person')}
      notFoundContent={t('list.none')}
      onChange={(next: string | undefined) => onChange?.(next ?? null)}
    />
  );
}
