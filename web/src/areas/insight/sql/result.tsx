import { EyeInvisibleOutlined } from '@ant-design/icons';
import { Tabs } from 'antd';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useFormat } from '@/format/use-format';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { ChartBuilder } from './chart-builder';
import type { QueryChart, SqlResult } from './contract';
import { ResultChart } from './result-chart';
import { Rows } from './rows';
import { useTook } from './words';

/** How an answer came about: how much of it is shown, until when it holds, how long it took, what was read. */
function Provenance({ result }: { result: SqlResult }) {
  const { t } = useTranslation('sql');
  const format = useFormat();
  const took = useTook();
  const count = result.rows.length;
  return (
    <div className="stack-tight">
      <p className="row sql-facts" role="status">
        <span className="strong">{t(result.cut ? 'cut' : 'rows_shown', { count, shown: format.number(count) })}</span>
        <span className="quiet">{t('took', { time: took(result.elapsed_ms) })}</span>
        {result.watermark && (
          <span className="quiet">
            {t('until')} <DateTime at={result.watermark} short time />
          </span>
        )}
        {result.scanned.files > 0 && <span className="quiet">{t('read', { count: result.scanned.files, size: format.bytes(result.scanned.bytes) })}</span>}
      </p>
      {result.cut && <p className="small">{t('cut_hint')}</p>}
      {result.masked.length > 0 && (
        <p className="small warn">
          <EyeInvisibleOutlined aria-hidden="true" /> {t('masked_columns')} <code className="anywhere">{result.masked.join(', ')}</code>
        </p>
      )}
    </div>
  );
}

interface ResultProps {
  title: string;
  result: SqlResult;
  chart: QueryChart;
  onChart: (chart: QueryChart) => void;
}

/** An answer, as rows and as a chart; the address keeps which. Writing on does not draw ten thousand rows again. */
export const Result = memo(function Result({ title, result, chart, onChart }: ResultProps) {
  const { t } = useTranslation('sql');
  const [params, setParams] = useSearchParams();
  const show = (tab: string) =>
    setParams(
      (was) => {
        const is = new URLSearchParams(was);
        is.set('show', tab);
        return is;
      },
      { replace: true, preventScrollReset: true },
    );
  const drawing = (
    <div className="stack">
      <ChartBuilder chart={chart} result={result} onChange={onChart} />
      {chart.kind === 'table' ? <p className="quiet">{t('chart_is_table')}</p> : chart.y.length === 0 || (!chart.x && chart.kind !== 'number') ? <p className="quiet">{t('chart_choose')}</p> : <ResultChart title={title} chart={chart} result={result} />}
    </div>
  );
  return (
    <section className="card stack sql-result" aria-labelledby="sql-result">
      <h2 id="sql-result">{t('result')}</h2>
      <Provenance result={result} />
      {result.rows.length === 0 ? (
        <EmptyState title={t('no_rows')} hint={t('no_rows_hint')} />
      ) : (
        <Tabs
          activeKey={params.get('show') ?? 'rows'}
          onChange={show}
          destroyOnHidden
          items={[
            { key: 'rows', label: t('as_rows'), children: <Rows result={result} /> },
            { key: 'chart', label: t('as_chart'), children: drawing },
          ]}
        />
      )}
    </section>
  );
});
