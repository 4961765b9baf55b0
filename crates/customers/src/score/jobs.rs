use std::sync::Arc;

use async_trait::async_trait;
use http_kit::App;
use kernel::Caller;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};
use tabular::ImportFinished;

use super::{ScoreCause, service};
use crate::persona;

/// Computes everybody's scores, and then the groups that people fall into.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recompute {
    /// Why.
    pub cause: ScoreCause,
}

impl Recompute {
    /// The one that runs every night.
    pub fn nightly() -> Self {
        Self { cause: ScoreCause::Nightly }
    }
}

impl JobKind for Recompute {
    const KIND: &'static str = "customers.score.recompute";
}

#[async_trait]
impl Job<App> for Recompute {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let run = service::recompute(app, self.cause).await?;
        let sets = persona::recompute_all(app).await?;
        tracing::info!(run.id = %run.id, run.scored, sets, "computed scores");
        Ok(())
    }
}

/// Computes everybody's scores after an import that may have changed them.
pub async fn after_import(app: Arc<App>, event: ImportFinished) -> Result<(), JobError> {
    if event.stored > 0 && event.noun == "orders" {
        service::ask(&app.store, &Caller::system("customers.score"), ScoreCause::Import).await?;
    }
    Ok(())
}
