import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Person } from '@/parts/avatar';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState, ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { useHistory, useRemark, useRemarks } from './api';
import { isLong, useFields } from './fields';
import type { Detail, HistoryRow, RecordSchema, RemarkRow } from './types';
import { useShow } from './value';

function Write({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const { t } = useTranslation('records');
  const { done } = useNotice();
  const [form] = Form.useForm<{ text: string }>();
  const remark = useRemark(schema.id, row.id);
  const send = ({ text }: { text: string }) =>
    remark.mutate(text.trim(), {
      onSuccess: () => {
        form.resetFields();
        done(t('remarked'));
      },
    });
  return (
    <Form<{ text: string }> form={form} layout="vertical" requiredMark={false} onFinish={send} className="card stack-tight">
      <Form.Item name="text" label={t('remark')} rules={[{ required: true, whitespace: true, message: t('remark_needed') }]} style={{ marginBottom: 8 }}>
        <Input.TextArea rows={2} maxLength={2_000} />
      </Form.Item>
      <ProblemNote error={remark.error} />
      <div className="row">
        <Button htmlType="submit" loading={remark.isPending}>
          {t('remark_send')}
        </Button>
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

function Remark({ remark }: { remark: RemarkRow }) {
  const { t } = useTranslation('records');
  return (
    <li className="stack-tight">
      <div className="row">
        <Person name={remark.author_name ?? t('by_system')} />
        <Label tone="info">{t('remark_label')}</Label>
        <span className="quiet small">
          <DateTime at={remark.created_at} time />
        </span>
      </div>
      <p className="remark-text anywhere">{remark.body}</p>
    </li>
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
    ...(remarks.data?.items ?? []).map((remark) => ({ at: remark.created_at, key: remark.id, line: <Remark key={remark.id} remark={remark} /> })),
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
