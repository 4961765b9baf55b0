use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Labelled, Result};
use serde::{Deserialize, Serialize};
use store::Audit;
use store::jobs::{Job, JobError, JobKind, Lease};

use super::{NeedCause, NeedRequest, NeedRun, compute};

/// Key under which no second search for needs waits.
const KEY: &str = "customers.need";

/// Finds what customers search for, say and buy together.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recompute {
    /// Why.
    pub cause: NeedCause,
}

impl Recompute {
    /// The one that runs every week.
    pub fn weekly() -> Self {
        Self { cause: NeedCause::Weekly }
    }
}

impl JobKind for Recompute {
    const KIND: &'static str = "customers.need.recompute";
}

#[async_trait]
impl Job<App> for Recompute {
    async fn run(&self, app: &App, _lease: &Lease) -> std::result::Result<(), JobError> {
        let run = compute::recompute(app, self.cause).await?;
        tracing::info!(run.id = %run.id, run.clusters, run.patterns, "found needs");
        Ok(())
    }
}

/// Puts the job in line, unless one waits.
pub(super) async fn ask(app: &App, caller: &Caller) -> Result<NeedRequest> {
    let mut tx = app.store.begin(caller).await?;
    tx.enqueue_once(&Recompute { cause: NeedCause::Staff }, KEY).await?;
    tx.audit(Audit::without_row("recompute", NeedRun::NOUN)).await?;
    let requested_at = tx.now();
    tx.commit().await?;
    Ok(NeedRequest { requested_at })
}
