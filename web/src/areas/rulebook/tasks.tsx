import { CheckSquareOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Task } from '@/api/schema';
import { verbOf } from '@/areas/home/task-card';
import { PageHead } from '@/parts/head';
import { Label, StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';

const STATES = ['open', 'done', 'cancelled'] as const;

function TaskPill({ task }: { task: Task }) {
  const { t } = useTranslation('rulebook');
  if (task.overdue) return <StatePill tone="bad">{t('task_overdue')}</StatePill>;
  return <StatePill tone={task.state === 'open' ? 'info' : task.state === 'done' ? 'good' : 'quiet'}>{t(`task_state.${task.state}`)}</StatePill>;
}

/** All tasks (待办): what the rules ask somebody to do, by when, and what became of it. */
export function Tasks() {
  const { t, i18n } = useTranslation('rulebook');
  const kind = (task: Task) => (i18n.exists(`home:kind.${verbOf(task.kind)}`) ? t(`home:kind.${verbOf(task.kind)}`) : t('home:kind.task'));
  const spec: ListSpec<'/api/v1/rulebook/tasks'> = {
    id: 'tasks',
    path: '/api/v1/rulebook/tasks',
    rowKey: (row) => row.id,
    rowName: (row) => row.title ?? kind(row),
    rowLink: (row) => row.link,
    peek: (row) => (
      <div className="stack">
        <Facts
          facts={[
            { id: 'state', label: t('status'), value: <TaskPill task={row} /> },
            { id: 'kind', label: t('task_kind'), value: kind(row) },
            { id: 'made', label: t('task_made'), value: <DateTime at={row.created_at} time /> },
            { id: 'due', label: t('task_due'), value: row.due_at && <DateTime at={row.due_at} time /> },
            { id: 'done', label: t('task_done'), value: row.done_at && <DateTime at={row.done_at} time /> },
          ]}
        />
        <Link to={row.link}>{t('task_open')}</Link>
      </div>
    ),
    views: [
      { id: 'mine', label: t('task_mine'), params: { mine: 'true' } },
      ...STATES.map((state) => ({ id: state, label: t(`task_state.${state}`), params: { state } })),
    ],
    filters: [
      { id: 'state', label: t('status'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`task_state.${value}`) })) },
      { id: 'mine', label: t('task_mine'), kind: 'flag' },
    ],
    columns: [
      { id: 'title', label: t('task'), title: true, cell: (row) => row.title ?? kind(row) },
      { id: 'kind', label: t('task_kind'), cell: (row) => <Label>{kind(row)}</Label> },
      { id: 'made', label: t('task_made'), wide: true, cell: (row) => <DateTime at={row.created_at} relative /> },
      { id: 'due', label: t('task_due'), cell: (row) => (row.due_at ? <DateTime at={row.due_at} short time /> : <Nothing />) },
      { id: 'done', label: t('task_done'), wide: true, cell: (row) => (row.done_at ? <DateTime at={row.done_at} short time /> : <Nothing />) },
      { id: 'state', label: t('status'), cell: (row) => <TaskPill task={row} /> },
    ],
    empty: <EmptyState icon={<CheckSquareOutlined />} title={t('tasks_empty')} hint={t('tasks_empty_hint')} />,
  };
  return (
    <>
      <PageHead title={t('tasks')} sub={t('tasks_sub')} />
      <List spec={spec} label={t('tasks')} />
    </>
  );
}
