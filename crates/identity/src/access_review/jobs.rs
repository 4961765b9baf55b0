use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::{Job, JobError, JobKind, Lease};

use super::service;

/// Opens the access reviews of a new period; looks every hour, finds something twice a year.
#[derive(Debug, Serialize, Deserialize)]
pub struct OpenReviews {}

impl JobKind for OpenReviews {
    const KIND: &'static str = "identity.access_review.open";
}

#[async_trait]
impl Job<App> for OpenReviews {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        service::open_due(app).await?;
        Ok(())
    }
}
