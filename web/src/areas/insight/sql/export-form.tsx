import { Form, Input, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ResultFormat } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useExport } from './calls';
import { FORMATS, type Values } from './contract';

/** The bounds that the server keeps. */
const LENGTH = { min: 5, max: 500 };

interface ExportFormProps {
  open: boolean;
  onClose: () => void;
  /** What the file is called. */
  name: string;
  sql: string;
  values: Values;
}

/** Takes an answer along as a file; what for stands in the audit log. */
export function ExportForm({ open, onClose, name, sql, values }: ExportFormProps) {
  const { t } = useTranslation('sql');
  const { done } = useNotice();
  const take = useExport(name);
  const finish = ({ format, reason }: { format: ResultFormat; reason: string }) =>
    take.mutate(
      { sql, values, format, reason: reason.trim() },
      {
        onSuccess: () => {
          done(t('exported'));
          onClose();
        },
      },
    );
  return (
    <FormDrawer<{ format: ResultFormat; reason: string }> title={t('export')} hint={t('export_hint')} open={open} onClose={onClose} onFinish={finish} act={t('export_act')} busy={take.isPending} error={take.error} initial={{ format: 'xlsx' }}>
      <Form.Item name="format" label={t('format')}>
        <Radio.Group options={FORMATS.map((value) => ({ value, label: t(`formats.${value}`) }))} />
      </Form.Item>
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, min: LENGTH.min, message: t('reason_needed', LENGTH) }]}>
        <Input.TextArea rows={3} maxLength={LENGTH.max} placeholder={t('reason_example')} />
      </Form.Item>
    </FormDrawer>
  );
}
