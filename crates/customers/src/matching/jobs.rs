use std::sync::Arc;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Labelled, Result};
use serde::{Deserialize, Serialize};
use store::Audit;
use store::jobs::{Job, JobError, JobKind, Lease};
use tabular::ImportFinished;

use super::{MatchCandidate, find};

/// Key under which no second search waits.
const KEY: &str = "customers.match";

/// Looks for duplicates among everybody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Find {}

impl JobKind for Find {
    const KIND: &'static str = "customers.match.find";
}

#[async_trait]
impl Job<App> for Find {
    async fn run(&self, app: &App, _lease: &Lease) -> std::result::Result<(), JobError> {
        let standing = find(app).await?;
        tracing::info!(
            standing.records,
            standing.pairs_compared,
            standing.merged_by_rule,
            "looked for duplicates"
        );
        Ok(())
    }
}

/// Looks for duplicates soon, on somebody's wish.
pub(super) async fn ask(app: &App, caller: &Caller) -> Result<()> {
    let mut tx = app.store.begin(caller).await?;
    tx.enqueue_once(&Find {}, KEY).await?;
    tx.audit(Audit::without_row("find", MatchCandidate::NOUN)).await?;
    tx.commit().await.map(drop)
}

/// Looks for duplicates after an import that brought people.
pub async fn after_import(app: Arc<App>, event: ImportFinished) -> std::result::Result<(), JobError> {
    if event.stored > 0 && event.noun == "customers" {
        ask(&app, &Caller::system("match")).await?;
    }
    Ok(())
}
