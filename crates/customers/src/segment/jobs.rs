use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};

use super::membership;

/// Counts every segment in use anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recount {}

impl JobKind for Recount {
    const KIND: &'static str = "customers.segment.recount";
}

#[async_trait]
impl Job<App> for Recount {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let counted = membership::recount(app).await?;
        tracing::info!(counted, "counted segments");
        Ok(())
    }
}
