import { Checkbox, DatePicker, Input, InputNumber, Radio, Select, Switch } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { UserSelect } from '@/parts/fields';
import { useSession } from '@/session/session';
import { FileField } from './file-field';
import { decimalsOf } from './money';
import { BrandPicker, DepartmentPicker, ReferencePicker } from './pickers';
import { TableEditor } from './table-editor';
import type { Field, StoredFile, Values } from './types';

/** Choices up to this many stand open side by side. */
const OPEN_CHOICES = 5;
const TEXT_MAX = 500;
const RATINGS = [1, 2, 3, 4, 5] as const;

export interface InputProps {
  field: Field;
  /** The type whose field it is. */
  type: string;
  /** Names of what stands in the values already. */
  names?: { [id: string]: string } | undefined;
  /** Inside a table there is room for one line only, and no label beside it. */
  dense?: boolean;
  id?: string;
  value?: unknown;
  onChange?: (value: unknown) => void;
}

function Figure({ field, dense, id, value, onChange }: InputProps) {
  const { t } = useTranslation('records');
  const { session } = useSession();
  const money = field.kind === 'money';
  const places = money ? decimalsOf(session?.currency) : field.kind === 'duration' ? 0 : (field.decimals ?? 0);
  const unit = money ? 10 ** places : 1;
  const suffix = { percent: '%', duration: t('minutes_unit'), money: session?.currency }[field.kind];
  const bound = (at: number | null | undefined) => (typeof at === 'number' ? at / unit : undefined);
  const [min, max] = [bound(field.minimum), bound(field.maximum)];
  return (
    <InputNumber
      {...(id ? { id } : {})}
      {...(dense ? { 'aria-label': field.title } : {})}
      {...(min !== undefined ? { min } : {})}
      {...(max !== undefined ? { max } : {})}
      style={{ width: '100%' }}
      precision={field.kind === 'percent' ? Math.max(places, 2) : places}
      value={typeof value === 'number' ? value / unit : null}
      {...(suffix ? { suffix } : {})}
      onChange={(next) => onChange?.(next === null ? null : money ? Math.round(Number(next) * unit) : Number(next))}
    />
  );
}

function Rating({ field, value, onChange }: InputProps) {
  const { t } = useTranslation('records');
  const said = (step: number) => field.options?.find((one) => one.id === String(step))?.title ?? t(`rating.${step}`);
  return (
    <Radio.Group
      className="rating-input"
      aria-label={field.title}
      value={typeof value === 'number' ? value : null}
      onChange={(event) => onChange?.(event.target.value as number)}
      options={RATINGS.map((step) => ({ value: step, label: `${step} ${said(step)}` }))}
    />
  );
}

function Choice({ field, dense, id, value, onChange }: InputProps) {
  const { t } = useTranslation('records');
  const options = (field.options ?? []).map((one) => ({ value: one.id, label: one.title }));
  if (!dense && options.length <= OPEN_CHOICES && field.required) {
    return <Radio.Group aria-label={field.title} options={options} value={value} onChange={(event) => onChange?.(event.target.value as string)} />;
  }
  return (
    <Select
      {...(id ? { id } : {})}
      aria-label={field.title}
      style={{ width: '100%' }}
      allowClear
      options={options}
      value={(value as string | undefined) ?? null}
      placeholder={t('choose')}
      onChange={(next: string | undefined) => onChange?.(next ?? null)}
    />
  );
}

function Moment({ field, dense, id, value, onChange }: InputProps) {
  const time = field.kind === 'time';
  return (
    <DatePicker
      {...(id ? { id } : {})}
      {...(dense ? { 'aria-label': field.title } : {})}
      showTime={time ? { format: 'HH:mm' } : false}
      // Said outright: otherwise what is typed would have to end with seconds.
      format={time ? 'YYYY-MM-DD HH:mm' : 'YYYY-MM-DD'}
      style={{ width: '100%' }}
      // Enter takes the date that was typed; it does not send a form that is half written.
      onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      value={typeof value === 'string' && value ? dayjs(value) : null}
      onChange={(day) => onChange?.(day ? (time ? day.toISOString() : day.format('YYYY-MM-DD')) : null)}
    />
  );
}

/** The input of a field, by its kind; it takes and gives values as the server writes them. */
export function FieldInput(props: InputProps) {
  const { field, type, names, dense, id, value, onChange } = props;
  const picker = { id, label: field.title, value: value as string | null | undefined, onChange: (next: string | null) => onChange?.(next), names };
  const named = dense ? { 'aria-label': field.title } : {};
  const max = typeof field.maximum === 'number' && field.maximum > 0 ? field.maximum : undefined;
  switch (field.kind) {
    case 'number':
    case 'money':
    case 'percent':
    case 'duration':
      return <Figure {...props} />;
    case 'rating':
      return dense ? <Figure {...props} field={{ ...field, minimum: 1, maximum: RATINGS.length }} /> : <Rating {...props} />;
    case 'boolean':
      return <Switch {...(id ? { id } : {})} aria-label={field.title} checked={value === true} onChange={(on) => onChange?.(on)} />;
    case 'date':
    case 'time':
      return <Moment {...props} />;
    case 'choice':
      return <Choice {...props} />;
    case 'choices':
      return <Checkbox.Group aria-label={field.title} options={(field.options ?? []).map((one) => ({ value: one.id, label: one.title }))} value={(value as string[] | undefined) ?? []} onChange={(next) => onChange?.(next)} />;
    case 'person': {
      const known = typeof value === 'string' && names?.[value] ? { id: value, name: names[value] } : undefined;
      return <UserSelect {...(id && !dense ? { id } : {})} label={field.title} value={(value as string | undefined) ?? null} onChange={(next) => onChange?.(next)} known={known} />;
    }
    case 'department':
      return <DepartmentPicker {...picker} />;
    case 'brand':
      return <BrandPicker {...picker} />;
    case 'reference':
      return <ReferencePicker {...picker} field={field} />;
    case 'table':
      return <TableEditor field={field} type={type} names={names} value={(value as Values[] | undefined) ?? []} onChange={(rows) => onChange?.(rows)} />;
    case 'file':
      return <FileField label={field.title} most={max} value={(value as StoredFile[] | undefined) ?? []} onChange={(files) => onChange?.(files)} />;
    case 'rich_text':
      return <Input.TextArea {...(id ? { id } : {})} {...named} rows={dense ? 1 : 4} {...(max ? { maxLength: max, showCount: !dense } : {})} value={(value as string | undefined) ?? ''} onChange={(event) => onChange?.(event.target.value)} />;
    default:
      return <Input {...(id ? { id } : {})} {...named} maxLength={max ?? TEXT_MAX} value={(value as string | undefined) ?? ''} onChange={(event) => onChange?.(event.target.value)} />;
  }
}
