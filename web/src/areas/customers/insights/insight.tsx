import { CheckOutlined, CloseOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { CustomerInsightDetail } from '@/api/schema';
import { AuditTrail } from '@/areas/system/audit-trail';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { type Fact, Record } from '@/patterns/record/record';
import { Colleague } from '../sources/words';
import { InsightActs } from './acts';
import { useInsight } from './calls';
import { Evidence, Group } from './evidence';
import { Measured } from './measured';
import { Department, InsightPill, KindLabel } from './words';
import './insights.css';

/** How far it is: written, sent, answered, used. */
function Course({ row }: { row: CustomerInsightDetail }) {
  const { t } = useTranslation('insights');
  const declined = row.state === 'declined';
  const stages: { id: string; label: string; at: string | null | undefined; by: string | null | undefined; refused?: boolean }[] = [
    { id: 'written', label: t('course.written'), at: row.created_at, by: row.owner_id },
    { id: 'sent', label: t('course.sent'), at: row.sent_at, by: row.sent_by },
    { id: 'answered', label: t(declined ? 'course.declined' : 'course.accepted'), at: row.answered_at, by: row.answered_by, refused: declined },
    ...(declined ? [] : [{ id: 'adopted', label: t('course.adopted'), at: row.adopted_at, by: row.adopted_by }]),
  ];
  return (
    <ol className="card insight-course" aria-label={t('course.title')}>
      {stages.map(({ id, label, at, by, refused }, i) => (
        <li key={id} className={at ? (refused ? 'refused' : 'past') : undefined}>
          <span className="insight-dot" aria-hidden="true">
            {at ? refused ? <CloseOutlined /> : <CheckOutlined /> : i + 1}
          </span>
          <span>
            <span className="strong">{label}</span>
            <span className="small quiet insight-when">
              {at ? (
                <>
                  <DateTime at={at} short />
                  {by && (
                    <>
                      {' · '}
                      <Colleague id={by} />
                    </>
                  )}
                </>
              ) : (
                t('course.not_yet')
              )}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}

const said = (text: string | null | undefined): ReactNode => (text ? <span className="data anywhere insight-text">{text}</span> : undefined);

function useFacts(row: CustomerInsightDetail): Fact[] {
  const { t } = useTranslation('insights');
  const format = useFormat();
  const local = useLocal();
  const words = local(row.group_in_words ?? row.group_now_in_words);
  return [
    { id: 'kind', label: t('kind_is'), value: <KindLabel kind={row.kind} /> },
    { id: 'department', label: t('department'), value: <Department id={row.department_id} /> },
    { id: 'group', label: t('group'), value: <Group row={row} /> },
    ...(words ? [{ id: 'words', label: t('group_words'), value: <span className="data">{words}</span> }] : []),
    ...(typeof row.group_size === 'number' ? [{ id: 'size', label: t('group_size'), value: t('people', { count: row.group_size, shown: format.number(row.group_size) }) }] : []),
    ...(row.due_at ? [{ id: 'due', label: t('due'), value: <DateTime at={row.due_at} time /> }] : []),
    ...(row.answer ? [{ id: 'answer', label: t(row.state === 'declined' ? 'reason' : 'remark'), value: said(row.answer) }] : []),
    ...(row.adopt_by && !row.adopted_at ? [{ id: 'adopt_by', label: t('adopt_by'), value: <DateTime at={row.adopt_by} /> }] : []),
    ...(row.adoption ? [{ id: 'adoption', label: t('adoption'), value: said(row.adoption) }] : []),
  ];
}

function Shown({ row }: { row: CustomerInsightDetail }) {
  const { t } = useTranslation('insights');
  const facts = useFacts(row);
  return (
    <Record
      title={row.title}
      crumbs={[{ label: t('title'), to: '/customers/insights' }, { label: row.title }]}
      state={<InsightPill of={row} />}
      actions={<InsightActs row={row} />}
      facts={facts}
      notes={<Course row={row} />}
      tabs={[
        {
          id: 'finding',
          label: t('tab.finding'),
          content: (
            <div className="two-one">
              <div className="stack">
                <section className="card stack-tight" aria-labelledby="insight-finding">
                  <h2 id="insight-finding">{t('finding')}</h2>
                  <p className="data anywhere insight-text">{row.finding}</p>
                </section>
                <Evidence row={row} />
              </div>
              <section className="card" aria-label={t('measured')}>
                <Measured row={row} />
              </section>
            </div>
          ),
        },
        { id: 'timeline', label: t('tab.timeline'), content: <AuditTrail nounId={row.id} /> },
      ]}
    />
  );
}

/** One insight: what was found, what it rests on, who was asked, what became of it, and whether it helped. */
export function InsightPage() {
  const { id = '' } = useParams();
  const insight = useInsight(id);
  if (insight.isPending) return <Skeleton shape="record" />;
  if (insight.isError && !insight.data) return <ErrorState error={insight.error} retry={() => void insight.refetch()} />;
  return <Shown key={id} row={insight.data} />;
}
