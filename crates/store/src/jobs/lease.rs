use std::time::Duration;

use kernel::{Id, Problem, Result, Timestamp};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::sql;
use crate::{Observation, Store, Tx, args};

/// How long a silent worker keeps its job.
pub(super) const LEASE_MS: i64 = 60_000;
/// How often a worker says that it still has its job.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Lease (租约): the right to do one job, new with each try.
#[derive(Clone, Debug)]
pub struct Lease {
    store: Store,
    job_id: Id,
    lease_id: Id,
    attempt: i64,
    stopping: CancellationToken,
}

impl Lease {
    pub(super) fn new(
        store: Store,
        job_id: Id,
        lease_id: Id,
        attempt: i64,
        stopping: CancellationToken,
    ) -> Self {
        Self { store, job_id, lease_id, attempt, stopping }
    }

    /// Returns the job's id: the same for every try.
    pub fn job_id(&self) -> Id {
        self.job_id
    }

    /// Returns which try this is, from 1.
    pub fn attempt(&self) -> i64 {
        self.attempt
    }

    /// Returns the database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Extends the lease; refuses when another worker has the job or when the program is stopping.
    ///
    /// A job that ends with this refusal is neither failed nor done: it goes on elsewhere or later.
    pub async fn check(&self) -> Result<()> {
        if self.stopping.is_cancelled() {
            return Err(Problem::unavailable("store.stopping"));
        }
        self.update(sql::EXTEND, self.until()).await
    }

    /// Ties a transaction to the lease: it commits only while nobody else has the job.
    pub async fn guard(&self, tx: &mut Tx) -> Result<()> {
        let until = tx.now().plus_ms(LEASE_MS);
        held(tx.exec(sql::EXTEND, args![self.job_id, self.lease_id, until]).await?)
    }

    /// Writes how far the job is, for whoever waits for it.
    pub async fn progress(&self, progress: &impl Serialize) -> Result<()> {
        self.update(sql::PROGRESS, crate::json(progress)).await
    }

    /// Extends the lease now and then; returns when it is lost.
    pub(super) async fn keep(&self) {
        loop {
            tokio::time::sleep(HEARTBEAT).await;
            match self.update(sql::EXTEND, self.until()).await {
                Ok(()) => {}
                Err(problem) if problem.code == LOST => return,
                // The database may be back before the lease ends.
                Err(problem) => tracing::warn!(job.id = %self.job_id, "lease not extended: {problem}"),
            }
        }
    }

    pub(super) async fn finish(&self, state: super::JobState, error: Option<String>) -> Result<()> {
        let args = args![self.job_id, self.lease_id, state.as_str(), error, self.store.now()];
        self.change(sql::FINISH, args, true).await
    }

    pub(super) async fn retry_later(&self, when: Timestamp, error: String) -> Result<()> {
        self.change(sql::RETRY_LATER, args![self.job_id, self.lease_id, when, error], false).await
    }

    pub(super) async fn put_back(&self, when: Timestamp) -> Result<()> {
        self.change(sql::PUT_BACK, args![self.job_id, self.lease_id, when], false).await
    }

    fn until(&self) -> Timestamp {
        self.store.now().plus_ms(LEASE_MS)
    }

    async fn update(&self, sql: &'static str, value: impl Into<crate::Value>) -> Result<()> {
        self.change(sql, args![self.job_id, self.lease_id, value.into()], false).await
    }

    /// Changes the job's row; `frees` where the next job of its lane may begin.
    async fn change(&self, sql: &'static str, args: Vec<crate::Value>, frees: bool) -> Result<()> {
        let mut tx = self.store.begin_observation(Observation::Upkeep).await?;
        held(tx.exec(sql, args).await?)?;
        if frees {
            tx.ring_on_commit();
        }
        tx.commit().await
    }
}

/// Code of the refusal when another worker has the job, or a person cancelled it.
const LOST: &str = "store.lease_lost";

fn held(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Problem::conflict(LOST)) }
}
