use async_trait::async_trait;
use http_kit::App;
use lake::Lake;
use serde::{Deserialize, Serialize};
use store::args;
use store::jobs::{Job, JobError, JobKind, Lease};

use super::{service, sql};
use crate::condition::Condition;

/// Decides the conditions of all segments in use anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recompute {}

impl JobKind for Recompute {
    const KIND: &'static str = "customers.behaviour.recompute";
}

#[async_trait]
impl Job<App> for Recompute {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let trees: Vec<(Condition,)> = app.store.all(sql::IN_USE, args![]).await?;
        let wanted = service::conditions(trees.iter().map(|(tree,)| tree));
        service::recompute(&app.store, app.part::<Lake>().ok(), &wanted).await?;
        service::forget(&app.store).await?;
        Ok(())
    }
}
