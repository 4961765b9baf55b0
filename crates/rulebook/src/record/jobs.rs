use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry};

use super::{everybody, gather};

/// How often it is looked who joined.
const EVERY_MINUTES: u32 = 15;

/// Gives those who joined what everybody has.
#[derive(Debug, Serialize, Deserialize)]
pub struct WelcomeNewcomers {}

impl JobKind for WelcomeNewcomers {
    const KIND: &'static str = "rulebook.records.newcomers";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 3;
}

#[async_trait]
impl Job<App> for WelcomeNewcomers {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let count = Box::pin(everybody::newcomers(app)).await?;
        tracing::debug!(count, "opened {count} records for those who joined");
        Ok(())
    }
}

/// Opens records for what comes from where no register knows.
#[derive(Debug, Serialize, Deserialize)]
pub struct GatherUnknown {}

impl JobKind for GatherUnknown {
    const KIND: &'static str = "rulebook.records.gather";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 3;
    const PRIORITY: i64 = -1;
}

#[async_trait]
impl Job<App> for GatherUnknown {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let count = Box::pin(gather::gather(app)).await?;
        tracing::debug!(count, "opened {count} records for what no register knows");
        Ok(())
    }
}

/// Adds the jobs and their schedules.
pub fn register(registry: &mut Registry<App>) {
    registry.job::<GatherUnknown>();
    registry.schedule(GatherUnknown::KIND, Every::minutes(EVERY_MINUTES), || GatherUnknown {});
    registry.job::<WelcomeNewcomers>();
    registry.schedule(WelcomeNewcomers::KIND, Every::minutes(EVERY_MINUTES), || WelcomeNewcomers {});
}
