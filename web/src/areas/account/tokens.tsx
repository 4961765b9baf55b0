import { KeyOutlined } from '@ant-design/icons';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import { Copy } from '@/parts/copy';
import { useNotice } from '@/parts/notice';
import { ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { useSession } from '@/session/session';

/** A token that is not renewed within a quarter is better made anew. */
const DAYS_DEFAULT = 90;
const DAYS_MAX = 366;

interface Values {
  name: string;
  scopes: string[];
  days: number;
}

function NewToken({ onMade, onLeave }: { onMade: (secret: string) => void; onLeave: () => void }) {
  const { t } = useTranslation('account');
  const { session } = useSession();
  const make = api.useMutation('post', '/api/v1/identity/tokens', {
    onSuccess: async (made) => {
      onMade(made.secret);
      await refresh('/api/v1/identity/tokens');
    },
  });
  return (
    <Form<Values> name="token" layout="vertical" requiredMark={false} initialValues={{ days: DAYS_DEFAULT }} onFinish={(body) => make.mutate({ body })}>
      <Form.Item name="name" label={t('token.name')} rules={[{ required: true, whitespace: true, message: t('token.name_needed') }]}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="scopes" label={t('token.scopes')} extra={t('token.scopes_hint')} rules={[{ required: true, message: t('token.scopes_needed') }]}>
        <Select mode="multiple" options={session?.permissions.map((value) => ({ value, label: value })) ?? []} />
      </Form.Item>
      <Form.Item name="days" label={t('token.days')}>
        <InputNumber min={1} max={DAYS_MAX} />
      </Form.Item>
      <div className="stack">
        <ProblemNote error={make.error} />
        <div className="row">
          <Button type="primary" htmlType="submit" loading={make.isPending}>
            {t('token.make')}
          </Button>
          <Button onClick={onLeave}>{t('common:cancel')}</Button>
        </div>
      </div>
    </Form>
  );
}

/** Programs that act for me: what each may do and until when. */
export function Tokens() {
  const { t } = useTranslation('account');
  const { done, failed } = useNotice();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const tokens = api.useQuery('get', '/api/v1/identity/tokens');
  const revoke = api.useMutation('delete', '/api/v1/identity/tokens/{id}', {
    onSuccess: async () => {
      done(t('token.revoked'));
      await refresh('/api/v1/identity/tokens');
    },
    onError: failed,
  });
  const made = (shown: string) => {
    setSecret(shown);
    setMaking(false);
  };
  return (
    <section className="card stack" aria-labelledby="tokens">
      <div className="row">
        <h2 id="tokens" className="grow">
          {t('token.title')}
        </h2>
        {!making && (
          <Button size="small" onClick={() => setMaking(true)}>
            {t('token.new')}
          </Button>
        )}
      </div>
      {secret && (
        <div className="recovery secret" role="status">
          <p>{t('token.secret')}</p>
          <code className="anywhere">{secret}</code>
          <div className="row">
            <Copy text={secret} />
            <Button size="small" onClick={() => setSecret(undefined)}>
              {t('token.kept')}
            </Button>
          </div>
        </div>
      )}
      {making && <NewToken onMade={made} onLeave={() => setMaking(false)} />}
      {tokens.data?.items.length ? (
        <ul className="devices">
          {tokens.data.items.map((token) => (
            <li key={token.id}>
              <KeyOutlined aria-hidden="true" />
              <div className="grow">
                <span className="strong">{token.name}</span> <code className="quiet">{token.hint}…</code>
                <div className="small quiet">
                  {t('token.until')} <DateTime at={token.expires_at} short /> · {t('token.scope_count', { count: token.scopes.length })} · {t('last_seen')}{' '}
                  <DateTime at={token.last_used_at} relative />
                </div>
              </div>
              <Button size="small" aria-label={`${t('token.revoke')}${t('common:colon')}${token.name}`} onClick={() => revoke.mutate({ params: { path: { id: token.id } } })}>
                {t('token.revoke')}
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        !making && <p className="quiet">{t('token.none')}</p>
      )}
    </section>
  );
}
