use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};

use super::service;

/// Lets every active retention rule run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Keep {}

impl JobKind for Keep {
    const KIND: &'static str = "customers.privacy.retention";
}

#[async_trait]
impl Job<App> for Keep {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let ran = service::keep_all(app).await?;
        tracing::info!(ran, "retention rules ran");
        Ok(())
    }
}
