import { BulbOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { asProblem } from '@/api/problem';
import type { InsightDepartment, InsightStanding } from '@/api/schema';
import { useDepartmentChoices } from '@/areas/people/choices';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ProblemNote } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { type Tile, Tiles } from '@/patterns/board/board';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { Colleague } from '../sources/words';
import { INSIGHT_EDIT, insightAt, INSIGHTS, useStanding } from './calls';
import { INSIGHT_KINDS, INSIGHT_STATES } from './contract';
import { NewInsight } from './new-insight';
import { Department, InsightPill, KindLabel, useDepartmentName } from './words';
import './insights.css';

const COUNTED = ['sent', 'accepted', 'declined', 'adopted', 'overdue'] as const;
type Counted = (typeof COUNTED)[number];
const viewOf = (what: Counted) => (what === 'overdue' ? '?view=overdue&overdue=true' : `?view=${what}&state=${what}`);

/** How each department answers, as rows of figures; each opens its insights. */
function ByDepartment({ rows }: { rows: InsightDepartment[] }) {
  const { t } = useTranslation('insights');
  const format = useFormat();
  const name = useDepartmentName();
  if (rows.length === 0) return null;
  return (
    <details className="card insight-departments">
      <summary>{t('by_department')}</summary>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the table scrolls sideways by keyboard too */}
      <div className="insight-scroll" tabIndex={0} role="region" aria-label={t('by_department')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('department')}</th>
              {COUNTED.map((what) => (
                <th key={what} scope="col" className="figure">
                  {t(`counted.${what}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.department_id}>
                <th scope="row">
                  <Link to={`?department_id=${row.department_id}`} className="data">
                    {name(row.department_id)}
                  </Link>
                </th>
                {COUNTED.map((what) => (
                  <td key={what} className={`figure${what === 'overdue' && row.overdue > 0 ? ' bad strong' : ''}`}>
                    {format.number(row[what])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function useTiles(): (standing: InsightStanding) => Tile[] {
  const { t } = useTranslation('insights');
  const format = useFormat();
  return ({ drafts, departments }) => {
    const sum = (what: Counted) => departments.reduce((all, one) => all + one[what], 0);
    const share = (what: Counted) => (sum('sent') > 0 ? { note: t('share_of_sent', { share: format.percent(sum(what) / sum('sent'), 0) }) } : {});
    return [
      { id: 'drafts', label: t('state.draft'), value: format.number(drafts), to: '?view=draft&state=draft', note: t('drafts_note') },
      { id: 'sent', label: t('counted.sent'), value: format.number(sum('sent')), to: viewOf('sent'), note: t('sent_note') },
      { id: 'overdue', label: t('counted.overdue'), value: format.number(sum('overdue')), to: viewOf('overdue'), ...(sum('overdue') > 0 ? { tone: 'bad' as const, note: t('overdue_note') } : { note: t('overdue_none') }) },
      { id: 'accepted', label: t('counted.accepted'), value: format.number(sum('accepted')), to: viewOf('accepted'), ...share('accepted') },
      { id: 'adopted', label: t('counted.adopted'), value: format.number(sum('adopted')), to: viewOf('adopted'), ...share('adopted') },
      { id: 'declined', label: t('counted.declined'), value: format.number(sum('declined')), to: viewOf('declined'), ...share('declined') },
    ];
  };
}

/** How insights stand in this quarter; each number opens its rows. */
function Figures() {
  const { t } = useTranslation('insights');
  const standing = useStanding();
  const tiles = useTiles();
  // The list below says which permission is missing.
  if (standing.error) return asProblem(standing.error).status === 403 ? null : <ProblemNote error={standing.error} />;
  if (!standing.data) return <Skeleton rows={2} />;
  return (
    <section className="stack-tight" aria-label={t('standing')}>
      <p className="small quiet">
        {t('since')} <DateTime at={standing.data.since} />
      </p>
      <Tiles tiles={tiles(standing.data)} />
      <ByDepartment rows={standing.data.departments} />
    </section>
  );
}

function Rows({ make }: { make: ReactNode }) {
  const { t } = useTranslation('insights');
  const departments = useDepartmentChoices();
  const states = INSIGHT_STATES.map((value) => ({ value, label: t(`state.${value}`) }));
  const spec: ListSpec<typeof INSIGHTS> = {
    id: 'insights',
    path: INSIGHTS,
    search: t('search'),
    rowKey: (row) => row.id,
    rowName: (row) => row.title,
    rowLink: (row) => insightAt(row.id),
    views: [{ id: 'overdue', label: t('overdue'), params: { overdue: 'true' } }, ...states.map(({ value, label }) => ({ id: value, label, params: { state: value } }))],
    filters: [
      { id: 'state', label: t('state_is'), kind: 'choice', options: states },
      { id: 'kind', label: t('kind_is'), kind: 'choice', options: INSIGHT_KINDS.map((value) => ({ value, label: t(`kind.${value}`) })) },
      { id: 'department_id', label: t('department'), kind: 'choice', options: departments },
      { id: 'owner_id', label: t('owner'), kind: 'person' },
      { id: 'overdue', label: t('overdue_only'), kind: 'flag' },
    ],
    columns: [
      { id: 'title', label: t('title_is'), title: true, cell: (row) => <span className="data anywhere">{row.title}</span> },
      { id: 'kind', label: t('kind_is'), cell: (row) => <KindLabel kind={row.kind} /> },
      { id: 'department', label: t('department'), cell: (row) => <Department id={row.department_id} /> },
      { id: 'state', label: t('state_is'), cell: (row) => <InsightPill of={row} /> },
      { id: 'due', label: t('due'), cell: (row) => (row.due_at ? <DateTime at={row.due_at} short /> : <Nothing />) },
      { id: 'owner', label: t('owner'), wide: true, cell: (row) => (row.owner_id ? <Colleague id={row.owner_id} /> : <Nothing />) },
      { id: 'changed', label: t('changed'), wide: true, cell: (row) => <DateTime at={row.updated_at} relative /> },
    ],
    empty: (
      <EmptyState icon={<BulbOutlined />} title={t('empty')} hint={t('empty_hint')}>
        {make}
        <Link to="/customers/needs">{t('to_needs')}</Link>
      </EmptyState>
    ),
  };
  return <List spec={spec} label={t('title')} />;
}

/** Insights (客户洞察): what was found out about customers, who was asked to use it, and what became of it. */
export function Insights() {
  const { t } = useTranslation('insights');
  const may = useMay()(INSIGHT_EDIT);
  const [params, setParams] = useSearchParams();
  const setMaking = (open: boolean) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      for (const name of ['new', 'of_query', 'of_segment']) after.delete(name);
      if (open) after.set('new', '1');
      return after;
    });
  const make = may && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
      {t('new')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} actions={make} />
      <div className="stack">
        <Figures />
        <div>
          <Rows make={make} />
        </div>
      </div>
      {may && <NewInsight open={params.has('new')} onClose={() => setMaking(false)} begin={{ query_id: params.get('of_query') ?? undefined, segment_id: params.get('of_segment') ?? undefined }} />}
    </>
  );
}
