import { Button, Form, Input, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { queries, SESSION_KEY } from '@/api/query';
import { ProblemNote } from '@/parts/states';
import { Skeleton } from '@/parts/skeleton';
import { useEnter } from '@/session/enter';
import { screenUnlocked } from '@/session/lock';
import { Door } from './door';

type Way = 'password' | 'code';

/** Leaves the locked session where it is; whoever signs in begins another one. */
function leave(): void {
  screenUnlocked();
  void queries.resetQueries({ queryKey: SESSION_KEY });
}

/** The screen is locked: nothing of the page stands behind this. Whoever proves to be its owner goes on where they were. */
export function Locked({ name, byCode, byClick }: { name: string; byCode: boolean; byClick: boolean }) {
  const { t } = useTranslation('login');
  const enter = useEnter();
  const [way, setWay] = useState<Way>('password');
  const unlock = api.useMutation('post', '/api/v1/identity/session/unlock', {
    onSuccess: (session) => {
      enter(session);
      screenUnlocked();
    },
  });
  return (
    <Door title={t('locked')} hint={t('locked_hint', { name })}>
      <Form<Partial<Record<Way, string>>> layout="vertical" requiredMark={false} onFinish={(values) => unlock.mutate({ body: byClick ? {} : { [way]: values[way]?.trim() } })}>
        {byCode && !byClick && (
          <Form.Item>
            <Segmented<Way>
              block
              value={way}
              onChange={setWay}
              options={[
                { value: 'password', label: t('password') },
                { value: 'code', label: t('code') },
              ]}
            />
          </Form.Item>
        )}
        {!byClick && way === 'password' && (
          <Form.Item name="password" label={t('password')} rules={[{ required: true, message: t('password_needed') }]}>
            {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the page consists of this field */}
            <Input.Password autoFocus autoComplete="current-password" />
          </Form.Item>
        )}
        {!byClick && way === 'code' && (
          <Form.Item name="code" label={t('code')} rules={[{ required: true, message: t('code_needed') }]}>
            <Input autoComplete="one-time-code" inputMode="numeric" />
          </Form.Item>
        )}
        {Boolean(unlock.error) && (
          <Form.Item>
            <ProblemNote error={unlock.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" block loading={unlock.isPending}>
          {t('unlock')}
        </Button>
        <div className="door-foot">
          <Link to="/login" onClick={leave}>
            {t('somebody_else')}
          </Link>
        </div>
      </Form>
    </Door>
  );
}

/** Where nobody is signed in, the session of this browser may be locked; only the server knows. */
export function LockedOr({ children }: { children: ReactNode }) {
  const lock = api.useQuery('get', '/api/v1/identity/session/lock', {}, { staleTime: 0, gcTime: 0 });
  if (lock.isPending) return <Skeleton shape="record" />;
  if (!lock.data?.locked) return children;
  return <Locked name={lock.data.name ?? ''} byCode={lock.data.by_code} byClick={lock.data.by_click} />;
}
