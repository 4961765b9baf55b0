import { ExclamationCircleFilled, WarningFilled } from '@ant-design/icons';
import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BudgetBalance, BudgetDetail, BudgetLineDetail as LineDetail } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { Chart } from '@/parts/chart/chart';
import { Label } from '@/parts/pill';
import { MONTHS, sums } from './words';
import './finance.css';

const SHOWN = ['plan', 'committed', 'spent', 'rest'] as const;
type Shown = (typeof SHOWN)[number];

function figure(balance: BudgetBalance, shown: Shown): number {
  const { room, rest } = sums(balance);
  return { plan: room, committed: balance.committed_minor, spent: balance.spent_minor, rest }[shown];
}

/** True where a closed month differs from its plan by more than is tolerated. */
function deviates(balance: BudgetBalance, detail: BudgetDetail): boolean {
  const { room } = sums(balance);
  if (!detail.closed_months.includes(balance.month)) return false;
  return room > 0 ? Math.abs(balance.spent_minor - room) * 100 > room * detail.tolerance_percent : balance.spent_minor !== 0;
}

function Cell({ balance, detail, shown }: { balance: BudgetBalance; detail: BudgetDetail; shown: Shown }) {
  const { t } = useTranslation('finance');
  const format = useFormat();
  const money = { amount_minor: figure(balance, shown), currency: detail.budget.currency };
  return (
    <td className="figure">
      <span title={format.money(money)}>{format.moneyCompact(money)}</span>
      {balance.overrun && (
        <span className="budget-mark bad">
          <WarningFilled aria-hidden="true" /> {t('overrun')}
        </span>
      )}
      {!balance.overrun && deviates(balance, detail) && (
        <span className="budget-mark warn">
          <ExclamationCircleFilled aria-hidden="true" /> {t('deviates')}
        </span>
      )}
    </td>
  );
}

/** Lines by months: plan, reserved, spent or left; on a phone it scrolls sideways with the line's name in place. */
export function Grid({ detail, onLine }: { detail: BudgetDetail; onLine: (line: LineDetail) => void }) {
  const { t } = useTranslation('finance');
  const format = useFormat();
  const local = useLocal();
  const [shown, setShown] = useState<Shown>('plan');
  const total = (months: BudgetBalance[]) => format.moneyCompact({ amount_minor: months.reduce((sum, one) => sum + figure(one, shown), 0), currency: detail.budget.currency });
  return (
    <section className="card">
      <Segmented aria-label={t('grid_shows')} value={shown} onChange={setShown} options={SHOWN.map((value) => ({ value, label: t(`shows.${value}`) }))} />
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the table scrolls sideways by keyboard too */}
      <div className="budget-grid" tabIndex={0} role="region" aria-label={t('grid')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('line')}</th>
              {MONTHS.map((month) => (
                <th key={month} scope="col" className="figure">
                  {t('month_n', { month })}
                  {detail.closed_months.includes(month) && <Label>{t('closed')}</Label>}
                </th>
              ))}
              <th scope="col" className="figure">
                {t('whole_year')}
              </th>
            </tr>
          </thead>
          <tbody>
            {detail.lines.map((row) => (
              <tr key={row.line.id}>
                <th scope="row">
                  <button type="button" className="plain-button" onClick={() => onLine(row)}>
                    {local(row.line.names) || row.line.code}
                  </button>
                  <div className="small quiet">
                    <span className="data">{row.line.code}</span> · {t(`group.${row.line.cost_group}`)}
                    {row.line.contingency && ` · ${t('contingency')}`}
                  </div>
                </th>
                {row.months.map((balance) => (
                  <Cell key={balance.month} balance={balance} detail={detail} shown={shown} />
                ))}
                <td className="figure">{total(row.months)}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">{t('total')}</th>
              {MONTHS.map((month) => (
                <td key={month} className="figure">
                  {total(detail.lines.flatMap((row) => row.months.filter((one) => one.month === month)))}
                </td>
              ))}
              <td className="figure">{total(detail.lines.flatMap((row) => row.months))}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** What is spent and reserved month by month, added up, against the plan. */
export function Burn({ detail }: { detail: BudgetDetail }) {
  const { t } = useTranslation('finance');
  const format = useFormat();
  const { currency } = detail.budget;
  const money = (minor: number) => format.moneyCompact({ amount_minor: Math.round(minor), currency });
  const rise = (pick: (balance: BudgetBalance) => number) => {
    let sum = 0;
    return MONTHS.map((month) => (sum += detail.lines.flatMap((row) => row.months).reduce((all, one) => (one.month === month ? all + pick(one) : all), 0)));
  };
  const plan = rise((one) => sums(one).room);
  const used = rise((one) => sums(one).used);
  const names = MONTHS.map((month) => t('month_n', { month }));
  const tooltip = { valueFormatter: (value: unknown) => money(Number(value)) };
  return (
    <section className="card">
      <Chart
        title={t('burn')}
        summary={t('burn_says', { used: money(used[11] ?? 0), plan: money(plan[11] ?? 0) })}
        height={240}
        option={{
          legend: {},
          xAxis: { type: 'category', data: names },
          yAxis: { type: 'value', axisLabel: { formatter: (value: number) => money(value) } },
          series: [
            { type: 'line', name: t('plan'), data: plan, symbolSize: 4, lineStyle: { type: 'dashed' }, tooltip },
            { type: 'line', name: t('used'), data: used, symbolSize: 4, tooltip },
          ],
        }}
        table={{
          head: [t('month'), t('plan'), t('used')],
          rows: MONTHS.map((_, i) => [names[i] ?? '', plan[i] ?? 0, used[i] ?? 0]),
          show: [String, (cell) => money(Number(cell)), (cell) => money(Number(cell))],
        }}
      />
    </section>
  );
}
