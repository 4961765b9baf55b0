import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { send } from '@/api/client';
import { asProblem } from '@/api/problem';
import type { CardAction, Task } from '@/api/schema';
import { refresh } from '@/api/query';
import { bySteps, RecordTaskActs, typeOfTask } from '@/areas/records/task';
import { useFormat } from '@/format/use-format';
import { useNotice } from '@/parts/notice';
import { Label, type Tone } from '@/parts/pill';
import { ProblemNote } from '@/parts/states';
import { TaskFacts } from './task-facts';

/** The decision is signed with the second factor, which a card has no place for. */
const CODE_MISSING = 'rulebook.approval.code_missing';

const TONES: Record<string, Tone> = { approve: 'warn', review: 'info', rectify: 'warn', alert: 'bad' };

/** What a kind of task is called: `brand.review` is a review, whatever it is about. */
export function verbOf(kind: string): string {
  return kind.split('.').at(-1) ?? kind;
}

function useWords() {
  const { t, i18n } = useTranslation('home');
  const say = (key: string, fallback: string) => (i18n.exists(`home:${key}`) ? t(key) : fallback);
  return {
    kind: (task: Task) => say(`kind.${verbOf(task.kind)}`, t('kind.task')),
    action: (action: CardAction) => say(`action.${action.title}`, say(`action.${action.action}`, action.action)),
  };
}

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

function Reason({ label, busy, onGive, onLeave }: { label: string; busy: boolean; onGive: (reason: string) => void; onLeave: () => void }) {
  const { t } = useTranslation('home');
  return (
    <Form<{ reason: string }> layout="vertical" requiredMark={false} className="task-reason" onFinish={({ reason }) => onGive(reason.trim())}>
      <Form.Item name="reason" label={t('reason', { action: label })} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the button pressed before asked for this */}
        <Input.TextArea autoFocus rows={2} maxLength={500} />
      </Form.Item>
      <div className="row">
        <Button type="primary" size="small" htmlType="submit" loading={busy}>
          {label}
        </Button>
        <Button size="small" onClick={onLeave}>
          {t('common:cancel')}
        </Button>
      </div>
    </Form>
  );
}

interface Decision {
  action: CardAction;
  reason?: string;
}

/** Sends what the card says, on the version that the card showed. */
function request({ action, reason }: Decision): Promise<void> {
  // Every decision may carry words; one that asks for none is sent without any.
  const body = action.reason_field ? { [action.reason_field]: reason } : {};
  const headers = action.if_match ? { 'If-Match': `"${action.if_match}"` } : undefined;
  return send(action.method, action.path, body, headers);
}

/** One thing that waits for me, with what is needed to decide it here. */
export function TaskCard({ task }: { task: Task }) {
  const { t } = useTranslation('home');
  const { done } = useNotice();
  const words = useWords();
  const [asking, setAsking] = useState<CardAction>();
  const type = typeOfTask(task);
  const own = bySteps(task) ? [] : task.actions;
  const decide = useMutation({
    mutationFn: request,
    onSuccess: async (_, { action }) => {
      setAsking(undefined);
      done(t('decided', { title: task.title, action: words.action(action) }));
      await refresh('/api/v1/');
    },
  });
  return (
    <li className="task">
      <div className="task-kind">
        <Label tone={task.overdue ? 'bad' : (TONES[verbOf(task.kind)] ?? 'quiet')}>{words.kind(task)}</Label>
      </div>
      <div className="task-body">
        <h3>
          <Link to={task.link}>{task.title}</Link>
        </h3>
        <p className="row task-facts">
          <Due task={task} />
        </p>
        <TaskFacts task={task} />
        <ProblemNote error={decide.error} />
        {decide.error && asProblem(decide.error).code === CODE_MISSING && <Link to={task.link}>{t('sign_there')}</Link>}
        {asking && (
          <Reason label={words.action(asking)} busy={decide.isPending} onGive={(reason) => decide.mutate({ action: asking, reason })} onLeave={() => setAsking(undefined)} />
        )}
      </div>
      {!asking && (
        <div className="row task-acts">
          {type && bySteps(task) && <RecordTaskActs task={task} type={type} />}
          {own.map((action) => (
            <Button
              key={action.action}
              size="small"
              type={action.primary ? 'primary' : 'default'}
              disabled={decide.isPending}
              onClick={() => (action.reason_field ? setAsking(action) : decide.mutate({ action }))}
              aria-label={`${words.action(action)}${t('common:colon')}${task.title}`}
            >
              {words.action(action)}
            </Button>
          ))}
          {task.actions.length === 0 && (
            <Link to={task.link} className="task-open" aria-label={`${t('open')}${t('common:colon')}${task.title}`}>
              {t('open')}
            </Link>
          )}
        </div>
      )}
    </li>
  );
}
