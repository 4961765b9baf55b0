import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '@/parts/states';

interface CodeProps {
  busy: boolean;
  error: unknown;
  onCode: (code: string) => void;
  onBack: () => void;
}

/** The second step of signing in: a code from the phone, or one of the recovery codes. */
export function Code({ busy, error, onCode, onBack }: CodeProps) {
  const { t } = useTranslation('login');
  return (
    <Form<{ code: string }> layout="vertical" requiredMark={false} onFinish={({ code }) => onCode(code.trim())}>
      <p className="quiet" style={{ marginBottom: 12 }}>
        {t('code_hint')}
      </p>
      <Form.Item name="code" label={t('code')} rules={[{ required: true, message: t('code_needed') }]}>
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the step consists of this field */}
        <Input autoFocus autoComplete="one-time-code" inputMode="numeric" />
      </Form.Item>
      {Boolean(error) && (
        <Form.Item>
          <ProblemNote error={error} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block loading={busy}>
        {t('confirm')}
      </Button>
      <div className="door-foot">
        <Button type="link" size="small" style={{ padding: 0 }} onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </Form>
  );
}
