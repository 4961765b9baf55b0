use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Id};
use lake::Lake;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};

use super::service;

/// How long to wait for somebody who takes events.
const AGAIN_MS: i64 = 5_000;
/// How long to wait for a backup that is being taken.
const LATER_MS: i64 = 60_000;

/// Does what lies outside the database of an erasure, and proves it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finish {
    /// The erasure.
    pub erasure_id: Id,
}

impl JobKind for Finish {
    const KIND: &'static str = "customers.privacy.erase";
}

#[async_trait]
impl Job<App> for Finish {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        // What lies in the log can be moved into files only by whoever takes events.
        if !app.part::<Lake>()?.takes_events() {
            return Err(JobError::RetryAt(app.store.now().plus_ms(AGAIN_MS)));
        }
        let found = service::finish(app, &Caller::system("customers.privacy"), self.erasure_id).await?;
        // What lies in the lake alone goes by itself: a backup that is being taken keeps its files for a moment.
        if found.hits > 0 && found.places.iter().all(|place| place.kept || place.place.starts_with("lake/")) {
            return Err(JobError::RetryAt(app.store.now().plus_ms(LATER_MS)));
        }
        tracing::info!(
            found.hits,
            found.rows,
            found.files,
            "searched everything for somebody who was erased"
        );
        Ok(())
    }
}
