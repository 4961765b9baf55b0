import { Button, Form } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { refresh } from '@/api/query';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Conflict, ProblemNote } from '@/parts/states';
import { Facts } from '@/patterns/record/record';
import { recordNow, RECORDS, useChange } from './api';
import { useCrumbs } from './crumbs';
import { OWNED } from './fields';
import { useOwned } from './form';
import { FormFields, useBlame } from './form-fields';
import type { Detail, Field, RecordSchema, Values } from './types';
import { FieldValue, RecordState, useShow } from './value';
import { changes, formFields, same } from './values';

interface EditProps {
  schema: RecordSchema;
  row: Detail;
  onDone: () => void;
}

/** What the form holds of a record: its values, and whom it belongs to. */
const held = (row: Detail): Values => ({ ...row.values, owner_id: row.owner_id, department_id: row.department_id, brand_id: row.brand_id });

/** Somebody else was faster: what I wanted beside what stands there now. */
function Clash({ fields, mine, theirs, onMine, onTheirs }: { fields: Field[]; mine: Values; theirs: Detail; onMine: () => void; onTheirs: () => void }) {
  const show = useShow();
  const now = held(theirs);
  const rows = fields
    .filter((field) => field.key in mine)
    .map((field) => ({ name: field.title, mine: show(field, mine[field.key], theirs), theirs: show(field, now[field.key], theirs), differs: !same(mine[field.key], now[field.key]) }));
  return <Conflict fields={rows} onMine={onMine} onTheirs={onTheirs} />;
}

/** Changes a record: only what differs is sent, on the version that was read. */
export function EditRecord({ schema, row, onDone }: EditProps) {
  const { t } = useTranslation('records');
  const { done, failed } = useNotice();
  const crumbs = useCrumbs(schema);
  const owned = useOwned();
  const [form] = Form.useForm<Values>();
  const [base, setBase] = useState(row);
  const [clash, setClash] = useState<{ mine: Values; theirs: Detail }>();
  const fields = useMemo(() => formFields(schema.fields, row.masked), [schema, row.masked]);
  const all = useMemo(() => [...fields, ...owned], [fields, owned]);
  const shownOnly = schema.fields.filter((field) => field.readable !== false && !fields.includes(field));
  const change = useChange(schema.id);
  const rest = useBlame(form, all, change.error);

  const send = (wanted: Values, version: number) => {
    const { owner_id, department_id, brand_id, ...values } = wanted;
    const mine = Object.fromEntries(OWNED.filter((key) => key in wanted).map((key) => [key, { owner_id, department_id, brand_id }[key] as string | null]));
    change.mutate(
      { id: row.id, values, ...mine, version },
      {
        onSuccess: (saved) => {
          done(t('saved', { title: saved.title }));
          onDone();
        },
        onError: (error) => {
          if (!asProblem(error).stale) return;
          recordNow(schema.id, row.id).then((theirs) => setClash({ mine: wanted, theirs }), failed);
        },
      },
    );
  };
  const save = (values: Values) => {
    const { owner_id, department_id, brand_id } = base;
    const before = { owner_id, department_id, brand_id };
    const wanted = { ...changes(base, values, fields), ...Object.fromEntries(OWNED.filter((key) => key in values && !same(values[key], before[key])).map((key) => [key, values[key] ?? null])) };
    if (Object.keys(wanted).length === 0) onDone();
    else send(wanted, base.version);
  };
  const takeTheirs = () => {
    if (!clash) return;
    setBase(clash.theirs);
    form.setFieldsValue(held(clash.theirs));
    setClash(undefined);
    change.reset();
    void refresh(RECORDS);
  };
  const takeMine = () => {
    if (!clash) return;
    setBase(clash.theirs);
    setClash(undefined);
    send(clash.mine, clash.theirs.version);
  };

  return (
    <>
      <PageHead title={t('edit_of', { title: row.title })} crumbs={[...crumbs, { label: row.number, to: `/records/${schema.id}/${row.id}` }]} state={<RecordState row={row} />} />
      {clash && (
        <div className="clash">
          <Clash fields={all} {...clash} onMine={takeMine} onTheirs={takeTheirs} />
        </div>
      )}
      <Form<Values> form={form} layout="vertical" requiredMark={false} initialValues={held(row)} onFinish={save} className="stack record-form" scrollToFirstError={{ block: 'center', focus: true }}>
        <section className="card" aria-label={t('what')}>
          <FormFields fields={fields} type={schema.id} names={row.names} />
        </section>
        {shownOnly.length > 0 && (
          <section className="card stack-tight" aria-label={t('by_itself')}>
            <h2>{t('by_itself')}</h2>
            <Facts facts={shownOnly.map((field) => ({ id: field.key, label: field.title, value: <FieldValue row={row} field={field} /> }))} />
          </section>
        )}
        <section className="card" aria-label={t('belongs')}>
          <FormFields fields={owned} type={schema.id} names={row.names} />
        </section>
        <ProblemNote error={rest} />
        <div className="row form-foot">
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t('common:save')}
          </Button>
          <Button onClick={onDone}>{t('common:cancel')}</Button>
        </div>
      </Form>
    </>
  );
}
