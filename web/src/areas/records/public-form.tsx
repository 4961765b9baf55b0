import { PlusOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, InputNumber, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { refresh } from '@/api/query';
import type { FormLink, RecordForm } from '@/api/schema';
import { Copy } from '@/parts/copy';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import { ask, RECORDS, useAsked } from './api';
import { FormResults } from './form-results';
import type { Detail, Page, RecordSchema } from './types';

const FORMS = `${RECORDS}/{type}/{id}/forms`;

interface FormOf {
  schema: RecordSchema;
  row: Detail;
  form: RecordForm;
}

/** Asks for a change of a form and reads everything of records again. */
function useFormAct({ schema, row, form }: FormOf, said: string) {
  const { done, failed } = useNotice();
  return useMutation({
    mutationFn: ({ below = '', body }: { below?: string; body?: object }) =>
      ask<RecordForm>('post', `${FORMS}/{form}${below}`, { params: { path: { type: schema.id, id: row.id, form: form.form_type } }, body: body ?? undefined }),
    onSuccess: async () => {
      done(said);
      await refresh(RECORDS);
    },
    onError: failed,
  });
}

interface NewLinks {
  name: string;
  channel?: string;
  once?: boolean;
  invited?: number;
  count?: number;
}

function AddLinks({ of, open, onClose }: { of: FormOf; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('forms');
  const [form] = Form.useForm<NewLinks>();
  const once = Form.useWatch('once', form);
  const add = useFormAct(of, t('made'));
  const send = ({ name, channel, once: single, invited, count }: NewLinks) =>
    add.mutate({ below: '/links', body: { name: name.trim(), channel: channel ?? null, once: single ?? false, invited: invited ?? 0, count: single ? (count ?? 1) : 1 } }, { onSuccess: onClose });
  return (
    <FormDrawer<NewLinks> form={form} title={t('add')} open={open} onClose={onClose} act={t('add')} hint={t('add_hint')} busy={add.isPending} error={add.error} initial={{ count: 1, invited: 0 }} onFinish={send}>
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('name_needed') }]}>
        <Input maxLength={80} />
      </Form.Item>
      {of.form.channels.length > 0 && (
        <Form.Item name="channel" label={t('channel')} rules={[{ required: true, message: t('channel_needed') }]}>
          <Select options={of.form.channels.map((one) => ({ value: one.id, label: one.title }))} />
        </Form.Item>
      )}
      <Form.Item name="once" valuePropName="checked">
        <Checkbox>{t('once')}</Checkbox>
      </Form.Item>
      {once ? (
        <Form.Item name="count" label={t('count')}>
          <InputNumber min={1} max={500} precision={0} style={{ width: '100%' }} />
        </Form.Item>
      ) : (
        <Form.Item name="invited" label={t('invited')}>
          <InputNumber min={0} max={10_000_000} precision={0} style={{ width: '100%' }} />
        </Form.Item>
      )}
    </FormDrawer>
  );
}

function Links(of: FormOf) {
  const { t } = useTranslation('forms');
  const [adding, setAdding] = useState(false);
  const close = useFormAct(of, t('closed'));
  const { form } = of;
  const title = (link: FormLink) => form.channels.find((one) => one.id === link.channel)?.title;
  return (
    <section className="card stack-tight" aria-label={t('links')}>
      <div className="row">
        <h2 className="grow">{t('links')}</h2>
        {form.can_publish && form.open && (
          <Button icon={<PlusOutlined aria-hidden="true" />} onClick={() => setAdding(true)}>
            {t('add')}
          </Button>
        )}
      </div>
      {form.links.length > 0 && form.can_publish && !form.links.some((link) => link.url) && <p className="bad">{t('no_origin')}</p>}
      <Table
        label={t('links')}
        rows={form.links}
        rowKey={(link) => link.id}
        rowName={(link) => link.name}
        linkOf={() => undefined}
        onOpen={() => undefined}
        columns={[
          { id: 'name', label: t('name'), title: true, cell: (link) => link.name },
          { id: 'channel', label: t('channel'), cell: (link) => title(link) ?? <Nothing /> },
          {
            id: 'address',
            label: t('address'),
            cell: (link) =>
              link.closed_at ? (
                <Label>{t('is_closed')}</Label>
              ) : link.url ? (
                <span className="row">
                  <a href={link.url} target="_blank" rel="noreferrer" aria-label={`${t('open_form')} ${link.name}`}>
                    {t('open_form')}
                  </a>
                  <Copy text={link.url} />
                </span>
              ) : (
                <Nothing />
              ),
          },
          { id: 'visits', label: t('visits'), figure: true, cell: (link) => <span title={t('visits_hint', { visitors: link.visitors, scanners: link.scanners })}>{link.visits}</span> },
          { id: 'invited', label: t('invited'), figure: true, cell: (link) => link.invited || <Nothing /> },
          { id: 'answers', label: t('answers'), figure: true, cell: (link) => link.answers },
          ...(form.can_publish
            ? [
                {
                  id: 'close',
                  label: t('close'),
                  buttons: true,
                  cell: (link: FormLink) =>
                    link.closed_at ? null : (
                      <Button size="small" aria-label={`${t('close')} ${link.name}`} loading={close.isPending} onClick={() => close.mutate({ below: `/links/${link.id}/closing` })}>
                        {t('close')}
                      </Button>
                    ),
                },
              ]
            : []),
        ]}
      />
      <AddLinks of={of} open={adding} onClose={() => setAdding(false)} />
    </section>
  );
}

function Head(of: FormOf) {
  const { t } = useTranslation('forms');
  const { form } = of;
  const publish = useFormAct(of, t('published', { title: form.title }));
  const withdraw = useFormAct(of, t('withdrawn'));
  const running = form.published_at && !form.withdrawn_at;
  return (
    <section className="card stack-tight" aria-label={form.title}>
      <div className="row">
        <h2 className="grow">{form.title}</h2>
        <Label {...(form.open ? { tone: 'good' as const } : {})}>{form.open ? t('open') : t('not_open')}</Label>
        {form.can_publish && (
          <Button type={running ? 'default' : 'primary'} loading={publish.isPending} onClick={() => publish.mutate({})}>
            {running ? t('publish_again') : t('publish')}
          </Button>
        )}
        {form.can_publish && running && (
          <Popconfirm title={t('withdraw_sure')} okText={t('withdraw')} onConfirm={() => withdraw.mutate({ below: '/withdrawal' })}>
            <Button danger loading={withdraw.isPending}>
              {t('withdraw')}
            </Button>
          </Popconfirm>
        )}
      </div>
      {form.closed_because && <p className="quiet">{form.closed_because}</p>}
      {form.questions > 0 && <p className="quiet">{t('questions', { count: form.questions })}</p>}
    </section>
  );
}

/** The public forms of a record: their links, and what came of them. */
export function PublicForms({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const { t } = useTranslation('forms');
  const forms = useAsked<Page<RecordForm>>(FORMS, { params: { path: { type: schema.id, id: row.id } } });
  if (forms.isPending) return <Skeleton rows={6} />;
  if (forms.isError) return <ErrorState error={forms.error} retry={() => void forms.refetch()} />;
  if (forms.data.items.length === 0) return <EmptyState title={t('none')} hint={t('none_hint')} />;
  return (
    <div className="stack">
      {forms.data.items.map((form) => (
        <div key={form.form_type} className="stack">
          <Head schema={schema} row={row} form={form} />
          {form.published_at && <Links schema={schema} row={row} form={form} />}
          <FormResults type={schema.id} id={row.id} form={form} />
        </div>
      ))}
    </div>
  );
}
