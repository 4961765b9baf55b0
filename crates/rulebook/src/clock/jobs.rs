use std::sync::Arc;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Id, Result};
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry, Tx};

use super::{ClockStep, ladder, notice, recount};

/// Fires the steps of clocks whose time has come.
#[derive(Debug, Serialize, Deserialize)]
pub struct FireSteps {}

impl JobKind for FireSteps {
    const KIND: &'static str = "rulebook.clock_step.fire";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 3;
}

#[async_trait]
impl Job<App> for FireSteps {
    async fn run(&self, app: &App, lease: &Lease) -> Result<(), JobError> {
        while ladder::fire(app).await? > 0 {
            lease.check().await?;
        }
        Ok(())
    }
}

/// Counts the clocks that follow a calendar anew.
#[derive(Debug, Serialize, Deserialize)]
pub struct RecountClocks {
    /// The calendar.
    pub calendar_id: Id,
    /// Its new version.
    pub version: i64,
}

impl JobKind for RecountClocks {
    const KIND: &'static str = "rulebook.clocks.recount";
}

#[async_trait]
impl Job<App> for RecountClocks {
    async fn run(&self, app: &App, lease: &Lease) -> Result<(), JobError> {
        let count = recount::recount(app, self.calendar_id, self.version, Some(lease)).await?;
        tracing::info!(count, "counted {count} clocks anew");
        Ok(())
    }
}

/// Has the clocks that follow a calendar counted anew, once this change commits.
pub(crate) async fn follow(tx: &mut Tx, calendar_id: Id, version: i64) -> Result<()> {
    tx.enqueue(&RecountClocks { calendar_id, version }).await
}

/// Adds the jobs and schedules of clocks.
pub(crate) fn register(registry: &mut Registry<App>) {
    registry.job::<RecountClocks>();
    registry.job::<FireSteps>();
    registry.schedule(FireSteps::KIND, Every::minutes(1), || FireSteps {});
    registry.on("rulebook.clock_step.tell", |app: Arc<App>, step: ClockStep| async move {
        Ok(notice::told(&app, &step).await?)
    });
}
