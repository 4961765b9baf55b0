import { NotificationOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { Campaign } from '@/api/schema';
import { CampaignPill, useGoalWords, useMetricValue } from '@/areas/campaigns/words';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState } from '@/parts/states';
import { useMay } from '@/session/session';

/** Campaigns that home speaks of; the rest is one click away. */
const SHOWN = 3;

/** What a launched campaign has brought so far; each figure opens its rows. */
function Brought({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const value = useMetricValue();
  const results = api.useQuery('get', '/api/v1/campaigns/campaigns/{id}/results', { params: { path: { id: campaign.id } } }, { staleTime: 60_000 });
  if (!results.data) return null;
  const by = new Map(results.data.figures.map((figure) => [String(figure.key), figure.value]));
  const [sent, delivered, revenue] = ['sent', 'delivered', 'revenue'].map((key) => by.get(key) ?? 0);
  const goal = campaign.goal_metric && campaign.goal_target ? (by.get(String(campaign.goal_metric) === 'opens' ? 'opened' : String(campaign.goal_metric) === 'clicks' ? 'clicked' : String(campaign.goal_metric)) ?? 0) / campaign.goal_target : undefined;
  return (
    <dl className="home-figures">
      <div>
        <dt>{t('campaigns.revenue')}</dt>
        <dd>
          <Link to={`/campaigns/${campaign.id}?tab=orders`}>{value('revenue', revenue ?? 0)}</Link>
          {goal !== undefined && <span className={`small ${goal >= 1 ? 'good' : 'quiet'}`}>{t('campaigns.of_goal', { share: format.percent(goal, 0) })}</span>}
        </dd>
      </div>
      <div>
        <dt>{t('campaigns.delivered')}</dt>
        <dd>
          <Link to={`/campaigns/${campaign.id}?tab=sends&state=sent`}>{sent ? format.percent((delivered ?? 0) / sent) : '–'}</Link>
          <span className="small quiet">{t('campaigns.messages', { count: sent ?? 0 })}</span>
        </dd>
      </div>
    </dl>
  );
}

/** The latest campaigns: where they stand and what they brought. */
export function Campaigns() {
  const { t } = useTranslation('home');
  const may = useMay();
  const goal = useGoalWords();
  const allowed = may('campaigns.campaign.read');
  const campaigns = api.useQuery('get', '/api/v1/campaigns/campaigns', { params: { query: { page_size: SHOWN } } }, { enabled: allowed, staleTime: 60_000 });
  if (!allowed || campaigns.isError) return null;
  return (
    <section className="card" aria-labelledby="home-campaigns">
      <div className="row">
        <h2 id="home-campaigns" className="grow">
          {t('campaigns.title')}
        </h2>
        {campaigns.data && campaigns.data.items.length > 0 && <Link to="/campaigns">{t('campaigns.all')}</Link>}
      </div>
      {campaigns.isPending ? (
        <Skeleton rows={3} />
      ) : campaigns.data.items.length === 0 ? (
        <EmptyState icon={<NotificationOutlined />} title={t('campaigns.none')} hint={t('campaigns.none_hint')}>
          {may('campaigns.campaign.write') && <Link to="/campaigns/new">{t('campaigns.new')}</Link>}
        </EmptyState>
      ) : (
        <ul className="turns">
          {campaigns.data.items.map((campaign) => (
            <li key={campaign.id}>
              <div className="row">
                <Link to={`/campaigns/${campaign.id}`} className="strong">
                  {campaign.name}
                </Link>
                <CampaignPill state={campaign.state} />
                <span className="small quiet">{goal(campaign)}</span>
              </div>
              {campaign.launched_at && <Brought campaign={campaign} />}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
