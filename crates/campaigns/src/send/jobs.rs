use async_trait::async_trait;
use futures::StreamExt;
use http_kit::App;
use kernel::ports::MailOutcome;
use kernel::{Id, Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use store::jobs::{Every, Job, JobError, JobKind, Lease, Registry};
use store::{Observation, Tx};

use super::claim::claim;
use super::links::Links;
use super::render::{Receiver, Renderer};
use super::settle::{Tried, settle};
use super::sql::{self, Planned};
use super::expand;
use crate::campaign::{self, Campaign, CampaignState};

/// Messages on the wire at a time, over the pool's connections.
const ON_THE_WIRE: usize = 64;
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
            tracing::warn!(lost, "{lost} messages were on the wire when their worker was lost; they are unknown now");
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
        loop {
            lease.check().await?;
            if worker.batch().await? {
                break;
            }
        }
        match sql::next_due(&app.store, self.campaign_id).await? {
            // The minute's sweep wakes campaigns with messages for later; a rate wants it sooner.
            Some(at) if at <= app.store.now() && worker.campaign.rate_per_minute.is_some() => {
                Err(JobError::RetryAt(app.store.now().plus_ms(RATE_REST_MS)))
            }
            _ => Ok(()),
        }
    }
}

/// Everything that stays the same over the batches of one run.
struct Worker<'a> {
    app: &'a App,
    campaign: Campaign,
    links: Links,
    renderer: Renderer,
}

impl<'a> Worker<'a> {
    async fn new(app: &'a App, campaign: Campaign) -> Result<Self> {
        let release = campaign.release_id;
        let release = release.ok_or_else(|| Problem::internal(format!("campaign {} runs without release", campaign.id)))?;
        let released = app.ports.release.get()?.open(release).await?;
        let numbers = sql::links(&app.store, campaign.id).await?;
        let renderer = Renderer::new(released, &campaign.name, Some(&numbers))?;
        Ok(Self { app, campaign, links: Links::of(app).await?, renderer })
    }

    /// Sends one batch; returns true where nothing is due now.
    async fn batch(&self) -> Result<bool> {
        let claimed = claim(self.app, &self.campaign).await?;
        if claimed.is_idle {
            return Ok(true);
        }
        let tried: Vec<Tried> = futures::stream::iter(claimed.messages)
            .map(|message| async move {
                let outcome = self.send(&message).await;
                Tried { message, outcome }
            })
            .buffer_unordered(ON_THE_WIRE)
            .collect()
            .await;
        if !tried.is_empty() {
            settle(self.app, self.campaign.id, claimed.lease, tried).await?;
        }
        Ok(false)
    }

    async fn send(&self, message: &Planned) -> MailOutcome {
        let receiver = Receiver {
            address: message.address.clone().unwrap_or_default(),
            name: message.name.clone().unwrap_or_default(),
            first_name: message.given_name.clone().unwrap_or_default(),
            city: message.city.clone().unwrap_or_default(),
            tier: message.tier.clone().unwrap_or_default(),
        };
        let places = self.links.places(message.id);
        let mail = match self.renderer.mail(&receiver, message.language, &places, &message.message_id) {
            Ok(mail) => mail,
            // A template that fails for one receiver fails for that receiver.
            Err(problem) => return MailOutcome::Refused { permanent: true, reply: problem.to_string() },
        };
        match self.app.ports.mail.get() {
            Ok(port) => port.send(&mail).await,
            Err(problem) => MailOutcome::NotSent { reason: problem.to_string() },
        }
    }
}

