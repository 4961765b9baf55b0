import { Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Colleague, QuerySharing } from '@/api/schema';
import { useAsked } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import { FormDrawer } from '@/parts/form-drawer';
import { useSession } from '@/session/session';
import { type NewQuery, SHARINGS } from './contract';

/** The bounds that the server keeps. */
const NAME_MAX = 100;
const DESCRIPTION_MAX = 1_000;
const PEOPLE_MAX = 100;
/** People offered at once; typing narrows them. */
const OFFERED = 200;

/** Chooses some people; everybody may see the names of everybody. */
function PeopleSelect({ id, value = [], onChange }: { id?: string; value?: string[]; onChange?: (ids: string[]) => void }) {
  const { t } = useTranslation('sql');
  const { session } = useSession();
  const [typed, setTyped] = useState('');
  // What was chosen keeps its name when the list is narrowed.
  const [names, setNames] = useState(new Map<string, string>());
  const found = useAsked<Page<Colleague>>('/api/v1/people', { params: { query: { q: typed || undefined, page_size: OFFERED } } }, { staleTime: 30_000 });
  const people = (found.data?.items ?? []).filter((one) => one.id !== session?.user.id);
  const name = (one: string) => people.find((person) => person.id === one)?.name ?? names.get(one) ?? t('sources:somebody', { id: one.slice(-8) });
  const options = [...people.map((one) => ({ value: one.id, label: one.name })), ...value.filter((one) => !people.some((person) => person.id === one)).map((one) => ({ value: one, label: name(one) }))];
  return (
    <Select
      {...(id ? { id } : {})}
      mode="multiple"
      value={value}
      options={options}
      maxCount={PEOPLE_MAX}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={t('common:choose_person')}
      notFoundContent={t('common:list.none')}
      onChange={(next: string[]) => {
        setNames(new Map([...names, ...next.map((one) => [one, name(one)] as const)]));
        onChange?.(next);
      }}
    />
  );
}

export type Details = Pick<NewQuery, 'name' | 'description' | 'sharing' | 'people'>;

interface DetailsFormProps {
  title: string;
  act: string;
  open: boolean;
  busy: boolean;
  error: unknown;
  initial: Partial<Details>;
  onClose: () => void;
  onFinish: (details: Details) => void;
}

/** How a query is called, what it is for, and who sees it. */
export function DetailsForm({ title, act, open, busy, error, initial, onClose, onFinish }: DetailsFormProps) {
  const { t } = useTranslation('sql');
  const [form] = Form.useForm<Details>();
  const sharing: QuerySharing | undefined = Form.useWatch('sharing', form);
  const finish = ({ name, description, ...rest }: Details) =>
    onFinish({ name: name.trim(), description: description?.trim() ?? '', sharing: rest.sharing, people: rest.sharing === 'people' ? (rest.people ?? []) : [] });
  return (
    <FormDrawer<Details> title={title} act={act} open={open} busy={busy} error={error} form={form} initial={{ sharing: 'private', people: [], description: '', ...initial }} onClose={onClose} onFinish={finish}>
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('name_needed') }]}>
        <Input maxLength={NAME_MAX} />
      </Form.Item>
      <Form.Item name="description" label={t('description')} extra={t('description_hint')}>
        <Input.TextArea rows={3} maxLength={DESCRIPTION_MAX} />
      </Form.Item>
      <Form.Item name="sharing" label={t('sharing_is')} extra={t('sharing_hint')}>
        <Radio.Group options={SHARINGS.map((value) => ({ value, label: t(`sharing.${value}`) }))} />
      </Form.Item>
      {sharing === 'people' && (
        <Form.Item name="people" label={t('people')} rules={[{ required: true, type: 'array', min: 1, message: t('people_needed') }]}>
          <PeopleSelect />
        </Form.Item>
      )}
    </FormDrawer>
  );
}
