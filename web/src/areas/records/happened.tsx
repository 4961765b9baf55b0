import { PaperClipOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Person } from '@/parts/avatar';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState, ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { fileAddress, useHistory, useRemark, useRemarks } from './api';
import { isLong, useFields } from './fields';
import { FileField } from './file-field';
import type { Detail, HistoryRow, RecordSchema, RemarkRow, StoredFile } from './types';
import { useShow } from './value';

interface Said {
  text?: string;
  files: StoredFile[];
}

/** Files that a comment takes at most. */
const FILES_MAX = 10;

function Files({ value = [], onChange }: { value?: StoredFile[]; onChange?: (files: StoredFile[]) => void }) {
  const { t } = useTranslation('records');
  return <FileField label={t('remark_files')} most={FILES_MAX} value={value} onChange={onChange ?? (() => undefined)} />;
}

function Write({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const { t } = useTranslation('records');
  const { done } = useNotice();
  const [form] = Form.useForm<Said>();
  const [withFiles, setWithFiles] = useState(false);
  const remark = useRemark(schema.id, row.id);
  const send = ({ text = '', files }: Said) =>
    remark.mutate(
      { text: text.trim(), files: files ?? [] },
      {
        onSuccess: () => {
          form.resetFields();
          setWithFiles(false);
          done(t('remarked'));
        },
      },
    );
  const written = ({ getFieldValue }: { getFieldValue: (name: string) => unknown }) => ({
    validator: (_: unknown, text?: string) => (text?.trim() || (getFieldValue('files') as StoredFile[] | undefined)?.length ? Promise.resolve() : Promise.reject(new Error(t('remark_needed')))),
  });
  return (
    <Form<Said> form={form} layout="vertical" requiredMark={false} initialValues={{ files: [] }} onFinish={send} className="card stack-tight">
      <Form.Item name="text" label={t('remark')} rules={[written]} style={{ marginBottom: 8 }}>
        <Input.TextArea rows={2} maxLength={5_000} />
      </Form.Item>
      <Form.Item name="files" hidden={!withFiles} style={{ marginBottom: 8 }}>
        <Files />
      </Form.Item>
      <ProblemNote error={remark.error} />
      <div className="row">
        <Button htmlType="submit" loading={remark.isPending}>
          {t('remark_send')}
        </Button>
        {row.guests_count > 0 && <span className="quiet small">{t('guest.they_read')}</span>}
        {!withFiles && (
          <Button type="text" icon={<PaperClipOutlined aria-hidden="true" />} onClick={() => setWithFiles(true)}>
            {t('remark_add_files')}
          </Button>
        )}
      </div>
    </Form>
  );
}

/** What changed in one step: old value, new value; long ones only say that they changed. */
function Changes({ schema, row, entry }: { schema: RecordSchema; row: Detail; entry: HistoryRow }) {
  const { t } = useTranslation('records');
  const show = useShow();
  const fields = useFields(schema);
  const pairs = Object.entries(entry.changes ?? {}).flatMap(([key, pair]) => {
    const field = fields.find((one) => one.key === key);
    return field ? [{ field, before: pair[0], after: pair[1] }] : [];
  });
  // What a record began with stands on its page.
  if (pairs.length === 0 || entry.action === 'create') return null;
  return (
    <dl className="facts small">
      {pairs.map(({ field, before, after }) => (
        <div key={field.key} className="change-line">
          <dt className="quiet">{field.title}</dt>
          <dd>
            {isLong(field) ? (
              t('was_changed')
            ) : (
              <>
                <del className="quiet">{show(field, before, row)}</del> → {show(field, after, row)}
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Entry({ schema, row, entry }: { schema: RecordSchema; row: Detail; entry: HistoryRow }) {
  const { t, i18n } = useTranslation('records');
  const state = (id: string | null | undefined) => schema.states.find((one) => one.id === id)?.title ?? id;
  const known = i18n.exists(`records:did.${entry.action}`) ? t(`did.${entry.action}`) : entry.action;
  return (
    <li className="stack-tight">
      <div className="row">
        <Person name={entry.actor_name ?? t('by_system')} />
        <span className="strong">{entry.action_title || known}</span>
        {entry.to_state && entry.to_state !== entry.from_state && (
          <span className="quiet">
            {entry.from_state && `${state(entry.from_state)} → `}
            {state(entry.to_state)}
          </span>
        )}
        <span className="quiet small">
          <DateTime at={entry.at} time />
        </span>
      </div>
      {entry.reason && <p className="quiet anywhere">{entry.reason}</p>}
      <Changes schema={schema} row={row} entry={entry} />
    </li>
  );
}

function Remark({ schema, row, remark }: { schema: RecordSchema; row: Detail; remark: RemarkRow }) {
  const { t } = useTranslation('records');
  return (
    <li className="stack-tight">
      <div className="row">
        <Person name={remark.author_name ?? t('by_system')} />
        <Label tone="info">{t('remark_label')}</Label>
        {remark.by_mail && <Label>{t('remark_by_mail')}</Label>}
        <span className="quiet small">
          <DateTime at={remark.created_at} time />
        </span>
      </div>
      {remark.body && <p className="remark-text anywhere">{remark.body}</p>}
      {remark.files.length > 0 && (
        <ul className="record-files">
          {remark.files.map((file) => (
            <li key={file.id} className="row">
              <PaperClipOutlined aria-hidden="true" />
              <a href={fileAddress(schema.id, row.id, file)} className="anywhere">
                {file.name}
              </a>
            </li>
          ))}
        </ul>
      )}
      {remark.left_out.length > 0 && <p className="quiet small anywhere">{t('remark_left_out', { names: remark.left_out.join(t('names_between')) })}</p>}
    </li>
  );
}

/** What was said about a record, latest first. */
export function Comments({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const { t } = useTranslation('records');
  const remarks = useRemarks(schema.id, row.id);
  if (remarks.isPending) return <Skeleton rows={4} />;
  if (remarks.isError) return <ErrorState error={remarks.error} retry={() => void remarks.refetch()} />;
  const latest = [...remarks.data.items].reverse();
  return (
    <div className="stack">
      <Write schema={schema} row={row} />
      {latest.length > 0 && (
        <section className="card" aria-label={t('guest.comments')}>
          <ul className="plain-list">
            {latest.map((remark) => (
              <Remark key={remark.id} schema={schema} row={row} remark={remark} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Everything that happened to a record and what was said about it, latest first. */
export function Happened({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const { t } = useTranslation('records');
  const history = useHistory(schema.id, row.id);
  const remarks = useRemarks(schema.id, row.id);
  if (history.isPending || remarks.isPending) return <Skeleton rows={6} />;
  const failed = [history, remarks].find((one) => one.isError);
  if (failed) return <ErrorState error={failed.error} retry={() => void failed.refetch()} />;
  const lines = [
    ...(history.data?.items ?? []).map((entry, i) => ({ at: entry.at, key: `h${i}`, line: <Entry key={`h${i}`} schema={schema} row={row} entry={entry} /> })),
    ...(remarks.data?.items ?? []).map((remark) => ({ at: remark.created_at, key: remark.id, line: <Remark key={remark.id} schema={schema} row={row} remark={remark} /> })),
  ].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <div className="stack">
      <Write schema={schema} row={row} />
      <section className="card" aria-label={t('tab.timeline')}>
        <ul className="plain-list">{lines.map((one) => one.line)}</ul>
      </section>
    </div>
  );
}
