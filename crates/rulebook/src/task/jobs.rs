use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry};

/// How often times are looked at.
const EVERY_MINUTES: u32 = 10;

/// Says that work comes due, or is late.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remind {}

impl JobKind for Remind {
    const KIND: &'static str = "rulebook.task.remind";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 3;
}

#[async_trait]
impl Job<App> for Remind {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let count = super::remind(app).await? + super::insist(app).await? + super::escalate(app).await?;
        tracing::debug!(count, "told {count} people of times");
        Ok(())
    }
}

/// Adds the job and its schedule.
pub fn register(registry: &mut Registry<App>) {
    registry.job::<Remind>();
    registry.schedule(Remind::KIND, Every::minutes(EVERY_MINUTES), || Remind {});
}
