import { DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { PARAMETER_KINDS, type QueryParameter, type Value } from './contract';
import { ofKind } from './parameters';

/** The bound that the server keeps. */
const LABEL_MAX = 100;

function ValueField({ of, onValue }: { of: QueryParameter; onValue: (value: Value) => void }) {
  const { t } = useTranslation('sql');
  const label = t('parameter_value', { name: of.label || of.name });
  const value = of.default ?? null;
  switch (of.kind) {
    case 'integer':
    case 'number':
      return <InputNumber aria-label={label} value={typeof value === 'number' ? value : null} {...(of.kind === 'integer' ? { precision: 0 } : {})} onChange={(next) => onValue(typeof next === 'number' ? next : null)} />;
    case 'boolean':
      return <Select aria-label={label} allowClear value={typeof value === 'boolean' ? String(value) : undefined} placeholder={t('parameter_empty')} options={['true', 'false'].map((one) => ({ value: one, label: t(`boolean.${one}`) }))} onChange={(next: string | undefined) => onValue(next === undefined ? null : next === 'true')} />;
    case 'time':
      return <DatePicker aria-label={label} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" value={typeof value === 'string' ? dayjs(value) : null} onChange={(day) => onValue(day ? day.toISOString() : null)} />;
    default:
      return <Input aria-label={label} allowClear placeholder={t('parameter_empty')} value={typeof value === 'string' ? value : ''} onChange={(event) => onValue(event.target.value || null)} />;
  }
}

/** What stands for `$name` in the question: a value each, which a saved query begins with. */
export function ParameterFields({ parameters, onChange }: { parameters: QueryParameter[]; onChange: (parameters: QueryParameter[]) => void }) {
  const { t } = useTranslation('sql');
  const change = (name: string, next: QueryParameter) => onChange(parameters.map((one) => (one.name === name ? next : one)));
  return (
    <section className="stack-tight" aria-labelledby="sql-parameters">
      <div>
        <h3 id="sql-parameters">{t('parameters')}</h3>
        <p className="quiet small">{t('parameters_hint')}</p>
      </div>
      <ul className="sql-parameters">
        {parameters.map((one) => (
          <li key={one.name}>
            <code className="anywhere">${one.name}</code>
            <Input aria-label={t('parameter_label', { name: one.name })} maxLength={LABEL_MAX} value={one.label} onChange={(event) => change(one.name, { ...one, label: event.target.value })} />
            <Select aria-label={t('parameter_kind', { name: one.name })} value={one.kind} options={PARAMETER_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} onChange={(kind) => change(one.name, ofKind(one, kind))} />
            <ValueField of={one} onValue={(value) => change(one.name, { ...one, default: value })} />
          </li>
        ))}
      </ul>
    </section>
  );
}
