import { Button, Drawer, Form, type FormInstance } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from './states';

interface FormDrawerProps<Values> {
  title: string;
  open: boolean;
  onClose: () => void;
  onFinish: (values: Values) => void;
  /** What the button says. */
  act: string;
  busy: boolean;
  error: unknown;
  initial?: Partial<Values>;
  hint?: string;
  form?: FormInstance<Values>;
  /** What is done cannot be taken back. */
  danger?: boolean;
  children: ReactNode;
}

/** A short form beside the page it belongs to. */
export function FormDrawer<Values extends object>({ title, open, onClose, onFinish, act, busy, error, initial, hint, form, danger = false, children }: FormDrawerProps<Values>) {
  const { t } = useTranslation();
  return (
    <Drawer open={open} onClose={onClose} title={title} size={440} destroyOnHidden>
      <Form<Values> {...(form ? { form } : {})} layout="vertical" requiredMark={false} initialValues={initial ?? {}} onFinish={onFinish}>
        {hint && <p className="quiet form-hint">{hint}</p>}
        {children}
        <div className="stack">
          <ProblemNote error={error} />
          <div className="row">
            <Button type="primary" danger={danger} htmlType="submit" loading={busy}>
              {act}
            </Button>
            <Button onClick={onClose}>{t('cancel')}</Button>
          </div>
        </div>
      </Form>
    </Drawer>
  );
}
