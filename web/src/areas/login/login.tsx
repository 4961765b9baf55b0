import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { api } from '@/api/client';
import type { SessionView } from '@/api/schema';
import { asProblem } from '@/api/problem';
import { useLocal } from '@/i18n/use-local';
import { Avatar } from '@/parts/avatar';
import { ProblemNote } from '@/parts/states';
import { useSession } from '@/session/session';
import { useEnter } from '@/session/enter';
import { Door } from './door';
import { Code } from './code';

/** The server's word for "the password is right, now the code". */
const CODE_WANTED = 'identity.session.totp_required';

interface Credentials {
  email: string;
  password: string;
}

/** Only a path of ours is followed after signing in, never another site's. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/';
}

function SignIn({ onIn }: { onIn: (session: SessionView) => void }) {
  const { t } = useTranslation('login');
  const [credentials, setCredentials] = useState<Credentials>();
  const signIn = api.useMutation('post', '/api/v1/identity/session', { onSuccess: onIn });
  const failure: unknown = signIn.error;
  const wanted = failure ? asProblem(failure).code === CODE_WANTED : false;
  const [step, setStep] = useState<'password' | 'code'>('password');
  if (wanted && step === 'password') setStep('code');

  if (step === 'code' && credentials) {
    return (
      <Code
        busy={signIn.isPending}
        error={wanted ? undefined : failure}
        onCode={(totp) => signIn.mutate({ body: { ...credentials, totp } })}
        onBack={() => {
          signIn.reset();
          setStep('password');
        }}
      />
    );
  }
  return (
    <Form<Credentials>
      layout="vertical"
      requiredMark={false}
      initialValues={credentials ?? {}}
      onFinish={(values) => {
        setCredentials(values);
        signIn.mutate({ body: values });
      }}
    >
      <Form.Item name="email" label={t('email')} rules={[{ required: true, message: t('email_needed') }]}>
        <Input type="email" autoComplete="username" inputMode="email" />
      </Form.Item>
      <Form.Item name="password" label={t('password')} rules={[{ required: true, message: t('password_needed') }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {Boolean(failure) && !wanted && (
        <Form.Item>
          <ProblemNote error={failure} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
        {t('sign_in')}
      </Button>
      <div className="door-foot">
        <Link to="/reset">{t('forgotten')}</Link>
      </div>
    </Form>
  );
}

function SampleUsers({ onIn }: { onIn: (session: SessionView) => void }) {
  const { t } = useTranslation('login');
  const users = api.useQuery('get', '/api/v1/identity/sample-users', {}, { retry: false });
  const local = useLocal();
  const enter = api.useMutation('post', '/api/v1/identity/sample-session', { onSuccess: onIn });
  if (!users.data?.items.length) return null;
  return (
    <section className="card" aria-labelledby="sample-title">
      <h2 id="sample-title">{t('sample_title')}</h2>
      <p className="quiet small">{t('sample_hint')}</p>
      <ul className="sample-users">
        {users.data.items.map((user) => (
          <li key={user.id}>
            <button type="button" className="plain-button sample-user" disabled={enter.isPending} onClick={() => enter.mutate({ body: { user_id: user.id } })}>
              <Avatar name={user.name} size={32} />
              <span>
                <span className="strong">{user.name}</span>
                <small>
                  {local(user.department_name)} · {local(user.position_name)}
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <ProblemNote error={enter.error} />
    </section>
  );
}

/** Sign in: by password and code, or with one click where the sample company is shown. */
export function Login() {
  const { t } = useTranslation('login');
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const enter = useEnter();
  const { session } = useSession();
  const sample = api.useQuery('get', '/api/v1/identity/sample-users', {}, { retry: false });
  const next = safeNext(params.get('next'));
  const onIn = (opened: SessionView) => {
    enter(opened);
    void navigate(next, { replace: true });
  };
  if (session && !params.has('switch')) return <Navigate to={next} replace />;
  const withSample = Boolean(sample.data?.items.length);
  return (
    <Door title={t('title')} hint={t('hint')} wide={withSample}>
      <div className={withSample ? 'door-two' : ''}>
        <SampleUsers onIn={onIn} />
        <section className="card" aria-label={t('with_password')}>
          <SignIn onIn={onIn} />
        </section>
      </div>
    </Door>
  );
}
