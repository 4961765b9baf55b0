import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { EmptyState } from '@/parts/states';
import { type Level, levelOf } from './compare';
import type { FieldWeights, LevelWeight, MatchModel } from './contract';
import { useCode, useEffectWords } from './words';
import './matching.css';

const ROW_PX = 34;
/** The smallest share with two decimals. */
const RAREST = 0.0001;

const top = ({ levels }: FieldWeights) => Math.max(...levels.map((one) => one.level), 1);
const at = ({ levels }: FieldWeights, level: number) => levels.find((one) => one.level === level)?.weight ?? 0;

/** What being the same and being different says, field by field. */
function WeightChart({ fields }: { fields: FieldWeights[] }) {
  const { t } = useTranslation('matching');
  const format = useFormat();
  const field = useCode('field');
  const bits = (cell: unknown) => format.number(Number(cell), 1);
  // Charts count rows from below.
  const rows = [...fields].sort((a, b) => at(a, top(a)) - at(b, top(b)));
  const loudest = rows[rows.length - 1];
  const series = [
    { name: t('if_same'), of: (one: FieldWeights) => at(one, top(one)) },
    { name: t('if_differs'), of: (one: FieldWeights) => at(one, 0) },
  ];
  return (
    <Chart
      title={t('chart_title')}
      summary={t('chart_says', { field: loudest ? field(loudest.field) : '' })}
      height={rows.length * ROW_PX + 70}
      option={{
        legend: {},
        xAxis: { type: 'value', axisLabel: { formatter: (value: number) => bits(value) } },
        yAxis: { type: 'category', data: rows.map((one) => field(one.field)) },
        series: series.map(({ name, of }) => ({ type: 'bar' as const, stack: 'weight', name, data: rows.map(of), barMaxWidth: 16, tooltip: { valueFormatter: bits } })),
      }}
      table={{ head: [t('field_is'), ...series.map(({ name }) => name)], rows: [...rows].reverse().map((one) => [field(one.field), ...series.map(({ of }) => of(one))]), show: [String, bits, bits] }}
    />
  );
}

function LevelRow({ of, levels, level, first }: { of: FieldWeights; levels: number; level: LevelWeight; first: boolean }) {
  const { t } = useTranslation('matching');
  const format = useFormat();
  const field = useCode('field');
  const effect = useEffectWords();
  // A share too small to be written out is still one.
  const rare = (share: number) => (share > 0 && share < RAREST ? t('share.under', { share: format.percent(RAREST, 2) }) : format.percent(share, 2));
  const kind: Level = levelOf({ level: level.level, levels });
  return (
    <tr className={first ? 'first' : undefined}>
      {first && (
        <th scope="rowgroup" rowSpan={of.levels.length}>
          {field(of.field)}
        </th>
      )}
      <td>
        {effect(kind, level.weight)}
        {kind === 'similar' && levels > 2 && <span className="quiet small"> {t('step_of', { level: level.level, levels })}</span>}
      </td>
      <td className="figure">{rare(level.m)}</td>
      <td className="figure">{rare(level.u)}</td>
    </tr>
  );
}

/** What counts how much (权重): learned from the people themselves. */
export function Weights({ model }: { model: MatchModel }) {
  const { t } = useTranslation('matching');
  const format = useFormat();
  if (model.fields.length === 0) return <EmptyState title={t('no_weights')} hint={t('no_weights_hint')} />;
  return (
    <div className="stack">
      <p>{t('weights_hint')}</p>
      {!model.learned && <p className="match-note">{t('not_learned')}</p>}
      {model.skipped_blocks > 0 && <p className="match-note">{t('skipped', { count: model.skipped_blocks, shown: format.number(model.skipped_blocks) })}</p>}
      <WeightChart fields={model.fields} />
      <p className="small quiet">{t('bits_hint')}</p>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways is reached by keyboard */}
      <div className="match-weights" tabIndex={0} role="region" aria-label={t('weights')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('field_is')}</th>
              <th scope="col">{t('outcome')}</th>
              <th scope="col" className="figure">
                {t('m_is')}
              </th>
              <th scope="col" className="figure">
                {t('u_is')}
              </th>
            </tr>
          </thead>
          {model.fields.map((one) => (
            <tbody key={one.field}>
              {[...one.levels]
                .sort((a, b) => b.level - a.level)
                .map((level, i) => (
                  <LevelRow key={level.level} of={one} levels={top(one)} level={level} first={i === 0} />
                ))}
            </tbody>
          ))}
        </table>
      </div>
    </div>
  );
}
