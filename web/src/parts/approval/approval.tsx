import { Button, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { MoveApproval as Approval, ApprovalDecider, ApprovalStep } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { useNotice } from '@/parts/notice';
import { StatePill, type Tone } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState, ProblemNote } from '@/parts/states';
import { useSession } from '@/session/session';
import './approval.css';

const STEP_TONES: Record<ApprovalStep['state'], Tone> = {
  waiting: 'quiet',
  open: 'info',
  approved: 'good',
  rejected: 'bad',
  skipped: 'quiet',
  timed_out: 'bad',
};

const TONES: Record<Approval['state'], Tone> = { pending: 'info', approved: 'good', rejected: 'bad', voided: 'warn', withdrawn: 'quiet' };

/** Where an approval stands, in a word. */
export function ApprovalPill({ state }: { state: Approval['state'] }) {
  const { t } = useTranslation('approval');
  return <StatePill tone={TONES[state]}>{t(`state.${state}`)}</StatePill>;
}

/** Who decided, for whom, and why; or who still may. */
function DeciderLine({ decider }: { decider: ApprovalDecider }) {
  const { t } = useTranslation('approval');
  const format = useFormat();
  const name = decider.user_id === decider.for_user_id ? decider.user_name : t('stands_in', { name: decider.user_name, other: decider.for_user_name });
  return (
    <li className="small">
      <span className={decider.decision ? 'strong' : 'quiet'}>{name}</span>
      {decider.decision && decider.decided_at && (
        <span className={decider.decision === 'approve' ? 'good' : 'bad'}>
          {' '}
          {t(`decided.${decider.decision}`)} · <time dateTime={decider.decided_at}>{format.date(decider.decided_at, { short: true, time: true })}</time>
          {decider.by_mail && ` · ${t('by_mail')}`}
        </span>
      )}
      {decider.comment && <q className="approval-comment">{decider.comment}</q>}
    </li>
  );
}

/** Those who decided; where nobody has yet, those who may. */
function shownDeciders(step: ApprovalStep): ApprovalDecider[] {
  const all = step.deciders ?? [];
  return step.state === 'open' ? all : all.filter((decider) => decider.decision);
}

function Step({ step }: { step: ApprovalStep }) {
  const { t } = useTranslation('approval');
  const format = useFormat();
  const local = useLocal();
  const deciders = shownDeciders(step);
  return (
    <li className="approval-step">
      <StatePill tone={STEP_TONES[step.state]}>{local(step.names)}</StatePill>
      <span className="small quiet">
        {t(`step.${step.state}`)}
        {step.state === 'open' && ` · ${t(`mode.${step.mode}`, { count: step.needed })}`}
      </span>
      {step.state === 'open' && step.opened_at && (
        <span className="small quiet">
          <time dateTime={step.opened_at}>{t('since', { at: format.date(step.opened_at, { short: true, time: true }) })}</time>
        </span>
      )}
      {step.state === 'open' && step.due_at && (
        <span className={`small ${step.late_at ? 'bad' : 'quiet'}`}>
          <time dateTime={step.due_at}>{t(step.late_at ? 'late' : 'due', { at: format.date(step.due_at, { short: true, time: true }) })}</time>
        </span>
      )}
      <ul className="approval-people">
        {deciders.map((decider) => (
          <DeciderLine key={decider.id} decider={decider} />
        ))}
        {step.state === 'open' && deciders.length === 0 && <li className="small bad">{t('nobody')}</li>}
      </ul>
    </li>
  );
}

/** The buttons of whoever may decide; not to agree asks for the reason. */
function Decide({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approval');
  const { done } = useNotice();
  const [form] = Form.useForm<{ comment?: string; code?: string }>();
  const decide = api.useMutation('post', '/api/v1/rulebook/approvals/{id}/decide', {
    onSuccess: async () => {
      done(t('thanks'));
      form.resetFields();
      await refresh('/api/v1/');
    },
    // Somebody else may have been quicker: show what they decided.
    onError: () => refresh('/api/v1/rulebook/approvals'),
  });
  const step_id = approval.mine?.[0];
  if (!step_id) return <ProblemNote error={decide.error} />;
  const send = (decision: 'approve' | 'reject') => {
    const comment = form.getFieldValue('comment')?.trim();
    if (decision === 'reject' && !comment) {
      form.setFields([{ name: 'comment', errors: [t('comment_needed')] }]);
      return;
    }
    const code = form.getFieldValue('code')?.trim();
    if (approval.asks_code && !code) {
      form.setFields([{ name: 'code', errors: [t('code_needed')] }]);
      return;
    }
    decide.mutate({
      params: { path: { id: approval.id } },
      body: { step_id, decision, comment: comment ?? null, content_hash: approval.content_hash, code: code ?? null },
    });
  };
  return (
    <Form form={form} layout="vertical" requiredMark={false} className="stack-tight">
      <Form.Item name="comment" label={t('comment')}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
      {approval.asks_code && (
        <Form.Item name="code" label={t('code')} extra={t('code_hint')}>
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={20} />
        </Form.Item>
      )}
      <ProblemNote error={decide.error} />
      <div className="row">
        <Button type="primary" loading={decide.isPending} onClick={() => send('approve')}>
          {t('approve')}
        </Button>
        <Button danger loading={decide.isPending} onClick={() => send('reject')}>
          {t('reject')}
        </Button>
      </div>
    </Form>
  );
}

function Withdraw({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approval');
  const { done, failed } = useNotice();
  const { session } = useSession();
  const withdraw = api.useMutation('post', '/api/v1/rulebook/approvals/{id}/withdraw', {
    onSuccess: async () => {
      done(t('withdrawn'));
      await refresh('/api/v1/');
    },
    onError: failed,
  });
  if (approval.state !== 'pending' || approval.requested_by !== session?.user.id) return null;
  return (
    <div className="row">
      <Button loading={withdraw.isPending} onClick={() => withdraw.mutate({ params: { path: { id: approval.id } }, body: {} })}>
        {t('withdraw')}
      </Button>
    </div>
  );
}

/** Says why an approval came to nothing: in words of ours where the product did it, else in those of whoever decided. */
export function useReason(): (approval: Approval) => string | undefined {
  const { t, i18n } = useTranslation('approval');
  return ({ reason }) => (reason && i18n.exists(`approval:reason.${reason}`) ? t(`reason.${reason}`) : (reason ?? undefined));
}

/** An approval: its steps in a row, who decides them until when, and the decision of whoever may. */
export function ApprovalSteps({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approval');
  const reason = useReason()(approval);
  return (
    <div className="stack">
      <ol className="approval-steps">
        {(approval.steps ?? []).map((step) => (
          <Step key={step.id} step={step} />
        ))}
      </ol>
      {reason && <p className="small">{t('because', { reason })}</p>}
      <Decide approval={approval} />
      <Withdraw approval={approval} />
    </div>
  );
}

/** The approval that a thing waits for; silent where there is none. */
export function ApprovalPanel({ id, children }: { id: string; children?: ReactNode }) {
  const { t } = useTranslation('approval');
  const local = useLocal();
  const found = api.useQuery('get', '/api/v1/rulebook/approvals/{id}', { params: { path: { id } } });
  if (found.isPending) return <Skeleton shape="record" />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const approval = found.data;
  return (
    <section className="card stack" aria-labelledby={`approval-${id}`}>
      <div className="row">
        <h2 id={`approval-${id}`}>{t('title', { action: local(approval.action_names) })}</h2>
        <ApprovalPill state={approval.state} />
      </div>
      {children}
      <ApprovalSteps approval={approval} />
    </section>
  );
}
