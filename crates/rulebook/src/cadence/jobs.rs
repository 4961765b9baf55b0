use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry};

use super::service;

/// How often cadences are looked at: what opens at 09:30 is there by 09:35.
const EVERY_MINUTES: u32 = 5;

/// Opens what is due by now.
#[derive(Debug, Serialize, Deserialize)]
pub struct OpenDue {}

impl JobKind for OpenDue {
    const KIND: &'static str = "rulebook.cadences.open";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 3;
}

#[async_trait]
impl Job<App> for OpenDue {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let count = service::open_due(app).await?;
        tracing::debug!(count, "opened {count} records that were due");
        Ok(())
    }
}

/// Adds the job and its schedule.
pub fn register(registry: &mut Registry<App>) {
    registry.job::<OpenDue>();
    registry.schedule(OpenDue::KIND, Every::minutes(EVERY_MINUTES), || OpenDue {});
}
