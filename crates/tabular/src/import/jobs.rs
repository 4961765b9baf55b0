use async_trait::async_trait;
use http_kit::App;
use kernel::Id;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobError, JobKind, Lease, Registry};

use super::run;

/// Stores the rows of an import.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RunImport {
    pub(super) import_id: Id,
}

impl JobKind for RunImport {
    const KIND: &'static str = "tabular.import.run";
}

#[async_trait]
impl Job<App> for RunImport {
    async fn run(&self, app: &App, lease: &Lease) -> Result<(), JobError> {
        let Err(problem) = run::run(app, self.import_id, Some(lease), &mut |_| ()).await else {
            return Ok(());
        };
        let error = JobError::from(problem);
        match &error {
            JobError::Fail(problem) if problem.code != "store.lease_lost" => {
                run::fail(app, self.import_id, problem).await?;
            }
            JobError::Retry(problem) if lease.attempt() >= Self::MAX_ATTEMPTS => {
                run::fail(app, self.import_id, problem).await?;
            }
            _ => {}
        }
        Err(error)
    }
}

/// Takes back the rows of an import.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct UndoImport {
    pub(super) import_id: Id,
}

impl JobKind for UndoImport {
    const KIND: &'static str = "tabular.import.undo";
}

#[async_trait]
impl Job<App> for UndoImport {
    async fn run(&self, app: &App, lease: &Lease) -> Result<(), JobError> {
        Ok(run::undo(app, self.import_id, lease).await?)
    }
}

pub(crate) fn register(registry: &mut Registry<App>) {
    registry.job::<RunImport>().job::<UndoImport>();
}
