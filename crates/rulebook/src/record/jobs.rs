use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry};

use super::forget::ForgetFile;
use super::{gather, timed};

/// How often it is looked what is due.
const EVERY_MINUTES: u32 = 5;
/// How often it is looked for what no register knows.
const GATHER_MINUTES: u32 = 15;

/// Does with records what their machines have the product do at a time.
#[derive(Debug, Serialize, Deserialize)]
pub struct DoWhatIsDue {}

impl JobKind for DoWhatIsDue {
    const KIND: &'static str = "rulebook.records.timed";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 3;
}

#[async_trait]
impl Job<App> for DoWhatIsDue {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let count = Box::pin(timed::do_what_is_due(app)).await?;
        tracing::debug!(count, "did what was due with {count} records");
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
    registry.job::<ForgetFile>();
    registry.job::<GatherUnknown>();
    registry.schedule(GatherUnknown::KIND, Every::minutes(GATHER_MINUTES), || GatherUnknown {});
    registry.job::<DoWhatIsDue>();
    registry.schedule(DoWhatIsDue::KIND, Every::minutes(EVERY_MINUTES), || DoWhatIsDue {});
}
