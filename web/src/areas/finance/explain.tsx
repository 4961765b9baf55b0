import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { FormDrawer } from '@/parts/form-drawer';

export interface Explained {
  cause: string;
  measure: string;
}

interface ExplainProps {
  title: string;
  open: boolean;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onGive: (words: Explained) => void;
}

/** Asks why something deviates and what is done about it. */
export function Explain({ title, open, busy, error, onClose, onGive }: ExplainProps) {
  const { t } = useTranslation('finance');
  const rules = [{ required: true, whitespace: true, message: t('needed') }];
  return (
    <FormDrawer<Explained> title={title} open={open} onClose={onClose} onFinish={onGive} act={t('common:save')} busy={busy} error={error}>
      <Form.Item name="cause" label={t('cause')} rules={rules}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
      <Form.Item name="measure" label={t('measure')} rules={rules}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}
