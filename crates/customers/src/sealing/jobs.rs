use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};

/// Seals personal values that lie plain, or under an older key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seal {}

impl JobKind for Seal {
    const KIND: &'static str = "customers.sealing";
}

#[async_trait]
impl Job<App> for Seal {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let seen = super::seal_all(&app.store).await?;
        if seen > 0 {
            tracing::info!(seen, "sealed personal values");
        }
        Ok(())
    }
}
