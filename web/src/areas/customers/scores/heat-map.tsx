import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { RfmCell } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { mix } from '@/theme/contrast';
import { useMode } from '@/theme/mode';
import { palettes } from '@/theme/palette';
import { DIGITS } from './contract';
import { conditionOfCell, heat, newSegment } from './rfm';

const HEIGHT_PX = 320;
/** How much of the accent the fullest field shows; the figures on it stay readable. */
const FULLEST = { light: 0.42, dark: 0.5 };

/** How recently and how often people bought (RFM 热力图); a field opens a new segment of its people. */
export function HeatMap({ cells }: { cells: RfmCell[] }) {
  const { t } = useTranslation('scores');
  const format = useFormat();
  const navigate = useNavigate();
  const { mode } = useMode();
  const { card, link, ink } = palettes[mode];
  const fields = heat(cells);
  const most = Math.max(1, ...fields.map(({ count }) => count));
  const fullest = fields.find(({ count }) => count === most);
  const called = (i: number) => {
    const field = fields[i];
    return field ? t('cell', { recency: field.recency, frequency: field.frequency }) : '';
  };
  const open = (_: number, i: number) => {
    const field = fields[i];
    if (field) void navigate(newSegment(conditionOfCell(field), t('cell_segment', { recency: field.recency, frequency: field.frequency })));
  };
  return (
    <Chart
      title={t('heat')}
      summary={fullest ? t('heat_says', { recency: fullest.recency, frequency: fullest.frequency, shown: format.number(fullest.count), count: fullest.count }) : t('heat')}
      height={HEIGHT_PX}
      option={{
        tooltip: { trigger: 'item', formatter: (point) => (Array.isArray(point) ? '' : `${called(point.dataIndex)}\n${t('people', { count: fields[point.dataIndex]?.count ?? 0, shown: format.number(fields[point.dataIndex]?.count ?? 0) })}`) },
        // The names of the axes stand outside of what is kept free for their labels.
        grid: { left: 28, right: 8, top: 8, bottom: 24 },
        xAxis: { type: 'category', data: DIGITS.map(String), name: t('frequency_axis'), nameLocation: 'middle', nameGap: 28, splitArea: { show: false } },
        yAxis: { type: 'category', data: DIGITS.map(String), name: t('recency_axis'), nameLocation: 'middle', nameGap: 28 },
        visualMap: { show: false, min: 0, max: most, inRange: { color: [mix(card, link, 0.04), mix(card, link, FULLEST[mode])] } },
        series: [
          {
            type: 'heatmap',
            data: fields.map(({ recency, frequency, count }) => [frequency - 1, recency - 1, count]),
            label: { show: true, color: ink, formatter: ({ dataIndex }) => format.compact(fields[dataIndex]?.count ?? 0) },
            itemStyle: { borderColor: card, borderWidth: 2 },
            cursor: 'pointer',
          },
        ],
      }}
      table={{ head: [t('field'), t('people_is')], rows: fields.map(({ count }, i) => [called(i), count]), show: [String, (cell) => format.number(Number(cell))] }}
      onPick={open}
    />
  );
}
