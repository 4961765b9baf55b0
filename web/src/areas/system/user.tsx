import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, ifMatch } from '@/api/client';
import type { User } from '@/api/draft';
import { refresh } from '@/api/query';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState, ProblemNote } from '@/parts/states';
import { Record } from '@/patterns/record/record';
import { useMay, useSession } from '@/session/session';
import { Act } from '@/parts/act';
import { AuditTrail } from './audit-trail';
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
      <Form<{ reason: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={({ reason }) => act.mutate({ params: { path: { id: user.id } }, headers: ifMatch(user), body: { reason } })}
      >
        <p style={{ marginBottom: 12 }}>{t(step === 'disable' ? 'disable_means' : 'enable_means', { name: user.name })}</p>
        <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
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

/** One account: what it may do, when it was last used, and what was done with it. */
export function UserPage() {
  const { t } = useTranslation('system');
  const { id = '' } = useParams();
  const may = useMay();
  const { session } = useSession();
  const facts = useUserFacts();
  const [step, setStep] = useState<Step>();
  const user = api.useQuery('get', '/api/v1/identity/users/{id}', { params: { path: { id } } });
  if (user.isPending) return <Skeleton shape="record" />;
  if (user.isError) return <ErrorState error={user.error} retry={() => void user.refetch()} />;
  const row = user.data;
  const next: Step = row.state === 'active' || row.state === 'invited' ? 'disable' : 'enable';
  return (
    <Record
      title={row.name}
      crumbs={[{ label: t('frame:area.system') }, { label: t('users'), to: '/system/users' }]}
      state={<UserStatePill user={row} />}
      facts={facts(row)}
      actions={
        may('identity.user.manage') && (
          <Act danger={next === 'disable'} why={row.id === session?.user.id ? t('not_yourself') : undefined} onClick={() => setStep(next)}>
            {t(next)}
          </Act>
        )
      }
      notes={step && <ReasonForm user={row} step={step} onClose={() => setStep(undefined)} />}
      tabs={[{ id: 'timeline', label: t('timeline'), content: <AuditTrail subjectId={row.id} /> }]}
    />
  );
}
