import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '@/api/client';
import type { Campaign, CampaignResults } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { type Tile, Tiles } from '@/patterns/board/board';
import { HoursChart, LanguagesChart, LinksTable } from './results-more';
import { isIn, useMetricValue } from './words';
import './campaigns.css';

type Figure = CampaignResults['figures'][number];

const TILES = ['sent', 'delivered', 'opened', 'clicked', 'unsubscribed', 'suppressed', 'orders', 'revenue'];
const FUNNEL = ['planned', 'sent', 'delivered', 'opened', 'clicked', 'orders'];
/** What a figure is compared with, where a share says more than the figure. */
const SHARE_OF: { [key: string]: string } = { sent: 'planned', delivered: 'sent', opened: 'delivered', clicked: 'delivered', unsubscribed: 'delivered', suppressed: 'planned' };

/** The tab and conditions that show the rows which a figure counts. */
export function rowsOf(figure: Figure): string {
  const [path = '', query = ''] = figure.rows.split('?');
  const params = new URLSearchParams(query);
  params.set('tab', path.split('/').at(-1) ?? 'sends');
  return `?${params}`;
}

function useTiles(results: CampaignResults): Tile[] {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const value = useMetricValue();
  const by = new Map(results.figures.map((figure) => [String(figure.key), figure]));
  return TILES.flatMap((key) => {
    const figure = by.get(key);
    if (!figure) return [];
    const base = by.get(SHARE_OF[key] ?? '');
    const notes = [
      base && base.value > 0 ? t('share_of', { share: format.percent(figure.value / base.value), of: t(`figure.${String(base.key)}`) }) : undefined,
      typeof figure.raw === 'number' && figure.raw !== figure.value ? t('raw', { count: figure.raw, said: format.number(figure.raw) }) : undefined,
    ].filter(Boolean);
    return [{ id: key, label: t(`figure.${key}`), value: value(key, figure.value), to: rowsOf(figure), meaning: t(`meaning.${key}`), note: notes.join(t('comma')) || undefined }];
  });
}

function Goal({ results }: { results: CampaignResults }) {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const value = useMetricValue();
  const { goal } = results;
  if (!goal) return null;
  const words = t('goal_reached', { metric: t(`metric.${goal.metric}`), reached: value(goal.metric, goal.reached), target: value(goal.metric, goal.target), percent: format.percent(goal.percent / 100) });
  return (
    <section className="card campaign-goal" aria-label={t('goal')}>
      <div className="strong">{words}</div>
      <progress max={100} value={Math.min(100, goal.percent)} aria-label={t('goal')} />
    </section>
  );
}

function Funnel({ results }: { results: CampaignResults }) {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const [, setParams] = useSearchParams();
  const steps = FUNNEL.flatMap((key) => results.figures.filter((figure) => String(figure.key) === key));
  const names = steps.map((figure) => t(`figure.${String(figure.key)}`));
  return (
    <section className="card">
      <Chart
        title={t('funnel')}
        summary={steps.map((figure, i) => `${names[i]} ${format.number(figure.value)}`).join(t('comma'))}
        option={{
          tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
          grid: { right: 56 },
          xAxis: { type: 'value', axisLabel: { formatter: (n: number) => format.compact(n) } },
          yAxis: { type: 'category', inverse: true, data: names },
          series: [{ type: 'bar', name: t('messages'), data: steps.map((figure) => figure.value), barMaxWidth: 22, label: { show: true, position: 'right', formatter: ({ value }) => format.compact(Number(value)) } }],
        }}
        table={{ head: [t('step_label'), t('messages')], rows: steps.map((figure, i) => [names[i] ?? '', figure.value]), show: [String, (cell) => format.number(Number(cell))] }}
        onPick={(_, i) => {
          const figure = steps[i];
          if (figure) setParams(new URLSearchParams(rowsOf(figure)));
        }}
      />
    </section>
  );
}

function Attribution({ results }: { results: CampaignResults }) {
  const { t } = useTranslation('campaigns');
  const { attribution } = results;
  return (
    <p className="quiet small">
      {t('attribution', { days: attribution.window_days, currency: attribution.currency })} {t('counted')} <DateTime at={results.counted_at} short time />
    </p>
  );
}

function Board({ campaign, results }: { campaign: Campaign; results: CampaignResults }) {
  const tiles = useTiles(results);
  return (
    <div className="stack">
      <div className="campaign-tiles">
        <Tiles tiles={tiles} />
      </div>
      <Goal results={results} />
      <div className="campaign-charts">
        <Funnel results={results} />
        <LanguagesChart campaignId={campaign.id} />
      </div>
      <HoursChart campaignId={campaign.id} />
      <LinksTable campaignId={campaign.id} />
      <Attribution results={results} />
    </div>
  );
}

/** What a campaign brought (活动效果): every figure opens the rows that it counts. */
export function Results({ campaign }: { campaign: Campaign }) {
  const results = api.useQuery(
    'get',
    '/api/v1/campaigns/campaigns/{id}/results',
    { params: { path: { id: campaign.id } } },
    { refetchInterval: isIn(campaign, 'running') ? 10_000 : false },
  );
  if (results.isPending) return <Skeleton shape="tiles" rows={8} />;
  if (results.isError) return <ErrorState error={results.error} retry={() => void results.refetch()} />;
  return <Board campaign={campaign} results={results.data} />;
}
