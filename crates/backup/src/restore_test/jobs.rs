use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Id};
use serde::{Deserialize, Serialize};
use store::{Job, JobError, JobKind, Lease, Registry};

use super::service;
use crate::run::BegunBy;

/// Tests a restore.
#[derive(Debug, Serialize, Deserialize)]
pub struct TestRestore {
    /// What began it.
    pub begun_by: BegunBy,
    /// Who asked for it.
    pub asked_by: Option<Id>,
}

impl TestRestore {
    /// One at a time.
    pub const KEY: &'static str = "backup.test_restore";
}

impl JobKind for TestRestore {
    const KIND: &'static str = "backup.test_restore";
    const MAX_ATTEMPTS: i64 = 2;
}

#[async_trait]
impl Job<App> for TestRestore {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        Ok(service::test(app, &Caller::system("backup"), self.begun_by, self.asked_by).await.map(drop)?)
    }
}

/// Adds the job.
pub(crate) fn register(registry: &mut Registry<App>) {
    registry.job::<TestRestore>();
}
