import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { FormDrawer } from '@/parts/form-drawer';

interface BecauseProps {
  title: string;
  hint?: string;
  open: boolean;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onGive: (reason: string) => void;
}

/** Asks for the reason of a decision. */
export function Because({ title, hint, open, busy, error, onClose, onGive }: BecauseProps) {
  const { t } = useTranslation('operations');
  return (
    <FormDrawer<{ reason: string }> title={title} open={open} onClose={onClose} onFinish={({ reason }) => onGive(reason.trim())} act={title} busy={busy} error={error} {...(hint ? { hint } : {})}>
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, min: 2, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}
