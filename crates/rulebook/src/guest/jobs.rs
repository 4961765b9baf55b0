use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry};

/// Ends invitations that are over; the door refuses them before this does.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndOver {}

impl JobKind for EndOver {
    const KIND: &'static str = "rulebook.guest.end_over";
    const MAX_ATTEMPTS: i64 = 3;
}

#[async_trait]
impl Job<App> for EndOver {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let count = super::end_over(app).await?;
        tracing::debug!(count, "ended {count} invitations of guests");
        Ok(())
    }
}

/// Adds the job and its time.
pub fn register(registry: &mut Registry<App>) {
    registry.job::<EndOver>().schedule(EndOver::KIND, Every::hours(6), || EndOver {});
}
