import { Form, type FormInstance, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useAct } from './calls';
import type { Versioned } from './contract';

/** The bounds that the server keeps. */
const LENGTH = { min: 5, max: 500 };

/** Why something is done; whoever reads the log wants to know. */
export function ReasonField({ label, name = 'reason' }: { label?: string; name?: string }) {
  const { t } = useTranslation('privacy');
  return (
    <Form.Item name={name} label={label ?? t('reason')} rules={[{ required: true, whitespace: true, min: LENGTH.min, message: t('reason_needed', { min: LENGTH.min }) }]}>
      <Input.TextArea rows={3} maxLength={LENGTH.max} />
    </Form.Item>
  );
}

interface ActDrawerProps<Values, Row> {
  /** Below this address stands the row, and the act below it; none: the row itself changes. */
  path: string;
  act: string;
  row: Versioned;
  open: boolean;
  onClose: () => void;
  title: string;
  hint?: string;
  /** What the button says. */
  button: string;
  /** What is said once it is done. */
  done: string;
  initial?: Partial<Values>;
  form?: FormInstance<Values>;
  danger?: boolean;
  bodyOf?: (values: Values) => object;
  onDone?: (row: Row) => void;
  children?: ReactNode;
}

/** A short form that does one thing with a row. */
export function ActDrawer<Values extends object, Row = unknown>({ path, act, row, open, onClose, hint, button, done: said, bodyOf, onDone, ...form }: ActDrawerProps<Values, Row>) {
  const { done } = useNotice();
  const doing = useAct<object, Row>(path, act);
  const close = () => {
    doing.reset();
    onClose();
  };
  const send = (values: Values) =>
    doing.mutate(
      { row, body: bodyOf ? bodyOf(values) : values },
      {
        onSuccess: (after) => {
          done(said);
          onClose();
          onDone?.(after);
        },
      },
    );
  return (
    <FormDrawer<Values> {...form} {...(hint ? { hint } : {})} open={open} onClose={close} onFinish={send} act={button} busy={doing.isPending} error={doing.error}>
      {form.children}
    </FormDrawer>
  );
}
