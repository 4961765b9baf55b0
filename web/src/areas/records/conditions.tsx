import { CloseOutlined, FilterOutlined } from '@ant-design/icons';
import { Button, Popover } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/session/session';
import { needsOf } from './comparisons';
import { ConditionForm } from './condition-form';
import { type Condition, join, type Part, read } from './expression';
import type { Field, Row } from './types';
import { useShow } from './value';

/** Says a condition in words. */
function useWords(fields: Field[], names: { [id: string]: string }): (part: Part) => { label: string; said: ReactNode } {
  const { t } = useTranslation('records');
  const { session } = useSession();
  const show = useShow();
  const one = (field: Field, value: unknown): ReactNode => {
    if (field.kind === 'person' && value === session?.user.id) return t('me');
    const option = field.options?.find((candidate) => candidate.id === String(value));
    if (option) return option.title;
    if (['person', 'department', 'brand', 'reference'].includes(field.kind)) return names[String(value)] ?? t('unnamed');
    if (field.kind === 'rating') return String(value);
    return show(field, value, { names, values: {} } as unknown as Row);
  };
  return (part) => {
    if ('source' in part) return { label: t('condition'), said: <code>{part.source}</code> };
    const field = fields.find((candidate) => candidate.key === part.field);
    if (!field) return { label: part.field, said: <code>{join([part])}</code> };
    const values = part.values.map((value, i) => (
      <span key={String(value)}>
        {i > 0 && t('common:list.or')}
        {one(field, value)}
      </span>
    ));
    const need = needsOf(part.is);
    if (need === 'days') return { label: field.title, said: t(`compared.${part.is}`, { count: Number(part.values[0]) }) };
    if (need === 'none') return { label: field.title, said: t(`compared.${part.is}`) };
    return {
      label: field.title,
      said: part.is === 'in' ? values : (
        <>
          {t(`sign.${part.is}`)} {values}
        </>
      ),
    };
  };
}

interface ConditionsProps {
  fields: Field[];
  type: string;
  filter: string | undefined;
  /** Names of people and things that the conditions speak of. */
  names: { [id: string]: string };
  onSet: (filter: string | undefined) => void;
}

/** The conditions of a list in words; what is set here is the expression that the address holds. */
export function Conditions({ fields, type, filter, names, onSet }: ConditionsProps) {
  const { t } = useTranslation('records');
  const [open, setOpen] = useState<number>();
  const words = useWords(fields, names);
  const parts = read(filter);
  const set = (at: number, condition: Condition | undefined) => {
    const after = [...parts];
    after.splice(at, 1, ...(condition ? [condition] : []));
    setOpen(undefined);
    onSet(join(after));
  };
  const panel = (at: number, part: Part | undefined) => (
    <ConditionForm key={`${at}-${open}`} fields={fields} type={type} names={names} initial={part && !('source' in part) ? part : undefined} onSet={(condition) => set(at, condition)} />
  );
  return (
    <div className="chips" role="group" aria-label={t('common:list.conditions')}>
      {parts.map((part, at) => {
        const { label, said } = words(part);
        const text = (
          <>
            {label}
            {t('common:colon')}
            {said}
          </>
        );
        return (
          <span className="chip" key={at}>
            {'source' in part ? (
              <span className="chip-word chip-fixed">{text}</span>
            ) : (
              <Popover trigger="click" placement="bottom" destroyOnHidden content={panel(at, part)} open={open === at} onOpenChange={(shown) => setOpen(shown ? at : undefined)}>
                <button type="button" className="plain-button chip-word">
                  {text}
                </button>
              </Popover>
            )}
            <button type="button" className="plain-button chip-drop" aria-label={t('common:list.drop', { name: label })} onClick={() => set(at, undefined)}>
              <CloseOutlined aria-hidden="true" />
            </button>
          </span>
        );
      })}
      <Popover trigger="click" placement="bottom" destroyOnHidden content={panel(parts.length, undefined)} open={open === parts.length} onOpenChange={(shown) => setOpen(shown ? parts.length : undefined)}>
        <Button icon={<FilterOutlined />} type={parts.length ? 'text' : 'default'}>
          {t('common:list.filter')}
        </Button>
      </Popover>
    </div>
  );
}
