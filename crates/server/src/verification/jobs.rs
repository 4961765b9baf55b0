use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::jobs::{Every, Job, JobError, JobKind, Lease, Registry};

use super::service;

/// Verifies the audit log every day.
#[derive(Debug, Serialize, Deserialize)]
struct VerifyAudit {}

impl JobKind for VerifyAudit {
    const KIND: &'static str = "system.audit.verify";
}

#[async_trait]
impl Job<App> for VerifyAudit {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        service::verify(app).await?;
        Ok(())
    }
}

pub(crate) fn register(registry: &mut Registry<App>) {
    registry.job::<VerifyAudit>().schedule(VerifyAudit::KIND, Every::hours(24), || VerifyAudit {});
}
