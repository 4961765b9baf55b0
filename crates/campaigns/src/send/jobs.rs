use async_trait::async_trait;
use http_kit::App;
use kernel::{Id, Result, Timestamp};
use serde::{Deserialize, Serialize};
use store::jobs::{Every, Job, JobError, JobKind, Lease, Registry};
use store::{Observation, Tx};

use super::worker::Worker;
use super::{expand, sql};
use crate::campaign::{self, CampaignState};

/// How soon a campaign with a rate looks for room again.
const RATE_REST_MS: i64 = 2_000;

/// Plans the messages of a launched campaign.
#[derive(Debug, Serialize, Deserialize)]
struct Expand {
    campaign_id: Id,
}

/// Sends what is due of one campaign.
#[derive(Debug, Serialize, Deserialize)]
struct Deliver {
    campaign_id: Id,
}

/// Looks for messages that a lost worker left behind.
#[derive(Debug, Serialize, Deserialize)]
struct Sweep {
    /// Set where all workers before this time are gone: what they had on the wire is lost, whatever their leases say.
    #[serde(default)]
    gone_before: Option<Timestamp>,
}

impl JobKind for Expand {
    const KIND: &'static str = "campaigns.expand";
}

impl JobKind for Deliver {
    const KIND: &'static str = "campaigns.deliver";
    const MAX_ATTEMPTS: i64 = 100;
}

impl JobKind for Sweep {
    const KIND: &'static str = "campaigns.sweep";
}

/// Queues the planning of a campaign.
pub(crate) async fn expand_later(tx: &mut Tx, campaign_id: Id) -> Result<()> {
    tx.enqueue_once(&Expand { campaign_id }, &format!("campaigns.expand/{campaign_id}")).await.map(drop)
}

/// Queues the sending of a campaign; one worker at a time does it.
pub(crate) async fn wake(tx: &mut Tx, campaign_id: Id) -> Result<()> {
    tx.enqueue_once(&Deliver { campaign_id }, &format!("campaigns.deliver/{campaign_id}")).await.map(drop)
}

pub(crate) fn register(registry: &mut Registry<App>) {
    registry.job::<Expand>();
    registry.job::<Deliver>();
    registry.job::<Sweep>();
    registry.schedule(Sweep::KIND, Every::minutes(1), || Sweep { gone_before: None });
    registry.on_arrival(Sweep::KIND, |at| Sweep { gone_before: Some(at) });
}

#[async_trait]
impl Job<App> for Expand {
    async fn run(&self, app: &App, lease: &Lease) -> Result<(), JobError> {
        Ok(expand::expand(app, self.campaign_id, lease).await?)
    }
}

#[async_trait]
impl Job<App> for Sweep {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let mut tx = app.store.begin_observation(Observation::SendStep).await?;
        let lost = match self.gone_before {
            Some(arrival) => sql::give_up_before(&mut tx, arrival).await?,
            None => sql::give_up_lost(&mut tx).await?,
        };
        if lost > 0 {
            tracing::warn!(
                lost,
                "{lost} messages were on the wire when their worker was lost; they are unknown now"
            );
        }
        // A campaign whose worker was lost, or whose messages waited for the morning, goes on.
        for id in campaign::running_in(&mut tx).await? {
            wake(&mut tx, id).await?;
        }
        Ok(tx.commit().await?)
    }
}

#[async_trait]
impl Job<App> for Deliver {
    async fn run(&self, app: &App, lease: &Lease) -> Result<(), JobError> {
        let campaign = campaign::find(&app.store, self.campaign_id).await?;
        if campaign.state != CampaignState::Running {
            return Ok(());
        }
        let worker = Worker::new(app, campaign).await?;
        worker.work(lease).await?;
        match sql::next_due(&app.store, self.campaign_id).await? {
            // The minute's sweep wakes campaigns with messages for later; a rate wants it sooner.
            Some(at) if at <= app.store.now() && worker.has_rate() => {
                Err(JobError::RetryAt(app.store.now().plus_ms(RATE_REST_MS)))
            }
            _ => Ok(()),
        }
    }
}
