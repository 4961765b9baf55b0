use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};

use super::{measure, notice};

/// Measures the windows that have ended, and tells those who wait for an answer whose time is over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measure {}

impl JobKind for Measure {
    const KIND: &'static str = "customers.insight.measure";
}

#[async_trait]
impl Job<App> for Measure {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let measured = measure::measure(app).await?;
        let told = notice::overdue(app).await?;
        tracing::info!(measured, told, "measured the groups of insights");
        Ok(())
    }
}
