use async_trait::async_trait;
use http_kit::App;
use kernel::Caller;
use serde::{Deserialize, Serialize};
use store::jobs::{Every, Job, JobError, JobKind, Lease, Registry};

use super::{CampaignState, launch, service, sql};
use crate::send;

/// Launches campaigns whose hour has come, and ends those whose every message is settled.
#[derive(Debug, Serialize, Deserialize)]
struct Tick {}

impl JobKind for Tick {
    const KIND: &'static str = "campaigns.tick";
}

#[async_trait]
impl Job<App> for Tick {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let caller = Caller::system("campaign schedule");
        for id in sql::due(&app.store, app.store.now()).await? {
            let campaign = sql::find(&app.store, id).await?;
            // One that a door refuses stays where it is, with its reason in the doors' records, and
            // holds up nobody else.
            if let Err(problem) = launch::launch(app, &caller, id, campaign.version).await {
                tracing::warn!(campaign.id = %id, "scheduled campaign {id} was not launched: {problem}");
            }
        }
        for id in sql::in_state(&app.store, CampaignState::Running).await? {
            let campaign = sql::find(&app.store, id).await?;
            let is_over = campaign.period_to.is_none_or(|to| to <= app.store.now());
            if is_over && campaign.expanded_at.is_some() && send::all_settled(&app.store, id).await? {
                service::finish(app, &caller, &campaign).await?;
            }
        }
        Ok(())
    }
}

pub(crate) fn register(registry: &mut Registry<App>) {
    registry.job::<Tick>();
    registry.schedule(Tick::KIND, Every::seconds(10), || Tick {});
}
