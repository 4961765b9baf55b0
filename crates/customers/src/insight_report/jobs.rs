use async_trait::async_trait;
use http_kit::App;
use kernel::Caller;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};

use super::service;

/// Writes the report of the month before, once the day of the month has come that the company chose.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Write {}

impl JobKind for Write {
    const KIND: &'static str = "customers.insight_report.write";
}

#[async_trait]
impl Job<App> for Write {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let written = service::write_due(app, &Caller::system("customers.insight_report")).await?;
        if let Some(id) = written {
            tracing::info!(report.id = %id, "wrote the month's report on customers");
        }
        Ok(())
    }
}
