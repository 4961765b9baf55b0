use async_trait::async_trait;
use http_kit::App;
use kernel::{Id, Result};
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Observation, Registry, args};

use super::{deadline, mail, sql};

/// How often steps that wait are looked at.
const EVERY_MINUTES: u32 = 5;

/// Mails somebody that a step waits for them, with links by which they can decide.
#[derive(Debug, Serialize, Deserialize)]
pub struct MailDecider {
    /// The approval.
    pub approval_id: Id,
    /// The step.
    pub step_id: Id,
    /// To whom.
    pub user_id: Id,
}

impl JobKind for MailDecider {
    const KIND: &'static str = "rulebook.approval.mail";
    const PRIORITY: i64 = 10;
}

#[async_trait]
impl Job<App> for MailDecider {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        Ok(mail::send(app, self).await?)
    }
}

/// Looks after steps that wait: reminds, calls others in, rejects; gives absences their stand-ins.
#[derive(Debug, Serialize, Deserialize)]
pub struct WatchApprovals {}

impl JobKind for WatchApprovals {
    const KIND: &'static str = "rulebook.approval.watch";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 3;
}

#[async_trait]
impl Job<App> for WatchApprovals {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        deadline::watch(app).await?;
        sweep(app).await?;
        Ok(())
    }
}

async fn sweep(app: &App) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::Upkeep).await?;
    tx.exec(sql::SWEEP_LINKS, args![tx.now().plus_days(-90)]).await?;
    tx.commit().await
}

/// Adds the jobs and schedules of approvals.
pub fn register(registry: &mut Registry<App>) {
    registry.job::<MailDecider>().job::<WatchApprovals>();
    registry.schedule(WatchApprovals::KIND, Every::minutes(EVERY_MINUTES), || WatchApprovals {});
}
