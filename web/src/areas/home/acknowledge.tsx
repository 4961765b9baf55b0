import { FileProtectOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Task } from '@/api/schema';
import { useFormat } from '@/format/use-format';

/** What somebody has to confirm that they have read it. */
const NOUN = 'record.acknowledgement';

/** Rules that wait until I confirm that I have read them: they stand above all other work until I have. */
export function Acknowledge({ tasks }: { tasks: Task[] }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const waiting = tasks.filter((task) => task.subject_noun === NOUN && task.state === 'open');
  const [first] = waiting;
  if (!first) return null;
  return (
    <section className="card acknowledge" aria-label={t('acknowledge')}>
      <FileProtectOutlined aria-hidden="true" />
      <div className="grow">
        <p className="strong">{t('acknowledge_says', { count: waiting.length })}</p>
        <p className="small quiet">
          {first.title}
          {first.due_at && ` · ${t('acknowledge_due', { at: format.date(first.due_at, { short: true }) })}`}
        </p>
      </div>
      <Link to={first.link}>{t('acknowledge_read')}</Link>
    </section>
  );
}
