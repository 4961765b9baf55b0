use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry};

/// How often it is looked whose time has come.
const EVERY_MINUTES: u32 = 1;

/// Looks at the pages and feeds whose time has come.
#[derive(Debug, Serialize, Deserialize)]
pub struct LookAtWatches {}

impl JobKind for LookAtWatches {
    const KIND: &'static str = "rulebook.watches.look";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 3;
    const PRIORITY: i64 = -1;
}

#[async_trait]
impl Job<App> for LookAtWatches {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let count = Box::pin(super::look_due(app)).await?;
        super::look::drop_old(app).await?;
        tracing::debug!(count, "looked at {count} pages and feeds");
        Ok(())
    }
}

/// Adds the job and its schedule.
pub fn register(registry: &mut Registry<App>) {
    registry.job::<LookAtWatches>();
    registry.schedule(LookAtWatches::KIND, Every::minutes(EVERY_MINUTES), || LookAtWatches {});
}
