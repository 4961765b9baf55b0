import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBrandChoices } from '@/areas/campaigns/choices';
import { useDepartmentChoices } from '@/areas/people/choices';
import { useReferences } from './references';
import type { Field } from './types';

/** What every picker takes; a form gives it the id of its label. */
export interface PickerProps {
  id?: string | undefined;
  label: string;
  value: string | null | undefined;
  onChange: (id: string | null) => void;
  /** Names that are known before any list was fetched. */
  names?: { [id: string]: string } | undefined;
}

interface Offered {
  options: { value: string; label: string }[];
  onSearch?: (typed: string) => void;
  loading?: boolean;
}

function Picker({ id, label, value, onChange, names, options, onSearch, loading }: PickerProps & Offered) {
  const { t } = useTranslation('records');
  const known = value && names?.[value];
  const shown = known && !options.some((option) => option.value === value) ? [{ value, label: known }, ...options] : options;
  return (
    <Select
      {...(id ? { id } : {})}
      aria-label={label}
      style={{ width: '100%' }}
      allowClear
      loading={loading ?? false}
      value={value ?? null}
      options={shown}
      showSearch={onSearch ? { filterOption: false, onSearch } : { optionFilterProp: 'label' }}
      placeholder={t('choose')}
      notFoundContent={t('common:list.none')}
      onChange={(next: string | undefined) => onChange(next ?? null)}
    />
  );
}

/** Chooses a department. */
export function DepartmentPicker(props: PickerProps) {
  return <Picker {...props} options={useDepartmentChoices()} />;
}

/** Chooses a brand. */
export function BrandPicker(props: PickerProps) {
  return <Picker {...props} options={useBrandChoices()} />;
}

/** Chooses a record, or a row of a published view, by typing part of its name. */
export function ReferencePicker({ field, ...props }: PickerProps & { field: Field }) {
  const [typed, setTyped] = useState('');
  const found = useReferences(field, typed);
  return <Picker {...props} options={found.options} loading={found.loading} onSearch={setTyped} />;
}
