import { BarChartOutlined, DownloadOutlined, TableOutlined } from '@ant-design/icons';
import { Button, Dropdown, Tooltip } from 'antd';
import type { EChartsOption } from 'echarts';
import type { ECharts } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { chartColours, palettes } from '@/theme/palette';
import { useMode } from '@/theme/mode';
import { type Cell, save, toCsv } from './csv';
import './chart.css';

/** The figures of a chart, which its table twin and its CSV show as they are. */
export interface ChartTable {
  head: string[];
  rows: Cell[][];
  /** How a column reads; the CSV keeps the plain figures. */
  show?: ((cell: Cell) => string)[];
}

interface ChartProps {
  title: string;
  /** What the chart says, in one sentence, for those who do not see it. */
  summary: string;
  option: EChartsOption;
  table: ChartTable;
  height?: number;
  /** Opens the rows behind a point: series and place in it. */
  onPick?: (seriesIndex: number, dataIndex: number) => void;
}

/** Colours, fonts and lines that every chart shares. */
function themed(option: EChartsOption, mode: 'light' | 'dark'): EChartsOption {
  const p = palettes[mode];
  const font = getComputedStyle(document.body).fontFamily;
  const axis = {
    axisLine: { lineStyle: { color: p.lineStrong } },
    axisTick: { show: false },
    axisLabel: { color: p.quiet, fontFamily: font },
    splitLine: { lineStyle: { color: p.line } },
    nameTextStyle: { color: p.quiet },
  };
  const axes = (given: unknown) => (Array.isArray(given) ? given : given ? [given] : []).map((one) => ({ ...axis, ...(one as object) }));
  return {
    color: chartColours[mode],
    textStyle: { fontFamily: font, color: p.ink },
    animationDuration: 250,
    aria: { enabled: true },
    // Drawn, not written into the page: the content security policy refuses styled HTML.
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: p.raised,
      borderColor: p.lineStrong,
      textStyle: { color: p.ink, fontFamily: font, fontSize: 12 },
    },
    ...option,
    grid: { left: 4, right: 12, top: option.legend ? 36 : 16, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel', ...option.grid },
    ...(option.legend ? { legend: { textStyle: { color: p.quiet }, top: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, ...option.legend } } : {}),
    xAxis: axes(option.xAxis) as EChartsOption['xAxis'],
    yAxis: axes(option.yAxis) as EChartsOption['yAxis'],
  };
}

function Drawing({ option, summary, height, onPick, onReady }: Omit<ChartProps, 'title' | 'table'> & { height: number; onReady: (chart: ECharts | null) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const { mode } = useMode();
  const [chart, setChart] = useState<ECharts | null>(null);

  useEffect(() => {
    let live: ECharts | undefined;
    let gone = false;
    const watcher = new ResizeObserver(() => live?.resize());
    void import('./echarts').then(({ init }) => {
      if (gone || !box.current) return;
      live = init(box.current);
      watcher.observe(box.current);
      setChart(live);
      onReady(live);
    });
    return () => {
      gone = true;
      watcher.disconnect();
      live?.dispose();
      onReady(null);
    };
  }, [onReady]);

  useEffect(() => {
    chart?.setOption(themed(option, mode), true);
  }, [chart, option, mode]);

  useEffect(() => {
    if (!chart || !onPick) return undefined;
    const pick = (event: { seriesIndex?: number; dataIndex: number }) => onPick(event.seriesIndex ?? 0, event.dataIndex);
    chart.on('click', pick as never);
    return () => void chart.off('click', pick as never);
  }, [chart, onPick]);

  return <div ref={box} className="chart-box" style={{ height }} role="img" aria-label={summary} />;
}

function Twin({ title, table, onPick }: Pick<ChartProps, 'title' | 'table' | 'onPick'>) {
  return (
    <div className="chart-twin">
      <table aria-label={title}>
        <thead>
          <tr>
            {table.head.map((name, i) => (
              <th scope="col" key={name} className={i ? 'figure' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, r) => (
            <tr key={String(row[0])}>
              {row.map((cell, c) => {
                const text = cell === null ? '–' : (table.show?.[c]?.(cell) ?? String(cell));
                return (
                  <td key={table.head[c]} className={c ? 'figure' : undefined}>
                    {onPick && c > 0 ? (
                      <button type="button" className="plain-button chart-open" onClick={() => onPick(c - 1, r)}>
                        {text}
                      </button>
                    ) : (
                      text
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A chart with its table twin, both of which open the rows behind a figure. */
export function Chart({ title, table, height = 240, ...drawing }: ChartProps) {
  const { t } = useTranslation();
  const { mode } = useMode();
  const [asTable, setAsTable] = useState(false);
  const [chart, setChart] = useState<ECharts | null>(null);
  const png = async () => {
    if (!chart) return;
    const url = chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: palettes[mode].card });
    const bytes = Uint8Array.from(atob(url.split(',')[1] ?? ''), (c) => c.charCodeAt(0));
    save(`${title}.png`, new Blob([bytes], { type: 'image/png' }));
  };
  const csv = () => save(`${title}.csv`, new Blob([toCsv(table.head, table.rows)], { type: 'text/csv' }));
  const items = [
    { key: 'csv', label: t('chart.csv'), onClick: csv },
    { key: 'png', label: t('chart.png'), onClick: () => void png(), disabled: asTable },
  ];
  return (
    <figure className="chart" aria-label={title}>
      <figcaption className="chart-head">
        <h2>{title}</h2>
        <span className="row">
          <Tooltip title={t(asTable ? 'chart.as_chart' : 'chart.as_table')}>
            <Button
              type="text"
              size="small"
              icon={asTable ? <BarChartOutlined /> : <TableOutlined />}
              aria-label={t(asTable ? 'chart.as_chart' : 'chart.as_table')}
              onClick={() => setAsTable(!asTable)}
            />
          </Tooltip>
          <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
            <Button type="text" size="small" icon={<DownloadOutlined />} aria-label={t('chart.save')} />
          </Dropdown>
        </span>
      </figcaption>
      {asTable ? <Twin title={title} table={table} {...(drawing.onPick ? { onPick: drawing.onPick } : {})} /> : <Drawing {...drawing} height={height} onReady={setChart} />}
    </figure>
  );
}
