import { CoffeeOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { Task } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { useSession } from '@/session/session';
import { Acknowledge } from './acknowledge';
import { Campaigns } from './campaigns';
import { Coverage, Turns } from './coverage';
import { TaskCard } from './task-card';
import { WaitingMine } from './waiting';
import './home.css';

/** Which greeting an hour of the day takes. */
export function greetingOf(hour: number): 'night' | 'morning' | 'noon' | 'afternoon' | 'evening' {
  if (hour < 5) return 'night';
  if (hour < 11) return 'morning';
  if (hour < 13) return 'noon';
  return hour < 18 ? 'afternoon' : 'evening';
}

function useGreeting(tasks: Task[] | undefined, more: boolean) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const { session } = useSession();
  const now = new Date();
  const title = t(`greeting.${greetingOf(Number(format.time(now).slice(0, 2)))}`, { name: session?.user.name ?? '' });
  const said = [format.date(now, { weekday: true })];
  if (tasks) {
    const late = tasks.filter((task) => task.overdue).length;
    said.push(t(more ? 'waiting_more' : tasks.length ? 'waiting' : 'waiting_none', { count: tasks.length }));
    if (late) said.push(t('late', { count: late }));
  }
  return { title, sub: said.join(' · ') };
}

/** Home: what waits for me, the most urgent first, decided on its card. */
export function MyWork() {
  const { t } = useTranslation('home');
  const tasks = api.useInfiniteQuery(
    'get',
    '/api/v1/rulebook/tasks',
    { params: { query: { mine: true } } },
    {
      pageParamName: 'cursor',
      // Left out, the library would begin at 0, which is no cursor.
      initialPageParam: null as unknown as undefined,
      getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? undefined,
    },
  );
  const rows = tasks.data?.pages.flatMap((page) => page.items);
  const { title, sub } = useGreeting(rows, tasks.hasNextPage);
  return (
    <>
      <PageHead title={title} sub={sub} />
      <div className="two-one">
        <div className="stack">
          <Acknowledge />
          <section className="card" aria-labelledby="my-work">
            <h2 id="my-work">{t('my_work')}</h2>
            {tasks.isPending ? (
              <div className="task-wait">
                <Skeleton rows={8} />
              </div>
            ) : tasks.isError && !rows ? (
              <ErrorState error={tasks.error} retry={() => void tasks.refetch()} />
            ) : rows?.length ? (
              <ul className="tasks">
                {rows.map((task) => (
                  <TaskCard key={task.id} task={task} />
                ))}
              </ul>
            ) : (
              <EmptyState icon={<CoffeeOutlined />} title={t('empty')} hint={t('empty_hint')} />
            )}
            {tasks.hasNextPage && (
              <div className="task-more">
                <button type="button" className="plain-button" onClick={() => void tasks.fetchNextPage()}>
                  {t('more')}
                </button>
              </div>
            )}
          </section>
          <Campaigns />
        </div>
        <div className="stack">
          <WaitingMine />
          <Coverage />
          <Turns />
        </div>
      </div>
    </>
  );
}
