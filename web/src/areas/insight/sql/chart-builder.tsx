import { Form, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { figures } from './charts';
import { CHART_KINDS, type QueryChart, type SqlResult } from './contract';

interface BuilderProps {
  chart: QueryChart;
  result: SqlResult;
  onChange: (chart: QueryChart) => void;
}

/** Chooses how an answer is shown: the kind, the columns of the axis and of the figures, the column that tells series apart. */
export function ChartBuilder({ chart, result, onChange }: BuilderProps) {
  const { t } = useTranslation('sql');
  const names = result.columns.map(({ name }) => ({ value: name, label: name }));
  const measured = figures(result.columns).map(({ name }) => ({ value: name, label: name }));
  const one = chart.kind === 'pie' || chart.kind === 'number' || Boolean(chart.series);
  const set = (next: Partial<QueryChart>) => {
    const { x, y, series, kind } = { ...chart, ...next };
    const single = kind === 'pie' || kind === 'number' || Boolean(series);
    onChange({ kind, y: single ? y.slice(0, 1) : y, ...(x && kind !== 'number' ? { x } : {}), ...(series && kind !== 'pie' && kind !== 'number' ? { series } : {}) });
  };
  return (
    <Form layout="vertical" className="sql-builder" component="div">
      <Form.Item label={t('chart_kind')}>
        <Segmented aria-label={t('chart_kind')} value={chart.kind} options={CHART_KINDS.map((value) => ({ value, label: t(`chart.${value}`) }))} onChange={(kind) => set({ kind })} />
      </Form.Item>
      {chart.kind !== 'table' && (
        <div className="sql-builder-columns">
          {chart.kind !== 'number' && (
            <Form.Item label={t(chart.kind === 'pie' ? 'chart_slices' : 'chart_x')} htmlFor="chart-x">
              <Select id="chart-x" value={chart.x ?? null} options={names} onChange={(x: string | null) => set({ x })} />
            </Form.Item>
          )}
          <Form.Item label={t('chart_y')} htmlFor="chart-y">
            {one ? (
              <Select id="chart-y" value={chart.y[0] ?? null} options={measured} notFoundContent={t('chart_no_figures')} onChange={(y: string | null) => set({ y: y ? [y] : [] })} />
            ) : (
              <Select id="chart-y" mode="multiple" value={chart.y} options={measured} notFoundContent={t('chart_no_figures')} onChange={(y: string[]) => set({ y })} />
            )}
          </Form.Item>
          {chart.kind !== 'pie' && chart.kind !== 'number' && (
            <Form.Item label={t('chart_series')} htmlFor="chart-series">
              <Select id="chart-series" allowClear placeholder={t('chart_no_series')} value={chart.series ?? null} options={names.filter(({ value }) => value !== chart.x)} onChange={(series: string | undefined) => set({ series: series ?? null })} />
            </Form.Item>
          )}
        </div>
      )}
    </Form>
  );
}
