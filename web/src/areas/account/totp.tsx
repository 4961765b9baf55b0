import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { TotpSetup as Secret } from '@/api/schema';
import { refresh } from '@/api/query';
import { Copy } from '@/parts/copy';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { Qr } from '@/parts/qr';
import { ProblemNote } from '@/parts/states';

function RecoveryCodes({ codes, onSeen }: { codes: string[]; onSeen: () => void }) {
  const { t } = useTranslation('account');
  return (
    <div className="stack">
      <p>{t('totp.codes_hint')}</p>
      <ul className="recovery">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="row">
        <Copy text={codes.join('\n')} />
        <Button type="primary" size="small" onClick={onSeen}>
          {t('totp.codes_kept')}
        </Button>
      </div>
    </div>
  );
}

function Setup({ secret, onDone, onLeave }: { secret: Secret; onDone: (codes: string[]) => void; onLeave: () => void }) {
  const { t } = useTranslation('account');
  const confirm = api.useMutation('put', '/api/v1/identity/me/totp', { onSuccess: (answer) => onDone(answer.recovery_codes) });
  return (
    <div className="stack">
      <p>{t('totp.scan')}</p>
      <Qr text={secret.uri} label={t('totp.qr')} className="qr" />
      <p className="small quiet anywhere">
        {t('totp.by_hand')} <code>{secret.secret}</code>
      </p>
      <Form<{ code: string }> name="totp" layout="vertical" requiredMark={false} onFinish={({ code }) => confirm.mutate({ body: { code: code.trim() } })}>
        <Form.Item name="code" label={t('totp.code')} rules={[{ required: true, message: t('totp.code_needed') }]}>
          <Input inputMode="numeric" autoComplete="one-time-code" />
        </Form.Item>
        <div className="stack">
          <ProblemNote error={confirm.error} />
          <div className="row">
            <Button type="primary" htmlType="submit" loading={confirm.isPending}>
              {t('totp.confirm')}
            </Button>
            <Button onClick={onLeave}>{t('common:cancel')}</Button>
          </div>
        </div>
      </Form>
    </div>
  );
}

function TurnOff({ onDone, onLeave }: { onDone: () => void; onLeave: () => void }) {
  const { t } = useTranslation('account');
  const off = api.useMutation('post', '/api/v1/identity/me/totp/disable', { onSuccess: onDone });
  return (
    <Form<{ password: string }> name="totp-off" layout="vertical" requiredMark={false} onFinish={(body) => off.mutate({ body })}>
      <Form.Item name="password" label={t('password_now')} rules={[{ required: true, message: t('password_now_needed') }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <div className="stack">
        <ProblemNote error={off.error} />
        <div className="row">
          <Button danger htmlType="submit" loading={off.isPending}>
            {t('totp.off')}
          </Button>
          <Button onClick={onLeave}>{t('common:cancel')}</Button>
        </div>
      </div>
    </Form>
  );
}

/** The second step of signing in: set up with a QR code, confirmed with a first code. */
export function Totp({ enabled }: { enabled: boolean }) {
  const { t } = useTranslation('account');
  const { done, failed } = useNotice();
  const [secret, setSecret] = useState<Secret>();
  const [codes, setCodes] = useState<string[]>();
  const [leaving, setLeaving] = useState(false);
  const begin = api.useMutation('post', '/api/v1/identity/me/totp', { onSuccess: setSecret, onError: failed });
  const finish = (text: string) => {
    setSecret(undefined);
    setCodes(undefined);
    setLeaving(false);
    done(text);
    void refresh('/api/v1/identity/session');
  };
  return (
    <section className="card stack" aria-labelledby="totp">
      <div className="row">
        <h2 id="totp" className="grow">
          {t('totp.title')}
        </h2>
        <StatePill tone={enabled ? 'good' : 'warn'}>{t(enabled ? 'totp.is_on' : 'totp.is_off')}</StatePill>
      </div>
      {codes ? (
        <RecoveryCodes codes={codes} onSeen={() => finish(t('totp.turned_on'))} />
      ) : secret ? (
        <Setup secret={secret} onDone={setCodes} onLeave={() => setSecret(undefined)} />
      ) : leaving ? (
        <TurnOff onDone={() => finish(t('totp.turned_off'))} onLeave={() => setLeaving(false)} />
      ) : (
        <>
          <p className="quiet">{t('totp.hint')}</p>
          <div>
            {enabled ? (
              <Button onClick={() => setLeaving(true)}>{t('totp.off')}</Button>
            ) : (
              <Button type="primary" loading={begin.isPending} onClick={() => begin.mutate({})}>
                {t('totp.begin')}
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}
