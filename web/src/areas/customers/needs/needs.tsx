import { HistoryOutlined, SyncOutlined } from '@ant-design/icons';
import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { asProblem } from '@/api/problem';
import type { NeedStanding } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { EmptyState, ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { Baskets } from './baskets';
import { NEED_READ, NEED_RUNS, useRecompute, useStanding } from './calls';
import { Clusters } from './clusters';
import './needs.css';

/** Has needs computed anew, and says when that has ended. */
function Recompute() {
  const { t } = useTranslation('needs');
  const { done, failed } = useNotice();
  const may = useMay()(NEED_READ);
  const { recompute, running } = useRecompute({ onDone: (ended) => done(t(ended ? 'recomputed' : 'recompute_long')), onFailed: failed });
  return (
    <Act icon={<SyncOutlined />} loading={running} why={may ? undefined : t('may_not_see')} onClick={recompute}>
      {t(running ? 'recomputing' : 'recompute')}
    </Act>
  );
}

/** What was read, of which days, and what is left out for the sake of people. */
function Standing({ standing: { run, people_min } }: { standing: NeedStanding }) {
  const { t } = useTranslation('needs');
  const format = useFormat();
  if (!run) return null;
  return (
    <p className="quiet small">
      {t('computed')} <DateTime at={run.happened_at} relative /> · {t('period', { from: format.date(run.period_from, { short: true }), until: format.date(run.period_until, { short: true }) })} ·{' '}
      {t('read', { searches: format.number(run.searches), feedback: format.number(run.feedback), baskets: format.number(run.baskets) })} · {t('people_min', { count: people_min })}
    </p>
  );
}

/** The times needs were computed, newest first. */
function Runs() {
  const { t } = useTranslation('needs');
  const format = useFormat();
  const spec: ListSpec<typeof NEED_RUNS> = {
    id: 'need_runs',
    path: NEED_RUNS,
    rowKey: (row) => row.id,
    rowName: (row) => format.date(row.happened_at, { time: true }),
    columns: [
      { id: 'at', label: t('computed'), title: true, cell: (row) => <DateTime at={row.happened_at} short time /> },
      { id: 'cause', label: t('cause_is'), cell: (row) => t(`cause.${row.cause}`) },
      { id: 'searches', label: t('searches'), figure: true, cell: (row) => format.number(row.searches) },
      { id: 'terms', label: t('terms'), figure: true, wide: true, cell: (row) => format.number(row.terms) },
      { id: 'feedback', label: t('feedback'), figure: true, cell: (row) => format.number(row.feedback) },
      { id: 'baskets', label: t('baskets'), figure: true, cell: (row) => format.number(row.baskets) },
      { id: 'clusters', label: t('clusters'), figure: true, cell: (row) => format.number(row.clusters) },
      { id: 'unmet', label: t('unmet'), figure: true, cell: (row) => format.number(row.unmet) },
      { id: 'patterns', label: t('patterns'), figure: true, wide: true, cell: (row) => format.number(row.patterns) },
    ],
    empty: <EmptyState icon={<HistoryOutlined />} title={t('none.run')} hint={t('not_begun')} />,
  };
  return <List spec={spec} label={t('tab.runs')} />;
}

/** Needs (需求洞察): what customers search for, what they say, and what they buy together. */
export function Needs() {
  const { t } = useTranslation('needs');
  const [params, setParams] = useSearchParams();
  const standing = useStanding();
  const refused = standing.error && asProblem(standing.error).status === 403;
  const begun = Boolean(standing.data?.run);
  const tabs = [
    { key: 'search', label: t('tab.search'), children: <Clusters kind="search" begun={begun} /> },
    { key: 'feedback', label: t('tab.feedback'), children: <Clusters kind="feedback" begun={begun} /> },
    { key: 'baskets', label: t('tab.baskets'), children: <Baskets run={standing.data?.run} /> },
    { key: 'runs', label: t('tab.runs'), children: <Runs /> },
  ];
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} actions={<Recompute />} />
      <div className="stack">
        {standing.data && <Standing standing={standing.data} />}
        {standing.error && !refused && <ProblemNote error={standing.error} />}
        <Tabs activeKey={tabs.find(({ key }) => key === params.get('tab'))?.key ?? 'search'} onChange={(tab) => setParams(tab === 'search' ? {} : { tab })} destroyOnHidden items={tabs} />
      </div>
    </>
  );
}
