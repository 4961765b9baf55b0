import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Task } from '@/api/schema';
import { useRecord, useSchema } from './api';
import { CardFacts } from './card';
import { Steps } from './steps';
import { useSteps } from './use-steps';
import './records.css';

const NOUN = 'record.';
const STEP = /^\/api\/v1\/records\/[^/]+\/[^/]+\/actions\//;

/** The record type that a task is about; none where it is about something else. */
export function typeOfTask(task: Task): string | undefined {
  return task.subject_noun.startsWith(NOUN) ? task.subject_noun.slice(NOUN.length) : undefined;
}

/** True where a task is decided by steps of its record, which know their names and what they ask for. */
export const bySteps = (task: Task) => typeOfTask(task) !== undefined && task.actions.length > 0 && task.actions.every((action) => STEP.test(action.path));

/** What a record says that a task is about. */
export function RecordTaskFacts({ task, type }: { task: Task; type: string }) {
  const schema = useSchema(type);
  const row = useRecord(type, task.subject_id);
  if (!schema.data || !row.data) return null;
  return <CardFacts schema={schema.data} view={schema.data.views.find((view) => view.columns?.length)} row={row.data} />;
}

/** The steps that a task offers, taken on its card; one that asks for more opens its drawer. */
export function RecordTaskActs({ task, type }: { task: Task; type: string }) {
  const { t } = useTranslation('home');
  const schema = useSchema(type);
  const row = useRecord(type, task.subject_id);
  if (!schema.data || !row.data) {
    return (
      <Link to={task.link} className="task-open" aria-label={`${t('open')}${t('common:colon')}${task.title}`}>
        {t('open')}
      </Link>
    );
  }
  return <Acts task={task} schema={schema.data} row={row.data} />;
}

interface ActsProps {
  task: Task;
  schema: NonNullable<ReturnType<typeof useSchema>['data']>;
  row: NonNullable<ReturnType<typeof useRecord>['data']>;
}

function Acts({ task, schema, row }: ActsProps) {
  const { begin, busy, drawer } = useSteps(schema);
  const offered = row.actions.filter((action) => task.actions.some((one) => one.action === action.action));
  return (
    <>
      <Steps actions={offered} busy={busy} onStep={(action) => begin(row, action)} small of={task.title} />
      {drawer}
    </>
  );
}
