use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry};

/// Sends what is due.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deliver {}

impl Deliver {
    /// One at a time.
    pub const KEY: &'static str = "rulebook.notification.deliver";
}

impl JobKind for Deliver {
    const KIND: &'static str = "rulebook.notification.deliver";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 1;
}

#[async_trait]
impl Job<App> for Deliver {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        Ok(super::deliver(app).await.map(drop)?)
    }
}

/// Adds the job and its time.
pub fn register(registry: &mut Registry<App>) {
    registry.job::<Deliver>().schedule(Deliver::KIND, Every::minutes(1), || Deliver {});
}
