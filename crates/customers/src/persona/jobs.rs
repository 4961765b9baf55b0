use async_trait::async_trait;
use http_kit::App;
use kernel::Id;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease};

use super::compute;

/// Finds the groups of one set anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recompute {
    /// The set.
    pub set_id: Id,
}

impl JobKind for Recompute {
    const KIND: &'static str = "customers.persona.recompute";
}

#[async_trait]
impl Job<App> for Recompute {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        compute::recompute(app, self.set_id).await?;
        Ok(())
    }
}
