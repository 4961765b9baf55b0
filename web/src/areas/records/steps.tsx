import { DownOutlined } from '@ant-design/icons';
import { Button, Dropdown, Form, Input } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { refresh } from '@/api/query';
import { Act } from '@/parts/act';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { RECORDS, useTake } from './api';
import { FormFields, useBlame } from './form-fields';
import { likely } from './moves';
import type { Field, RecordAction, RecordSchema, Row, Values } from './types';
import { tidy } from './values';

/** Steps that stand as buttons; the rest is one click further. */
const BUTTONS_MAX = 3;
const REASON = 'reason';

/** The inputs that a step asks for; what the type does not know is kept in the history as text. */
function useAskedFields(schema: RecordSchema, action: RecordAction | undefined): Field[] {
  const { t, i18n } = useTranslation('records');
  return useMemo(
    () =>
      (action?.fields ?? [])
        .filter((key) => key !== REASON)
        .map((key) => {
          const title = i18n.exists(`records:fact.${key}`) ? t(`fact.${key}`) : key;
          return schema.fields.find((field) => field.key === key) ?? { key, kind: 'rich_text', title };
        }),
    [schema, action, t, i18n],
  );
}

interface StepDrawerProps {
  schema: RecordSchema;
  row: Pick<Row, 'id' | 'version' | 'title' | 'values' | 'names'>;
  /** The step that is about to be taken; none: the drawer is closed. */
  action: RecordAction | undefined;
  onClose: () => void;
}

/** Asks for what a step needs, and takes it. */
export function StepDrawer({ schema, row, action, onClose }: StepDrawerProps) {
  const { t } = useTranslation('records');
  const { done } = useNotice();
  const [form] = Form.useForm<Values>();
  const take = useTake(schema.id);
  const fields = useAskedFields(schema, action);
  const rest = useBlame(form, fields, take.error);
  const stale = take.error && asProblem(take.error).stale;
  const reasoned = action?.fields.includes(REASON) ?? false;
  const close = () => {
    take.reset();
    onClose();
  };
  const send = ({ [REASON]: reason, ...values }: Values) => {
    if (!action) return;
    take.mutate(
      { row, action: action.action, values: tidy(values, fields), reason: String(reason ?? '').trim() },
      {
        onSuccess: () => {
          done(t(action.approval ? 'asked_for' : 'taken', { action: action.title, title: row.title }));
          close();
        },
        onError: (error) => asProblem(error).stale && void refresh(RECORDS),
      },
    );
  };
  return (
    <FormDrawer<Values>
      title={action?.title ?? ''}
      open={action !== undefined}
      onClose={close}
      act={action?.title ?? ''}
      busy={take.isPending}
      error={stale ? take.error : rest}
      form={form}
      initial={Object.fromEntries(fields.map((field) => [field.key, row.values[field.key]]))}
      hint={t(action?.approval ? 'step_approval' : 'step_hint', { title: row.title })}
      onFinish={send}
    >
      <FormFields fields={fields} type={schema.id} names={row.names} needed />
      <Form.Item name={REASON} label={t(reasoned ? 'reason' : 'reason_optional')} rules={reasoned ? [{ required: true, whitespace: true, message: t('reason_needed') }] : []}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

interface StepsProps {
  actions: RecordAction[];
  /** Begins a step: takes it, or asks for what it needs. */
  onStep: (action: RecordAction) => void;
  busy: boolean;
  /** On a card. */
  small?: boolean;
  /** What the steps are about, where several things stand on the page. */
  of?: string;
}

/** What can be done with a record now: the likely step first; refused ones say why. */
export function Steps({ actions, onStep, busy, small, of }: StepsProps) {
  const { t } = useTranslation('records');
  const first = likely(actions);
  const size = small ? 'small' : 'middle';
  const named = (title: string) => (of ? { 'aria-label': `${title}${t('common:colon')}${of}` } : {});
  const sorted = [...(first ? [first] : []), ...actions.filter((one) => one !== first)];
  const [buttons, others] = sorted.length > BUTTONS_MAX ? [sorted.slice(0, BUTTONS_MAX - 1), sorted.slice(BUTTONS_MAX - 1)] : [sorted, []];
  return (
    <>
      {buttons.map((action) => (
        <Act key={action.action} size={size} {...named(action.title)} type={action === first ? 'primary' : 'default'} loading={busy && action === first} why={action.allowed ? undefined : (action.reason ?? t('not_now'))} onClick={() => onStep(action)}>
          {action.title}
        </Act>
      ))}
      {others.length > 0 && (
        <Dropdown trigger={['click']} menu={{ items: others.map((action) => ({ key: action.action, label: <StepItem action={action} />, onClick: () => action.allowed && onStep(action) })) }}>
          <Button size={size} {...named(t('more_steps'))}>
            {t('more_steps')} <DownOutlined aria-hidden="true" />
          </Button>
        </Dropdown>
      )}
    </>
  );
}

/** A step in a menu; one that is refused stays readable and says why. */
export function StepItem({ action }: { action: RecordAction }) {
  const { t } = useTranslation('records');
  if (action.allowed) return <span>{action.title}</span>;
  return (
    <span className="step-refused" aria-disabled="true">
      <span className="quiet">{action.title}</span>
      <span className="small quiet">{action.reason ?? t('not_now')}</span>
    </span>
  );
}
