use async_trait::async_trait;
use http_kit::App;
use kernel::Result;
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry, Tx};

use super::release;
use crate::record;

/// How often it is looked who joined and which document has a new version.
const EVERY_MINUTES: u32 = 15;

/// Releases new versions of documents, and gives those who joined what everybody has.
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
        let released = Box::pin(release::release_new(app)).await?;
        let count = Box::pin(record::newcomers(app)).await?;
        tracing::debug!(
            released,
            count,
            "released {released} documents, opened {count} records for those who joined"
        );
        Ok(())
    }
}

/// Has it looked who joined or got new permissions, or which document is new, once this change commits.
pub async fn expect_newcomers(tx: &mut Tx) -> Result<()> {
    tx.enqueue_once(&WelcomeNewcomers {}, WelcomeNewcomers::KIND).await.map(drop)
}

/// Adds the job and its schedule.
pub fn register(registry: &mut Registry<App>) {
    registry.job::<WelcomeNewcomers>();
    registry.schedule(WelcomeNewcomers::KIND, Every::minutes(EVERY_MINUTES), || WelcomeNewcomers {});
}
