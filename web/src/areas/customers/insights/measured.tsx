import { useTranslation } from 'react-i18next';
import type { CustomerInsightDetail } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { DateTime } from '@/parts/values';
import { useMode } from '@/theme/mode';
import { chartColours } from '@/theme/palette';
import { type Pair, pairsOf, saysOf } from './rates';

const HEIGHT_PX = 220;

function useSentence(): (pair: Pair) => string | undefined {
  const { t } = useTranslation('insights');
  const format = useFormat();
  const rate = (percent: number | null | undefined) => (typeof percent === 'number' ? format.percent(percent / 100) : '–');
  const points = (by: number) => t('points', { by: `${by > 0 ? '+' : by < 0 ? '−' : '±'}${format.number(Math.abs(by), 1)}` });
  return (pair) => {
    const { group, everybody } = saysOf(pair);
    if (group === undefined) return undefined;
    const said = t('rate_says', { days: pair.days, before: rate(pair.before?.rate), after: rate(pair.after?.rate), by: points(group) });
    return everybody === undefined ? said : `${said}${t('rate_beside', { by: points(everybody) })}`;
  };
}

/** The repeat-purchase rate of the people concerned, before and after, beside everybody's. */
export function Measured({ row }: { row: CustomerInsightDetail }) {
  const { t } = useTranslation('insights');
  const format = useFormat();
  const sentence = useSentence();
  const { mode } = useMode();
  const [group, everybody] = [chartColours[mode][0], chartColours[mode][6]];
  const pairs = pairsOf(row.measurements);
  if (pairs.length === 0) return <p className="quiet">{t(row.segment_id || row.condition ? 'measured_later' : 'measured_nobody')}</p>;
  const bars = pairs.flatMap(({ days, before, after }) => [
    { name: t('window.before', { days }), of: before },
    { name: t('window.after', { days }), of: after },
  ]);
  const percent = (cell: unknown) => (typeof cell === 'number' ? format.percent(cell / 100) : '–');
  const said = pairs.map(sentence).filter((one) => one !== undefined);
  const waits = pairs.filter((pair) => saysOf(pair).waits !== undefined);
  return (
    <div className="stack-tight">
      <Chart
        title={t('measured')}
        summary={said.join(' ') || t('measured_waits')}
        height={HEIGHT_PX}
        option={{
          legend: {},
          xAxis: { type: 'category', data: bars.map(({ name }) => name), axisLabel: { interval: 0, width: 84, overflow: 'break' } },
          yAxis: { type: 'value', min: 0, axisLabel: { formatter: percent } },
          series: [
            { type: 'bar', name: t('this_group'), color: group, barMaxWidth: 32, data: bars.map(({ of }) => of?.rate ?? null), label: { show: true, position: 'top', formatter: ({ value }) => percent(value) }, tooltip: { valueFormatter: percent } },
            { type: 'bar', name: t('everybody'), color: everybody, barMaxWidth: 32, data: bars.map(({ of }) => of?.all_rate ?? null), label: { show: true, position: 'top', formatter: ({ value }) => percent(value) }, tooltip: { valueFormatter: percent } },
          ],
        }}
        table={{
          head: [t('window_is'), t('this_group'), t('buyers'), t('everybody'), t('all_buyers')],
          rows: bars.map(({ name, of }) => [name, of?.rate ?? null, of?.buyers ?? null, of?.all_rate ?? null, of?.all_buyers ?? null]),
          show: [String, percent, (cell) => format.number(Number(cell)), percent, (cell) => format.number(Number(cell))],
        }}
      />
      {said.map((one) => (
        <p key={one}>{one}</p>
      ))}
      {waits.map(({ days, after }) => (
        <p key={days} className="small quiet">
          {t('waits', { days })} <DateTime at={after?.window_until} />
        </p>
      ))}
      <p className="small quiet">{t('rate_means')}</p>
    </div>
  );
}
