import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { TierCounts, TierPreview } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { DateTime, Money } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import { useSession } from '@/session/session';
import { TierLabel, TIERS } from './words';

const countOf = (counts: TierCounts, tier: (typeof TIERS)[number]) => counts[tier.toLowerCase() as 'a' | 'b' | 'c' | 'd'];

/** How many people are in each tier, and how many would be. */
export function TierChart({ now, after }: { now: TierCounts; after?: TierCounts | undefined }) {
  const { t } = useTranslation('tiers');
  const format = useFormat();
  const navigate = useNavigate();
  const names = TIERS.map((tier) => t('customers:tier_is', { tier }));
  const series = [{ name: t('now'), counts: now }, ...(after ? [{ name: t('after'), counts: after }] : [])];
  return (
    <Chart
      title={t('distribution')}
      summary={names.map((name, i) => `${name} ${series.map((one) => format.number(countOf(one.counts, TIERS[i] ?? 'A'))).join(' → ')}`).join(t('comma'))}
      height={220}
      option={{
        ...(after ? { legend: {} } : {}),
        tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
        grid: { right: 48 },
        xAxis: { type: 'value', axisLabel: { formatter: (n: number) => format.compact(n) } },
        yAxis: { type: 'category', inverse: true, data: names },
        series: series.map((one) => ({
          type: 'bar',
          name: one.name,
          data: TIERS.map((tier) => countOf(one.counts, tier)),
          barMaxWidth: 18,
          label: { show: true, position: 'right', formatter: ({ value }) => format.number(Number(value)) },
        })),
      }}
      table={{
        head: [t('customers:tier'), ...series.map((one) => one.name)],
        rows: TIERS.map((tier, i) => [names[i] ?? tier, ...series.map((one) => countOf(one.counts, tier))]),
        show: [String, ...series.map(() => (cell: string | number | null) => format.number(Number(cell)))],
      }}
      onPick={(_, i) => void navigate(`/customers/profiles?tier=${TIERS[i] ?? 'A'}`)}
    />
  );
}

/** What a rule would change: who moves from where to where. Nothing has happened yet. */
export function Moves({ preview }: { preview: TierPreview }) {
  const { t } = useTranslation('tiers');
  const format = useFormat();
  const { session } = useSession();
  const moved = preview.moves.reduce((sum, move) => sum + move.count, 0);
  return (
    <div className="stack">
      <p className="strong">{moved ? t('moved', { count: moved, shown: format.number(moved) }) : t('nobody_moves')}</p>
      <ul className="tier-moves">
        {preview.moves.map((move) => (
          <li key={`${move.from_tier ?? ''}-${move.to_tier}`} className="row">
            {move.from_tier ? <TierLabel tier={move.from_tier} /> : <span className="quiet">{t('no_tier')}</span>}
            <span aria-hidden="true">→</span>
            <TierLabel tier={move.to_tier} />
            <span>{t('people', { count: move.count, shown: format.number(move.count) })}</span>
          </li>
        ))}
      </ul>
      {preview.movers.length > 0 && (
        <section className="card list-card" aria-label={t('movers')}>
          <h3 className="list-pad">{t('movers')}</h3>
          <Table
            label={t('movers')}
            rows={preview.movers}
            rowKey={(row) => row.profile_id}
            rowName={() => t('person')}
            linkOf={(row) => `/customers/profiles/${row.profile_id}`}
            onOpen={() => undefined}
            columns={[
              {
                id: 'move',
                label: t('move'),
                title: true,
                cell: (row) => (
                  <span className="row">
                    {row.from_tier ? <TierLabel tier={row.from_tier} /> : t('no_tier')} → <TierLabel tier={row.to_tier} />
                  </span>
                ),
              },
              { id: 'last', label: t('customers:last_order'), cell: (row) => <DateTime at={row.last_order_at} /> },
              { id: 'orders', label: t('customers:orders'), figure: true, cell: (row) => format.number(row.order_count) },
              { id: 'total', label: t('customers:total'), figure: true, cell: (row) => <Money value={session ? { amount_minor: row.total_minor, currency: session.currency } : null} /> },
            ]}
          />
        </section>
      )}
    </div>
  );
}
