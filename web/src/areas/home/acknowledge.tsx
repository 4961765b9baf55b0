import { FileProtectOutlined, LockOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { useFormat } from '@/format/use-format';
import { useSession } from '@/session/session';

/** Kind of the tasks that stay at the top of home until they are done. */
const BANNER = 'rulebook.record.banner';

/** Rules that wait until I confirm that I have read them: they stand above all other work until I have. */
export function Acknowledge() {
  const { t } = useTranslation('home');
  const format = useFormat();
  const { session } = useSession();
  const { data } = api.useQuery('get', '/api/v1/rulebook/tasks', { params: { query: { mine: true, kind: BANNER, page_size: 20 } } });
  const waiting = data?.items ?? [];
  const [first] = waiting;
  const duties = session?.unacknowledged ?? [];
  if (!first && duties.length === 0) return null;
  return (
    <>
      {duties.map((duty) => (
        <section key={duty.document} className="card acknowledge withheld" aria-label={t('duty')}>
          <LockOutlined aria-hidden="true" />
          <div className="grow">
            <p className="strong">{t('duty_says', { title: duty.title, count: duty.permissions.length })}</p>
            <p className="small quiet">{t('duty_hint')}</p>
          </div>
          <Link to={duty.link}>{t('acknowledge_read')}</Link>
        </section>
      ))}
      {first && (
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
      )}
    </>
  );
}
