import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { BudgetReportDetail, BudgetReportLine } from '@/api/schema';
import { Because } from '@/areas/system/decide';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime, Money, Nothing } from '@/parts/values';
import { Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { Explain } from './explain';
import './finance.css';

function State({ line }: { line: BudgetReportLine }) {
  const { t } = useTranslation('finance');
  if (!line.over_tolerance) return <StatePill tone="good">{t('within')}</StatePill>;
  return line.cause && line.measure ? <StatePill tone="info">{t('explained')}</StatePill> : <StatePill tone="bad">{t('to_explain')}</StatePill>;
}

function Lines({ detail, currency }: { detail: BudgetReportDetail; currency: string }) {
  const { t } = useTranslation('finance');
  const local = useLocal();
  const format = useFormat();
  const may = useMay()('governance.alert.answer');
  const { done, failed } = useNotice();
  const [line, setLine] = useState<BudgetReportLine>();
  const after = {
    onSuccess: async () => {
      setLine(undefined);
      done(t('saved'));
      await refresh('/api/v1/governance/reports', '/api/v1/rulebook/task');
    },
  };
  const explain = api.useMutation('post', '/api/v1/governance/reports/{id}/lines/{line_id}/explain', after);
  const finish = api.useMutation('post', '/api/v1/governance/reports/{id}/lines/{line_id}/finish-measure', { ...after, onError: failed });
  const path = (one: BudgetReportLine) => ({ params: { path: { id: detail.report.id, line_id: one.line_id } } });
  const money = (amount_minor: number) => <Money value={{ amount_minor, currency }} compact />;
  return (
    <section className="card">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the table scrolls sideways by keyboard too */}
      <div className="budget-grid" tabIndex={0} role="region" aria-label={t('lines')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('line')}</th>
              {(['plan', 'spent', 'committed', 'variance', 'forecast'] as const).map((word) => (
                <th key={word} scope="col" className="figure">
                  {t(word)}
                </th>
              ))}
              <th scope="col">{t('cause_measure')}</th>
            </tr>
          </thead>
          <tbody>
            {detail.lines.map((one) => (
              <tr key={one.line_id}>
                <th scope="row">{local(one.names) || one.code}</th>
                <td className="figure">{money(one.plan_minor)}</td>
                <td className="figure">{money(one.actual_minor)}</td>
                <td className="figure">{money(one.committed_minor)}</td>
                <td className="figure">{typeof one.variance_percent === 'number' ? `${format.number(one.variance_percent)} %` : <Nothing />}</td>
                <td className="figure">{money(one.forecast_minor)}</td>
                <td>
                  <div className="stack">
                    <State line={one} />
                    {one.cause && <span>{one.cause}</span>}
                    {one.measure && <span>{one.measure}</span>}
                    {one.over_tolerance && !detail.report.issued_at && may && <Button onClick={() => setLine(one)}>{t('explain')}</Button>}
                    {one.measure && detail.report.issued_at && !one.measure_done_at && may && <Button onClick={() => finish.mutate(path(one))}>{t('measure_done')}</Button>}
                    {one.measure_done_at && <StatePill tone="good">{t('measure_is_done')}</StatePill>}
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Explain title={t('explain')} open={Boolean(line)} busy={explain.isPending} error={explain.error} onClose={() => setLine(undefined)} onGive={(body) => line && explain.mutate({ ...path(line), body })} />
    </section>
  );
}

/** A monthly report (预算执行月报): plan, actual, forecast, and why lines differ; once issued it stays as it is. */
export function ReportPage() {
  const { t } = useTranslation('finance');
  const { id = '' } = useParams();
  const format = useFormat();
  const may = useMay();
  const { done } = useNotice();
  const [issuing, setIssuing] = useState(false);
  const found = api.useQuery('get', '/api/v1/governance/reports/{id}', { params: { path: { id } } });
  const budgetId = found.data?.report.budget_id ?? '';
  const budget = api.useQuery('get', '/api/v1/governance/budgets/{id}', { params: { path: { id: budgetId } } }, { enabled: Boolean(budgetId) });
  const issue = api.useMutation('post', '/api/v1/governance/reports/{id}/issue', {
    onSuccess: async () => {
      setIssuing(false);
      done(t('issued'));
      await refresh('/api/v1/governance', '/api/v1/rulebook/task');
    },
  });
  if (found.isPending) return <Skeleton shape="record" />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const { report } = found.data;
  const currency = budget.data?.budget.currency ?? 'CNY';
  const money = (amount_minor: number) => <Money value={{ amount_minor, currency }} />;
  return (
    <>
      <Record
        title={t('report_of', { month: report.month })}
        crumbs={[{ label: t('reports'), to: '/finance/reports' }]}
        state={report.issued_at ? <StatePill tone="good">{t('issued')}</StatePill> : <StatePill tone="warn">{t('not_issued')}</StatePill>}
        actions={
          !report.issued_at &&
          may('governance.report.issue') && (
            <Button type="primary" onClick={() => setIssuing(true)}>
              {t('issue')}
            </Button>
          )
        }
        facts={[
          { id: 'budget', label: t('budget'), value: <Link to={`/finance/budgets/${budgetId}`}>{budget.data?.budget.name}</Link> },
          { id: 'plan', label: t('plan'), value: money(report.plan_minor) },
          { id: 'spent', label: t('spent'), value: money(report.actual_minor) },
          { id: 'committed', label: t('committed'), value: money(report.committed_minor) },
          { id: 'variance', label: t('variance'), value: typeof report.variance_percent === 'number' ? `${format.number(report.variance_percent)} %` : undefined },
          { id: 'forecast', label: t('forecast'), value: money(report.forecast_minor) },
          { id: 'tolerance', label: t('tolerance'), value: `${format.number(report.tolerance_percent)} %` },
          { id: 'due', label: t('due'), value: <DateTime at={report.due_at} /> },
          { id: 'comment', label: t('comment'), value: report.comment },
        ]}
        notes={<p className="quiet">{t('forecast_says')}</p>}
        tabs={[{ id: 'lines', label: t('lines'), content: <Lines detail={found.data} currency={currency} /> }]}
      />
      <Because title={t('issue')} hint={t('issue_hint')} open={issuing} busy={issue.isPending} error={issue.error} onClose={() => setIssuing(false)} onGive={(comment) => issue.mutate({ params: { path: { id }, header: ifMatch(report) }, body: { comment } })} />
    </>
  );
}
