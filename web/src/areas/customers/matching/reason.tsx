import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

/** The bounds that the server keeps. */
const LENGTH = { min: 5, max: 500 };

/** Why two people are one, or are not; whoever reads the log wants to know. */
export function ReasonField() {
  const { t } = useTranslation('matching');
  return (
    <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, min: LENGTH.min, message: t('reason_needed', { min: LENGTH.min }) }]}>
      <Input.TextArea rows={3} maxLength={LENGTH.max} />
    </Form.Item>
  );
}
