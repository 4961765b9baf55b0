import { useTranslation } from 'react-i18next';
import type { NeedCluster } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { useMode } from '@/theme/mode';
import { chartColours, palettes } from '@/theme/palette';
import { clusterName } from './words';

const HEIGHT_PX = 300;
/** Diameters of the smallest and of the largest bubble. */
const SMALL_PX = 10;
const LARGE_PX = 44;
/** Bubbles with their name beside them; more would lie on each other. */
const NAMED = 8;

/** The next round figure above, with room for what stands beside the largest. */
function roundUp(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value)) / 2;
  return Math.max(2, Math.ceil((value * 1.1) / step) * step);
}

/** Clusters as bubbles: how often in the period before, how often now, and how many people; above the line it grows. */
export function Picture({ clusters, onPick }: { clusters: NeedCluster[]; onPick: (cluster: NeedCluster) => void }) {
  const { t } = useTranslation('needs');
  const format = useFormat();
  const { mode } = useMode();
  const { warn, quiet, lineStrong, ink } = palettes[mode];
  const people = Math.max(1, ...clusters.map((one) => one.people));
  const far = roundUp(Math.max(1, ...clusters.flatMap((one) => [one.count, one.previous_count])));
  const named = new Set([...clusters].sort((a, b) => b.count - a.count).slice(0, NAMED));
  const parts = [clusters.filter((one) => !one.unmet), clusters.filter((one) => one.unmet)];
  const at = (series: number, i: number) => parts[series]?.[i];
  const says = (one: NeedCluster | undefined) => (one ? `${clusterName(one)}\n${t('bubble_says', { count: format.number(one.count), before: format.number(one.previous_count), people: format.number(one.people) })}` : '');
  const growing = clusters.filter((one) => one.count > one.previous_count).length;
  // Both axes alike, so that the line where nothing changed is the diagonal.
  const axis = { type: 'value' as const, min: 0, max: far, axisLabel: { formatter: (value: number) => format.compact(value) }, nameLocation: 'middle' as const };
  return (
    <Chart
      title={t('picture')}
      summary={t('picture_says', { count: clusters.length, growing, unmet: parts[1]?.length ?? 0 })}
      height={HEIGHT_PX}
      option={{
        legend: {},
        tooltip: { trigger: 'item', formatter: (point) => (Array.isArray(point) ? '' : says(at(point.seriesIndex ?? 0, point.dataIndex))) },
        grid: { left: 30, right: 28, bottom: 26 },
        xAxis: { ...axis, name: t('before_axis'), nameGap: 28 },
        yAxis: { ...axis, name: t('now_axis'), nameGap: 38 },
        series: parts.map((part, unmet) => ({
          type: 'scatter' as const,
          name: t(unmet ? 'unmet' : 'met'),
          symbol: unmet ? 'diamond' : 'circle',
          color: unmet ? warn : chartColours[mode][0],
          itemStyle: { opacity: 0.75 },
          cursor: 'pointer',
          data: part.map((one) => ({
            value: [one.previous_count, one.count],
            symbolSize: SMALL_PX + Math.sqrt(one.people / people) * (LARGE_PX - SMALL_PX),
            label: { show: named.has(one), formatter: one.words[0] ?? '', position: 'right' as const, color: ink, fontSize: 12 },
          })),
          labelLayout: { hideOverlap: true },
          // Where both periods are alike.
          ...(unmet ? {} : { markLine: { silent: true, symbol: 'none', lineStyle: { color: lineStrong, type: 'dashed' as const }, label: { formatter: t('alike'), color: quiet, position: 'insideEndTop' as const }, data: [[{ coord: [0, 0] }, { coord: [far, far] }] as [object, object]] } }),
        })),
      }}
      table={{
        head: [t('need'), t('now_axis'), t('before_axis'), t('people')],
        rows: clusters.map((one) => [clusterName(one), one.count, one.previous_count, one.people]),
        show: [String, ...[1, 2, 3].map(() => (cell: unknown) => format.number(Number(cell)))],
      }}
      onPick={(series, i) => {
        const one = at(series, i);
        if (one) onPick(one);
      }}
    />
  );
}
