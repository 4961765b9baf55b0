use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use serde::{Deserialize, Serialize};
use store::jobs::{Every, Job, JobError, JobKind, Lease, Registry};

use super::{Campaign, CampaignState, launch, service, sql};
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
            if let Err(problem) = launch::launch(app, &caller, id, campaign.version).await {
                refused(app, &caller, &campaign, &problem).await?;
            }
        }
        for id in sql::in_state(&app.store, CampaignState::Running).await? {
            if let Err(problem) = finish_if_over(app, &caller, id).await {
                tracing::warn!(campaign.id = %id, "campaign {id} was not ended: {problem}");
            }
        }
        Ok(())
    }
}

/// A refusal will not pass by itself: the campaign goes back to its people. What may pass is tried again.
async fn refused(app: &App, caller: &Caller, campaign: &Campaign, problem: &Problem) -> Result<()> {
    let id = campaign.id;
    tracing::warn!(campaign.id = %id, "scheduled campaign {id} was not launched: {problem}");
    // 412: somebody changed it this very moment; the next look decides.
    if problem.status >= 500 || problem.status == 412 {
        return Ok(());
    }
    service::take_back(app, caller, campaign, problem).await
}

async fn finish_if_over(app: &App, caller: &Caller, id: Id) -> Result<()> {
    let campaign = sql::find(&app.store, id).await?;
    let is_over = campaign.period_to.is_none_or(|to| to <= app.store.now());
    if is_over && campaign.expanded_at.is_some() && send::all_settled(&app.store, id).await? {
        service::finish(app, caller, &campaign).await?;
    }
    Ok(())
}

pub(crate) fn register(registry: &mut Registry<App>) {
    registry.job::<Tick>();
    registry.schedule(Tick::KIND, Every::seconds(10), || Tick {});
}
