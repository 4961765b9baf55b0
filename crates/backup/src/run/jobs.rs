use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Id};
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry};

use super::BegunBy;
use super::service::{self, Taking};

/// Looks whether anything is due or missing.
#[derive(Debug, Serialize, Deserialize)]
pub struct Check {}

impl JobKind for Check {
    const KIND: &'static str = "backup.check";
    const PRIORITY: i64 = 10;
}

#[async_trait]
impl Job<App> for Check {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        Ok(service::check(app).await?)
    }
}

/// Takes a backup.
#[derive(Debug, Serialize, Deserialize)]
pub struct Take {
    /// What began it.
    pub begun_by: BegunBy,
    /// Who asked for it.
    pub asked_by: Option<Id>,
    /// True: the master key goes in.
    pub master_key: bool,
}

impl Take {
    /// One at a time.
    pub const KEY: &'static str = "backup.take";
}

impl JobKind for Take {
    const KIND: &'static str = "backup.take";
    // The hourly check tries again, and knows what failed meanwhile.
    const MAX_ATTEMPTS: i64 = 1;
}

#[async_trait]
impl Job<App> for Take {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let how = Taking {
            begun_by: self.begun_by,
            asked_by: self.asked_by,
            master_key: self.master_key,
            to: None,
        };
        service::take(app, &Caller::system("backup"), &how).await.map(drop).map_err(JobError::Fail)
    }
}

/// Reads a backup again.
#[derive(Debug, Serialize, Deserialize)]
pub struct Verify {
    /// Which.
    pub run_id: Id,
}

impl JobKind for Verify {
    const KIND: &'static str = "backup.verify";
    const MAX_ATTEMPTS: i64 = 2;
}

#[async_trait]
impl Job<App> for Verify {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        Ok(service::verify(app, &Caller::system("backup"), self.run_id).await.map(drop)?)
    }
}

/// Adds the jobs and their times.
pub(crate) fn register(registry: &mut Registry<App>) {
    registry.job::<Check>().job::<Take>().job::<Verify>().schedule(Check::KIND, Every::hours(1), || Check {});
}
