use std::sync::Arc;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, DomainEvent, Id, Result};
use serde::{Deserialize, Serialize};
use store::Audit;
use store::jobs::{Job, JobError, JobKind, Lease};

/// Key under which no second copying waits.
const KEY: &str = "insight.projection";

/// Copies records anew for questions in SQL.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refresh {}

impl JobKind for Refresh {
    const KIND: &'static str = "insight.projection.refresh";
}

#[async_trait]
impl Job<App> for Refresh {
    async fn run(&self, app: &App, _lease: &Lease) -> std::result::Result<(), JobError> {
        let rows = super::refresh(app).await?;
        tracing::info!(rows, "copied records for questions in SQL");
        Ok(())
    }
}

/// Copies records soon, on somebody's wish.
pub(crate) async fn ask(app: &App, caller: &Caller) -> Result<()> {
    let mut tx = app.store.begin(caller).await?;
    tx.enqueue_once(&Refresh {}, KEY).await?;
    tx.audit(Audit::without_row("refresh", "insight.projection")).await?;
    tx.commit().await
}

/// What the customers' domain says when somebody is gone for good (客户已删除).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProfileErased {
    /// The empty place that is left.
    pub profile_id: Id,
}

impl DomainEvent for ProfileErased {
    const KIND: &'static str = "customers.profile.erased";
}

/// Copies anew at once: whoever is gone must not stay in a copy.
pub(crate) async fn after_erasure(app: Arc<App>, _event: ProfileErased) -> std::result::Result<(), JobError> {
    ask(&app, &Caller::system("projection")).await?;
    Ok(())
}
