import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useParams, useSearchParams } from 'react-router';
import type { InsightKind, InsightReportDetail, ReportFigure, ReportPart } from '@/api/schema';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { ExportMenu } from '@/patterns/list/export';
import { useMay } from '@/session/session';
import { INSIGHT_EDIT } from '../insights/calls';
import { NewInsight } from '../insights/new-insight';
import { Colleague } from '../sources/words';
import { reportAt, REPORTS, useReport } from './calls';
import { sectionsOf } from './figures';
import { Recipients } from './recipients';
import { Part } from './section';
import { useMonthName } from './words';
import './report.css';

/** What an insight of a part is about. */
const KINDS: Partial<Record<ReportPart, InsightKind>> = { needs: 'need' };

/** Leads to the part or figure that the address names. */
function useAnchor(): void {
  const { hash } = useLocation();
  useEffect(() => {
    if (hash) document.getElementById(decodeURIComponent(hash.slice(1)))?.scrollIntoView({ block: 'start' });
  }, [hash]);
}

/** Shows and hides how figures are computed; paper always has it. */
function Definitions() {
  const { t } = useTranslation('insight_reports');
  const [params, setParams] = useSearchParams();
  const shown = params.has('definitions');
  return (
    <Button aria-pressed={shown} onClick={() => setParams(shown ? {} : { definitions: '1' }, { replace: true, preventScrollReset: true })}>
      {t(shown ? 'definitions_hide' : 'definitions_show')}
    </Button>
  );
}

function Shown({ report }: { report: InsightReportDetail }) {
  const { t } = useTranslation('insight_reports');
  const month = useMonthName();
  const may = useMay()(INSIGHT_EDIT);
  const [params] = useSearchParams();
  const [figure, setFigure] = useState<ReportFigure>();
  const sections = sectionsOf(report.figures);
  useAnchor();
  return (
    <>
      <PageHead
        title={t('report_of', { month: month(report.month) })}
        crumbs={[{ label: t('title'), to: '/customers/insight-reports' }]}
        sub={
          <>
            {t('written_at')} <DateTime at={report.written_at} time /> · {report.written_by ? <Colleague id={report.written_by} /> : t('by_product')} · {t('frozen')}
          </>
        }
        actions={
          <>
            <Definitions />
            <ExportMenu path={`${REPORTS}/${report.id}/export`} filters={[]} icon={<DownloadOutlined />} />
            <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
              {t('print')}
            </Button>
          </>
        }
      />
      <div className={`stack report${params.has('definitions') ? ' with-definitions' : ''}`}>
        <nav className="row report-tool" aria-label={t('parts')}>
          {sections.map(({ part }) => (
            <Link key={part} to={`#${part}`} replace className="small">
              {t(`part.${part}`)}
            </Link>
          ))}
          {report.departments.length > 0 && (
            <Link to="#recipients" replace className="small">
              {t('recipients')}
            </Link>
          )}
        </nav>
        <p className="small quiet">
          {report.before_id ? (
            <>
              {t('compared')} <Link to={reportAt(report.before_id)} className="underlined">{t('open_before')}</Link>
            </>
          ) : (
            t('not_compared')
          )}
        </p>
        {sections.length === 0 ? <EmptyState title={t('no_figures')} hint={t('no_figures_hint')} /> : sections.map((section) => <Part key={section.part} section={section} currency={report.currency} onInsight={may ? setFigure : undefined} />)}
        <Recipients report={report} />
      </div>
      {figure && (
        <NewInsight
          open
          onClose={() => setFigure(undefined)}
          of={{ evidence: { type: 'report', report_id: report.id, figure: figure.code, ...(figure.key ? { key: figure.key } : {}) }, kind: KINDS[figure.part] ?? 'behaviour', title: t('insight_title', { month: month(report.month), figure: figure.title }) }}
        />
      )}
    </>
  );
}

/** One monthly report (客户洞察月报): what the month was like for customers, beside the month before. */
export function InsightReportPage() {
  const { id = '' } = useParams();
  const report = useReport(id);
  if (report.isPending) return <Skeleton shape="record" />;
  if (report.isError && !report.data) return <ErrorState error={report.error} retry={() => void report.refetch()} />;
  return <Shown key={id} report={report.data} />;
}
