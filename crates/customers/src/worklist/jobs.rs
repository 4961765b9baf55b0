use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Labelled, Result};
use serde::{Deserialize, Serialize};
use store::Audit;
use store::jobs::{Job, JobError, JobKind, Lease};

use super::{WorklistItem, find};

/// Key under which no second search waits.
const KEY: &str = "customers.worklist";

/// Looks for what is wrong with what is known about people.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Find {}

impl JobKind for Find {
    const KIND: &'static str = "customers.worklist.find";
}

#[async_trait]
impl Job<App> for Find {
    async fn run(&self, app: &App, _lease: &Lease) -> std::result::Result<(), JobError> {
        let found = find(app).await?;
        tracing::info!(found, "looked for what is wrong with customers' data");
        Ok(())
    }
}

/// Looks soon, on somebody's wish.
pub(super) async fn ask(app: &App, caller: &Caller) -> Result<()> {
    let mut tx = app.store.begin(caller).await?;
    tx.enqueue_once(&Find {}, KEY).await?;
    tx.audit(Audit::without_row("find", WorklistItem::NOUN)).await?;
    tx.commit().await.map(drop)
}
