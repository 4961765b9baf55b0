import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

/** The shortest password that the server takes. */
export const PASSWORD_MIN = 10;

/** A new password, typed twice. */
export function PasswordFields() {
  const { t } = useTranslation('login');
  return (
    <>
      <Form.Item
        name="password"
        label={t('new_password')}
        extra={t('password_rule', { count: PASSWORD_MIN })}
        rules={[{ required: true, min: PASSWORD_MIN, message: t('password_rule', { count: PASSWORD_MIN }) }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('again')}
        dependencies={['password']}
        rules={[
          { required: true, message: t('again_needed') },
          ({ getFieldValue }) => ({
            validator: (_, value) => (!value || value === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('again_differs')))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
