import { CloseOutlined, FilterOutlined } from '@ant-design/icons';
import { Button, Checkbox, DatePicker, Input, Popover, Radio } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { api } from '@/api/client';
import { UserSelect } from '@/parts/fields';
import type { Filter } from './types';

interface FiltersProps {
  filters: Filter[];
  values: Record<string, string>;
  onSet: (id: string, value: string | undefined) => void;
}

/** The names of the people that conditions speak of. */
function usePeople(filters: Filter[], values: Record<string, string>): Map<string, string> {
  const asked = filters.find((filter) => filter.kind === 'person' && values[filter.id]);
  const id = asked ? (values[asked.id] ?? '') : '';
  const { data } = api.useQuery('get', '/api/v1/identity/users/{id}', { params: { path: { id } } }, { enabled: id !== '', staleTime: 300_000 });
  return new Map(data ? [[data.id, data.name]] : []);
}

/** What a condition says on its chip. */
function useWords(people: Map<string, string>): (filter: Filter, value: string) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (filter, value) => {
    if (filter.kind === 'flag') return filter.label;
    const said = {
      choice: () => (filter.kind === 'choice' ? value.split(',').map((v) => filter.options.find((o) => o.value === v)?.label ?? v).join(t('list.or')) : value),
      text: () => value,
      date: () => format.date(value),
      person: () => people.get(value) ?? t('list.person'),
    }[filter.kind]();
    return `${filter.label}${t('colon')}${said}`;
  };
}

function FilterField({ filter, value, onSet }: { filter: Filter; value: string | undefined; onSet: (value: string | undefined) => void }) {
  const { t } = useTranslation();
  switch (filter.kind) {
    case 'choice':
      if (!filter.many) {
        return <Radio.Group className="filter-choices" options={filter.options} value={value} onChange={(event) => onSet(event.target.value as string)} />;
      }
      return (
        <Checkbox.Group
          className="filter-choices"
          options={filter.options}
          value={value ? value.split(',') : []}
          onChange={(chosen) => onSet(chosen.length ? chosen.join() : undefined)}
        />
      );
    case 'flag':
      return (
        <Checkbox checked={value === 'true'} onChange={(event) => onSet(event.target.checked ? 'true' : undefined)}>
          {filter.label}
        </Checkbox>
      );
    case 'date':
      return (
        <DatePicker
          aria-label={filter.label}
          value={value ? dayjs(value) : null}
          onChange={(day) => onSet(day?.startOf('day').toISOString())}
          style={{ width: '100%' }}
        />
      );
    case 'person':
      return <UserSelect value={value ?? null} onChange={(id) => onSet(id ?? undefined)} />;
    case 'text':
      return (
        <Input.Search
          aria-label={filter.label}
          defaultValue={value ?? ''}
          enterButton={t('list.apply')}
          onSearch={(text) => onSet(text.trim() || undefined)}
        />
      );
  }
}

/** The conditions of a list: chips for those that hold, a panel to set any. */
export function Filters({ filters, values, onSet }: FiltersProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const words = useWords(usePeople(filters, values));
  const set = filters.filter((filter) => values[filter.id]);
  const unset = filters.filter((filter) => !values[filter.id]);
  const panel = (which: Filter[]) => (
    <div className="filter-panel">
      {which.map((filter) => (
        <fieldset key={filter.id}>
          {filter.kind !== 'flag' && <legend>{filter.label}</legend>}
          <FilterField filter={filter} value={values[filter.id]} onSet={(value) => onSet(filter.id, value)} />
        </fieldset>
      ))}
    </div>
  );
  return (
    <div className="chips" role="group" aria-label={t('list.conditions')}>
      {set.map((filter) => (
        <span className="chip" key={filter.id}>
          <Popover trigger="click" placement="bottom" content={panel([filter])} open={open === filter.id} onOpenChange={(o) => setOpen(o ? filter.id : null)}>
            <button type="button" className="plain-button chip-word">
              {words(filter, values[filter.id] ?? '')}
            </button>
          </Popover>
          <button type="button" className="plain-button chip-drop" aria-label={t('list.drop', { name: filter.label })} onClick={() => onSet(filter.id, undefined)}>
            <CloseOutlined aria-hidden="true" />
          </button>
        </span>
      ))}
      {unset.length > 0 && (
        <Popover trigger="click" placement="bottom" content={panel(unset)} open={open === ''} onOpenChange={(o) => setOpen(o ? '' : null)}>
          <Button icon={<FilterOutlined />} type={set.length ? 'text' : 'default'}>
            {t('list.filter')}
          </Button>
        </Popover>
      )}
    </div>
  );
}
