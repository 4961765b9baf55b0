import { Form, type FormInstance, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { type ActPath, type BodyOf, useAct } from './calls';
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

interface ActDrawerProps<P extends ActPath, Values> {
  /** The act's address; an address that ends with the row itself changes it. */
  path: P;
  row: Versioned;
  open: boolean;
  onClose: () => void;
  title: string;
  hint?: string;
  /** What the button says. */
  button: string;
  /** What is said once it is done. */
  done: string;
  initial?: NoInfer<Partial<Values>>;
  form?: FormInstance<Values>;
  danger?: boolean;
  /** What the form says, as the server takes it, where those differ. */
  bodyOf?: (values: Values) => BodyOf<P>;
  children?: ReactNode;
}

/** A short form that does one thing with a row. */
export function ActDrawer<P extends ActPath, Values extends object = BodyOf<P> & object>({ path, row, open, onClose, hint, button, done: said, bodyOf, ...form }: ActDrawerProps<P, Values>) {
  const { done } = useNotice();
  const doing = useAct(path);
  const close = () => {
    doing.reset();
    onClose();
  };
  const send = (values: Values) =>
    doing.mutate(
      { row, body: bodyOf ? bodyOf(values) : (values as unknown as BodyOf<P>) },
      {
        onSuccess: () => {
          done(said);
          onClose();
        },
      },
    );
  return (
    <FormDrawer<Values> {...form} {...(hint ? { hint } : {})} open={open} onClose={close} onFinish={send} act={button} busy={doing.isPending} error={doing.error}>
      {form.children}
    </FormDrawer>
  );
}
