use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};

use super::service;
use crate::privacy::leak;

/// Tells the desk of clocks that are nearly over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Remind {}

impl JobKind for Remind {
    const KIND: &'static str = "customers.privacy.remind";
}

#[async_trait]
impl Job<App> for Remind {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let told = service::remind(app).await? + leak::remind(app).await?;
        tracing::debug!(told, "told the privacy desk of clocks that are nearly over");
        Ok(())
    }
}
