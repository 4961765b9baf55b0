use std::sync::Arc;

use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};
use tabular::ImportFinished;

use super::{TierCause, service};

/// Computes everybody's tier.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recompute {
    /// Why.
    pub cause: TierCause,
}

impl Recompute {
    /// The one that runs every night.
    pub fn nightly() -> Self {
        Self { cause: TierCause::Nightly }
    }
}

impl JobKind for Recompute {
    const KIND: &'static str = "customers.tier.recompute";
}

#[async_trait]
impl Job<App> for Recompute {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let run = service::recompute(app, self.cause).await?;
        tracing::info!(run.id = %run.id, run.changed, "computed tiers");
        Ok(())
    }
}

/// Computes everybody's tier after an import that may have changed it.
pub async fn after_import(app: Arc<App>, event: ImportFinished) -> Result<(), JobError> {
    if event.stored > 0 && matches!(event.noun.as_str(), "orders" | "customers") {
        service::recompute(&app, TierCause::Import).await?;
    }
    Ok(())
}
