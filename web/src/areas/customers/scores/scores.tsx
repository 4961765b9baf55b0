import { ExperimentOutlined, SyncOutlined } from '@ant-design/icons';
import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { RfmShare, ScoreDistribution, ScoreRun } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Money, Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import { useMay } from '@/session/session';
import { SCORE_RECOMPUTE, useDistribution, useRecompute } from './calls';
import { HeatMap } from './heat-map';
import { Models } from './models';
import { conditionOfSegment, newSegment } from './rfm';
import { RfmLabel, useLackWords, ValueTierLabel } from './words';
import './scores.css';

/** Has everybody's scores computed anew, and says when that has ended. */
function Recompute() {
  const { t } = useTranslation('scores');
  const { done, failed } = useNotice();
  const may = useMay()(SCORE_RECOMPUTE);
  const { recompute, running } = useRecompute({ onDone: (ended) => done(t(ended ? 'recomputed' : 'recompute_long')), onFailed: failed });
  return (
    <Act icon={<SyncOutlined />} loading={running} why={may ? undefined : t('not_allowed')} onClick={recompute}>
      {t(running ? 'recomputing' : 'recompute')}
    </Act>
  );
}

/** What was computed when, from which orders, and whether it may be relied on. */
function Standing({ run, customers }: { run: ScoreRun; customers: number }) {
  const { t } = useTranslation('scores');
  const format = useFormat();
  const lacks = useLackWords();
  return (
    <>
      <p className="quiet">
        {t('computed')} <DateTime at={run.happened_at} relative /> · {t('orders_from')} <DateTime at={run.window_from} /> {t('orders_until')} <DateTime at={run.window_until} /> · {t('people', { count: customers, shown: format.number(customers) })}
      </p>
      {run.verdict === 'too_little_data' && (
        <p className="score-note" role="status">
          <strong>{t('verdict.too_little_data')}</strong> {lacks(run)} {t('too_little_means')}
        </p>
      )}
    </>
  );
}

/** What the digits come to, with the people and what they bring. */
function Segments({ of }: { of: ScoreDistribution }) {
  const { t } = useTranslation('scores');
  const format = useFormat();
  const currency = of.run?.currency ?? '';
  const money = (amount_minor: number | null | undefined) => (typeof amount_minor === 'number' ? <Money compact value={{ amount_minor, currency }} /> : <Nothing />);
  const to = (row: RfmShare) => {
    const condition = conditionOfSegment(of.cells, row.segment);
    return condition && newSegment(condition, t(`segment.${row.segment}`));
  };
  return (
    <section className="card list-card" aria-labelledby="rfm-segments">
      <h2 id="rfm-segments" className="list-pad">
        {t('segments')}
      </h2>
      <Table<RfmShare>
        label={t('segments')}
        rows={of.segments.filter(({ count }) => count > 0)}
        rowKey={(row) => row.segment}
        rowName={(row) => t(`segment.${row.segment}`)}
        linkOf={to}
        onOpen={() => undefined}
        columns={[
          { id: 'segment', label: t('segment_is'), title: true, cell: (row) => <RfmLabel segment={row.segment} /> },
          { id: 'means', label: t('means'), wide: true, cell: (row) => <span className="small quiet">{t(`segment_means.${row.segment}`)}</span> },
          { id: 'count', label: t('people_is'), figure: true, cell: (row) => format.number(row.count) },
          { id: 'total', label: t('bought_for'), figure: true, cell: (row) => money(row.total_minor) },
          { id: 'expected', label: t('expected_value'), figure: true, cell: (row) => money(row.expected_value_minor) },
        ]}
      />
    </section>
  );
}

/** How much which part of the people is expected to bring. */
function Tiers({ of }: { of: ScoreDistribution }) {
  const { t } = useTranslation('scores');
  const format = useFormat();
  const all = of.tiers.reduce((sum, tier) => sum + tier.expected_value_minor, 0);
  return (
    <section className="card stack-tight" aria-labelledby="value-tiers">
      <h2 id="value-tiers">{t('tiers')}</h2>
      {of.tiers.length === 0 ? (
        <p className="quiet">{t('no_tiers')}</p>
      ) : (
        <>
          <p className="small quiet">{t('tiers_hint', { days: of.run?.horizon_days ?? 0, discount: format.number(of.run?.discount_percent ?? 0, 1) })}</p>
          <ul className="score-tiers">
            {of.tiers.map(({ tier, count, expected_value_minor }) => (
              <li key={tier}>
                <span className="row">
                  <ValueTierLabel tier={tier} />
                  <span className="grow small quiet">{t(`tier_means.${tier}`)}</span>
                  <span className="nowrap">{t('people', { count, shown: format.number(count) })}</span>
                </span>
                <span className="row">
                  <span className="score-bar" aria-hidden="true">
                    <i style={{ width: `${all > 0 ? (expected_value_minor / all) * 100 : 0}%` }} />
                  </span>
                  <span className="small nowrap">
                    <Money compact value={{ amount_minor: expected_value_minor, currency: of.run?.currency ?? '' }} /> · {format.percent(all > 0 ? expected_value_minor / all : 0, 0)}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Distribution() {
  const { t } = useTranslation('scores');
  const found = useDistribution();
  if (found.isPending) return <Skeleton rows={8} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const { run, customers, cells } = found.data;
  if (!run || customers === 0) {
    return (
      <EmptyState icon={<ExperimentOutlined />} title={t('empty')} hint={t('empty_hint')}>
        <Link to="/imports/new">{t('to_import')}</Link>
      </EmptyState>
    );
  }
  return (
    <div className="stack">
      <Standing run={run} customers={customers} />
      <div className="two-one">
        <section className="card stack-tight" aria-label={t('heat')}>
          <HeatMap cells={cells} />
          <p className="small quiet">{t('heat_hint')}</p>
        </section>
        <Tiers of={found.data} />
      </div>
      <Segments of={found.data} />
    </div>
  );
}

/** Scores (客户评分): how recently, how often and for how much people buy, and what they are expected to bring. */
export function Scores() {
  const { t } = useTranslation('scores');
  const [params, setParams] = useSearchParams();
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} actions={<Recompute />} />
      <Tabs
        activeKey={params.get('tab') ?? 'distribution'}
        onChange={(tab) => setParams(tab === 'distribution' ? {} : { tab })}
        destroyOnHidden
        items={[
          { key: 'distribution', label: t('distribution'), children: <Distribution /> },
          { key: 'models', label: t('models'), children: <Models /> },
        ]}
      />
    </>
  );
}
