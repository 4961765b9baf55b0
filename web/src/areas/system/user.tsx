import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api } from '@/api/client';
import type { User } from '@/api/schema';
import { refresh } from '@/api/query';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState, ProblemNote } from '@/parts/states';
import { Record } from '@/patterns/record/record';
import { useMay, useSession } from '@/session/session';
import { AuditTrail } from './audit-trail';
import { Grants } from './grants';
import { UserEdit } from './user-edit';
import { UserStatePill, useUserFacts } from './user-words';

type Step = 'disable' | 'enable';

function ReasonForm({ user, step, onClose }: { user: User; step: Step; onClose: () => void }) {
  const { t } = useTranslation('system');
  const { done } = useNotice();
  const options = {
    onSuccess: async () => {
      done(t(step === 'disable' ? 'user_disabled' : 'user_enabled', { name: user.name }));
      onClose();
      await refresh('/api/v1/identity/users', '/api/v1/system/audit');
    },
  };
  const disable = api.useMutation('post', '/api/v1/identity/users/{id}/disable', options);
  const enable = api.useMutation('post', '/api/v1/identity/users/{id}/enable', options);
  const act = step === 'disable' ? disable : enable;
  return (
    <section className="card" aria-label={t(step)}>
      <Form<{ reason: string }> layout="vertical" requiredMark={false} onFinish={(body) => act.mutate({ params: { path: { id: user.id } }, body })}>
        <p className="form-hint">{t(step === 'disable' ? 'disable_means' : 'enable_means', { name: user.name })}</p>
        <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, min: 2, message: t('reason_needed') }]}>
          {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the button pressed before asked for this */}
          <Input autoFocus maxLength={500} />
        </Form.Item>
        <div className="stack">
          <ProblemNote error={act.error} />
          <div className="row">
            <Button type="primary" danger={step === 'disable'} htmlType="submit" loading={act.isPending}>
              {t(step)}
            </Button>
            <Button onClick={onClose}>{t('common:cancel')}</Button>
          </div>
        </div>
      </Form>
    </section>
  );
}

function Steps({ user, onStep, onEdit }: { user: User; onStep: (step: Step) => void; onEdit: () => void }) {
  const { t } = useTranslation('system');
  const { session } = useSession();
  const { done, failed } = useNotice();
  const invite = api.useMutation('post', '/api/v1/identity/users/{id}/invitation', { onSuccess: () => done(t('invited_again')), onError: failed });
  const resetTotp = api.useMutation('delete', '/api/v1/identity/users/{id}/totp', {
    onSuccess: async () => {
      done(t('totp_reset_done'));
      await refresh('/api/v1/identity/users');
    },
    onError: failed,
  });
  const path = { params: { path: { id: user.id } } };
  const open = user.state === 'active' || user.state === 'invited';
  return (
    <>
      {user.state === 'invited' && (
        <Button loading={invite.isPending} onClick={() => invite.mutate(path)}>
          {t('invite_again')}
        </Button>
      )}
      {user.totp_enabled && (
        <Button loading={resetTotp.isPending} onClick={() => resetTotp.mutate(path)}>
          {t('totp_reset')}
        </Button>
      )}
      <Button onClick={onEdit}>{t('common:edit')}</Button>
      <Act
        danger={open}
        why={user.id === session?.user.id ? t('not_yourself') : user.state === 'left' ? t('has_left') : undefined}
        onClick={() => onStep(open ? 'disable' : 'enable')}
      >
        {t(open ? 'disable' : 'enable')}
      </Act>
    </>
  );
}

/** One account: what it may do, when it was last used, and what was done with it. */
export function UserPage() {
  const { t } = useTranslation('system');
  const { id = '' } = useParams();
  const may = useMay();
  const facts = useUserFacts();
  const [step, setStep] = useState<Step>();
  const [editing, setEditing] = useState(false);
  const user = api.useQuery('get', '/api/v1/identity/users/{id}', { params: { path: { id } } });
  if (user.isPending) return <Skeleton shape="record" />;
  if (user.isError) return <ErrorState error={user.error} retry={() => void user.refetch()} />;
  const row = user.data;
  return (
    <>
      <Record
        title={row.name}
        crumbs={[{ label: t('frame:area.system') }, { label: t('users'), to: '/system/users' }]}
        state={<UserStatePill user={row} />}
        facts={facts(row)}
        actions={may('identity.user.manage') && <Steps user={row} onStep={setStep} onEdit={() => setEditing(true)} />}
        notes={step && <ReasonForm user={row} step={step} onClose={() => setStep(undefined)} />}
        tabs={[
          { id: 'grants', label: t('grant.title'), content: <Grants userId={row.id} /> },
          { id: 'timeline', label: t('timeline'), content: <AuditTrail nounId={row.id} /> },
        ]}
      />
      <UserEdit user={row} open={editing} onClose={() => setEditing(false)} />
    </>
  );
}
