use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};

use super::service;

/// Takes entries off the list whose time is over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LiftExpired {}

impl JobKind for LiftExpired {
    const KIND: &'static str = "customers.suppression.lift_expired";
}

#[async_trait]
impl Job<App> for LiftExpired {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let lifted = service::lift_expired(&app.store).await?;
        tracing::debug!(lifted, "lifted expired suppressions");
        Ok(())
    }
}
