import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { Task, TaskAction } from '@/api/draft';
import { refresh } from '@/api/query';
import { useFormat } from '@/format/use-format';
import { useNotice } from '@/parts/notice';
import { Label, type Tone } from '@/parts/pill';
import { ProblemNote } from '@/parts/states';
import { subjectPath } from './subject';

const TONES: Record<string, Tone> = { approval: 'bad', review: 'info', rectification: 'warn', alert: 'warn' };

function Due({ task }: { task: Task }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  if (!task.due_at) return null;
  const at = format.date(task.due_at, { short: true, time: true });
  return (
    <span className={`small ${task.overdue ? 'bad' : 'quiet'}`}>
      <time dateTime={task.due_at}>{t(task.overdue ? 'due_late' : 'due', { at, relative: format.relative(task.due_at) })}</time>
    </span>
  );
}

function Reason({ action, busy, onGive, onLeave }: { action: TaskAction; busy: boolean; onGive: (reason: string) => void; onLeave: () => void }) {
  const { t } = useTranslation('home');
  return (
    <Form<{ reason: string }> layout="vertical" requiredMark={false} className="task-reason" onFinish={({ reason }) => onGive(reason.trim())}>
      <Form.Item name="reason" label={t('reason', { action: action.label })} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the button pressed before asked for this */}
        <Input.TextArea autoFocus rows={2} maxLength={2000} />
      </Form.Item>
      <div className="row">
        <Button type="primary" size="small" htmlType="submit" loading={busy}>
          {action.label}
        </Button>
        <Button size="small" onClick={onLeave}>
          {t('common:cancel')}
        </Button>
      </div>
    </Form>
  );
}

/** One thing that waits for me, with what is needed to decide it here. */
export function TaskCard({ task }: { task: Task }) {
  const { t, i18n } = useTranslation('home');
  const { done } = useNotice();
  const [asking, setAsking] = useState<TaskAction>();
  const decide = api.useMutation('post', '/api/v1/rulebook/tasks/{id}/decisions', {
    onSuccess: async (_, { body }) => {
      setAsking(undefined);
      const action = task.actions.find((one) => one.action === body.action);
      done(t('decided', { title: task.title, action: action?.label ?? body.action }));
      await refresh('/api/v1/');
    },
  });
  const act = (action: TaskAction, reason?: string) => decide.mutate({ params: { path: { id: task.id } }, body: { action: action.action, reason } });
  const to = subjectPath(task.subject_type, task.subject_id);
  const kind = `kind.${task.kind}`;
  return (
    <li className="task">
      <div className="task-kind">
        <Label tone={task.overdue ? 'bad' : (TONES[task.kind] ?? 'quiet')}>{t(i18n.exists(`home:${kind}`) ? kind : 'kind.task')}</Label>
      </div>
      <div className="task-body">
        <h3>{to ? <Link to={to}>{task.title}</Link> : task.title}</h3>
        {task.summary && <p className="quiet">{task.summary}</p>}
        <p className="row task-facts">
          <Due task={task} />
          {task.requested_by && <span className="small quiet">{t('from', { name: task.requested_by })}</span>}
        </p>
        <ProblemNote error={decide.error} />
        {asking && <Reason action={asking} busy={decide.isPending} onGive={(reason) => act(asking, reason)} onLeave={() => setAsking(undefined)} />}
      </div>
      {!asking && (
        <div className="row task-acts">
          {task.actions.map((action) => (
            <Button
              key={action.action}
              size="small"
              type={action.primary ? 'primary' : 'default'}
              disabled={decide.isPending}
              onClick={() => (action.needs_reason ? setAsking(action) : act(action))}
              aria-label={`${action.label}${t('common:colon')}${task.title}`}
            >
              {action.label}
            </Button>
          ))}
          {task.actions.length === 0 && to && (
            <Link to={to} className="task-open" aria-label={`${t('open')}${t('common:colon')}${task.title}`}>
              {t('open')}
            </Link>
          )}
        </div>
      )}
    </li>
  );
}
