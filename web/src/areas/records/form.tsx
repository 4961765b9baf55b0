import { Button, Form } from 'antd';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useNotice } from '@/parts/notice';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState, ProblemNote } from '@/parts/states';
import { useMake, useSchema } from './api';
import { useCrumbs } from './crumbs';
import { OWNED } from './fields';
import { FormFields, useBlame } from './form-fields';
import type { RecordSchema, Values } from './types';
import { formFields, tidy } from './values';
import './records.css';

const KINDS: { [key in (typeof OWNED)[number]]: string } = { owner_id: 'person', department_id: 'department', brand_id: 'brand' };

/** Whom a record belongs to, as fields of the form. */
export function useOwned() {
  const { t } = useTranslation('records');
  return useMemo(() => OWNED.map((key) => ({ key, kind: KINDS[key], title: t(`common_field.${key}`), hint: t(`owned_hint.${key}`) })), [t]);
}

function NewForm({ schema }: { schema: RecordSchema }) {
  const { t } = useTranslation('records');
  const { done } = useNotice();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const crumbs = useCrumbs(schema);
  const owned = useOwned();
  const [form] = Form.useForm<Values>();
  const fields = useMemo(() => formFields(schema.fields), [schema]);
  const make = useMake(schema.id);
  const rest = useBlame(form, [...fields, ...owned], make.error);
  // Whoever came from another record brings the reference along.
  const given = useMemo(() => Object.fromEntries(fields.filter((field) => params.has(field.key)).map((field) => [field.key, params.get(field.key)])), [fields, params]);
  useEffect(() => form.setFieldsValue(given), [form, given]);
  const save = (values: Values) => {
    const mine = Object.fromEntries(OWNED.flatMap((key) => (values[key] ? [[key, values[key]]] : [])));
    const written = Object.fromEntries(Object.entries(tidy(values, fields)).filter(([, value]) => value !== null));
    make.mutate(
      { values: written, ...mine },
      {
        onSuccess: (row) => {
          done(t('made', { title: row.title, number: row.number }));
          void navigate(`/records/${schema.id}/${row.id}`, { replace: true });
        },
      },
    );
  };
  return (
    <>
      <PageHead title={t('new_of', { type: schema.title })} crumbs={crumbs} sub={schema.summary} />
      <Form<Values> form={form} layout="vertical" requiredMark={false} onFinish={save} className="stack record-form" scrollToFirstError={{ block: 'center', focus: true }}>
        <section className="card" aria-label={t('what')}>
          <FormFields fields={fields} type={schema.id} />
        </section>
        <section className="card" aria-label={t('belongs')}>
          <FormFields fields={owned} type={schema.id} />
        </section>
        <ProblemNote error={rest} />
        <div className="row form-foot">
          <Button type="primary" htmlType="submit" loading={make.isPending}>
            {t('create')}
          </Button>
          <Button onClick={() => void navigate(-1)}>{t('common:cancel')}</Button>
        </div>
      </Form>
    </>
  );
}

/** Makes a record of a type. */
export function NewRecord() {
  const { t } = useTranslation('records');
  const { type = '' } = useParams();
  const schema = useSchema(type);
  if (schema.isPending) return <Skeleton shape="record" />;
  if (schema.isError) return <ErrorState error={schema.error} retry={() => void schema.refetch()} />;
  if (!schema.data.can_write) return <EmptyState title={t('cannot_create', { type: schema.data.title })} hint={t('cannot_create_hint')} />;
  return <NewForm key={type} schema={schema.data} />;
}
