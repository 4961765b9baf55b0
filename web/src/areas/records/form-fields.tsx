import { Form, type FormInstance } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem, type FieldProblem, Problem } from '@/api/problem';
import { isEmpty, isLong } from './fields';
import { FieldInput } from './input';
import type { Field, Values } from './types';
import { arrived } from './uploads';
import { blame } from './values';

interface FormFieldsProps {
  fields: Field[];
  type: string;
  names?: { [id: string]: string } | undefined;
  /** Every one of them must be filled, whatever the type says. */
  needed?: boolean;
}

/** A form's label: the name, and that it may be left empty. */
function Named({ field, needed }: { field: Field; needed: boolean }) {
  const { t } = useTranslation('records');
  return (
    <>
      {field.title}
      {needed || field.kind === 'boolean' ? null : <span className="quiet small field-optional"> {t('optional')}</span>}
    </>
  );
}

/** One input for each field, with its hint; what must be filled says so before the server is asked. */
export function FormFields({ fields, type, names, needed }: FormFieldsProps) {
  const { t } = useTranslation('records');
  const form = Form.useFormInstance<Values>();
  return (
    <div className="form-grid">
      {fields.map((field) => {
        const rows = field.kind === 'table' && (field.minimum ?? 0) > 0;
        const must = (needed === true || field.required === true || rows) && field.kind !== 'boolean';
        const check = async (_: unknown, given: unknown) => {
          // A file that is still on its way belongs to what is sent.
          if (field.kind === 'file') await arrived().catch(() => Promise.reject(new Error(t('file_lost'))));
          const value: unknown = field.kind === 'file' ? form.getFieldValue(field.key) : given;
          if (must && isEmpty(typeof value === 'string' ? value.trim() : value)) return Promise.reject(new Error(t('field_needed', { name: field.title })));
          if (field.kind === 'table' && field.minimum && Array.isArray(value) && value.length < field.minimum) return Promise.reject(new Error(t('rows_needed', { count: field.minimum })));
          return Promise.resolve();
        };
        return (
          <Form.Item
            key={field.key}
            name={field.key}
            className={isLong(field) || field.kind === 'rating' || field.kind === 'choices' ? 'form-wide' : ''}
            label={<Named field={field} needed={must} />}
            {...(field.hint ? { extra: field.hint } : {})}
            rules={[{ validator: check }]}
            validateTrigger="onSubmit"
          >
            <FieldInput field={field} type={type} names={names} />
          </Form.Item>
        );
      })}
    </div>
  );
}

/** Says a refusal beside the fields that it belongs to; returns what belongs to none of them. */
export function useBlame(form: FormInstance<Values>, fields: Field[], error: unknown): unknown {
  const { t, i18n } = useTranslation();
  const problem = error ? asProblem(error) : undefined;
  // Where a check of the type refuses, the sentence is the answer's own; the field only points to it.
  const say = (one: FieldProblem) => (one.code.endsWith('.see_above') && problem?.message) || (one.detail ?? (i18n.exists(`errors:${one.code}`) ? t(`errors:${one.code}`, one.args) : t('records:field_refused')));
  const keys = fields.map((field) => field.key);
  const sorted = problem ? blame(problem.fields, keys, say) : undefined;
  useEffect(() => {
    if (!sorted?.beside.size) return;
    form.setFields([...sorted.beside].map(([name, errors]) => ({ name, errors })));
    const [first] = sorted.beside.keys();
    if (first) form.scrollToField(first, { block: 'center', focus: true });
    // Said once for each answer of the server.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [error]);
  if (!problem || problem.stale) return undefined;
  // The sentence itself stays: what a field says may only point to it.
  return new Problem({ code: problem.code, detail: problem.message, args: problem.args, fields: sorted?.rest ?? [], request_id: problem.requestId }, problem.status);
}
