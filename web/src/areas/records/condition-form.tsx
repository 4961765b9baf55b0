import { Button, Checkbox, InputNumber, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { comparisonsOf, needsOf, sortOf } from './comparisons';
import type { Comparison, Condition } from './expression';
import { FieldInput } from './input';
import type { Field } from './types';

const DAYS_USUAL = 7;

interface ValueProps {
  field: Field;
  type: string;
  is: Comparison;
  names: { [id: string]: string };
  values: (string | number)[];
  onChange: (values: (string | number)[]) => void;
}

function Value({ field, type, is, names, values, onChange }: ValueProps) {
  const { t } = useTranslation('records');
  const need = needsOf(is);
  if (need === 'none') return null;
  if (need === 'days') return <InputNumber aria-label={t('days_label')} min={1} max={3_650} precision={0} value={Number(values[0] ?? DAYS_USUAL)} suffix={t('days_unit')} style={{ width: '100%' }} onChange={(days) => onChange(days ? [days] : [])} />;
  if (field.options?.length && field.kind !== 'rating') {
    const options = field.options.map((one) => ({ value: one.id, label: one.title }));
    if (need === 'many') return <Checkbox.Group className="filter-choices" aria-label={field.title} options={options} value={values as string[]} onChange={onChange} />;
    return <Select aria-label={field.title} style={{ width: '100%' }} options={options} value={(values[0] as string | undefined) ?? null} onChange={(next: string) => onChange([next])} />;
  }
  const figure = sortOf(field) === 'figure';
  const kind = figure ? (['money', 'percent', 'duration'].includes(field.kind) ? field.kind : 'number') : sortOf(field) === 'text' ? 'text' : field.kind;
  const one: Field = { key: field.key, kind, title: field.title, record: field.record, decimals: figure ? (field.decimals ?? (field.value_kind === 'real' ? 2 : 0)) : 0 };
  return <FieldInput dense field={one} type={type} names={names} value={values[0]} onChange={(next) => onChange(next === null || next === '' || next === undefined ? [] : [next as string | number])} />;
}

interface ConditionFormProps {
  fields: Field[];
  type: string;
  names: { [id: string]: string };
  initial: Condition | undefined;
  onSet: (condition: Condition) => void;
}

/** Makes one condition: which field, how compared, with what. */
export function ConditionForm({ fields, type, names, initial, onSet }: ConditionFormProps) {
  const { t } = useTranslation('records');
  const asked = fields.filter((field) => comparisonsOf(field).length > 0);
  const [key, setKey] = useState(initial?.field);
  const field = asked.find((one) => one.key === key);
  const offered = field ? comparisonsOf(field) : [];
  const [is, setIs] = useState(initial?.is);
  const [values, setValues] = useState(initial?.values ?? []);
  const now = is && offered.includes(is) ? is : offered[0];
  const filled = now === undefined ? [] : needsOf(now) === 'days' && values.length === 0 ? [DAYS_USUAL] : values;
  const whole = field !== undefined && now !== undefined && (needsOf(now) === 'none' || filled.length > 0);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (whole) onSet({ field: field.key, is: now, values: needsOf(now) === 'none' ? [] : filled });
  };
  return (
    <form className="filter-panel" onSubmit={send}>
      <Select
        aria-label={t('field')}
        placeholder={t('field')}
        showSearch={{ optionFilterProp: 'label' }}
        value={key ?? null}
        options={asked.map((one) => ({ value: one.key, label: one.title }))}
        onChange={(next: string) => {
          setKey(next);
          setIs(undefined);
          setValues([]);
        }}
      />
      {field && offered.length > 1 && (
        <Select
          aria-label={t('comparison')}
          value={now ?? null}
          options={offered.map((one) => ({ value: one, label: t(`compare.${one}`) }))}
          onChange={(next: Comparison) => {
            if (needsOf(next) !== (now && needsOf(now))) setValues([]);
            setIs(next);
          }}
        />
      )}
      {field && now && <Value field={field} type={type} is={now} names={names} values={filled} onChange={setValues} />}
      <Button type="primary" htmlType="submit" disabled={!whole}>
        {t('common:list.apply')}
      </Button>
    </form>
  );
}
