use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};

use super::service;

/// Looks who took out or uncovered more than usual.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Watch {}

impl JobKind for Watch {
    const KIND: &'static str = "customers.privacy.watch";
}

#[async_trait]
impl Job<App> for Watch {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let found = service::watch(app).await?;
        tracing::debug!(found, "looked who took out more than usual");
        Ok(())
    }
}
