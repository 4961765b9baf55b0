use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use kernel::{Id, Problem, Result};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::lease::LEASE_MS;
use super::presence::Presence;
use super::sql::{self, Claimed};
use super::{JobError, JobState, Lease, Pulse, Registry, outbox, rules, schedule};
use crate::audit::Sealer;
use crate::{Dialect, Observation, Store, args};

/// How often an idle worker looks by itself: other nodes' commits ring no bell here.
const POLL: Duration = Duration::from_secs(1);
/// How long running jobs may go on when the program stops; those left are put back.
const GRACE: Duration = Duration::from_secs(20);

/// Does the work of the queue (后台工作者).
#[derive(Debug)]
pub struct Runner<C> {
    store: Store,
    app: Arc<C>,
    registry: Registry<C>,
    workers: usize,
    sealer: Option<Sealer>,
    pulse: Pulse,
}

/// How a try ended.
enum Outcome {
    Done,
    Error(JobError),
    Lost,
    Stopped,
}

impl<C: Send + Sync + 'static> Runner<C> {
    /// Makes a runner that does `workers` jobs at a time.
    pub fn new(store: Store, app: Arc<C>, registry: Registry<C>, workers: usize) -> Self {
        Self { store, app, registry, workers: workers.max(1), sealer: None, pulse: Pulse::default() }
    }

    /// Seals the audit log too.
    #[must_use]
    pub fn sealing(mut self, sealer: Sealer) -> Self {
        self.sealer = Some(sealer);
        self
    }

    /// Lets others see that it lives.
    #[must_use]
    pub fn beating(mut self, pulse: Pulse) -> Self {
        self.pulse = pulse;
        self
    }

    /// Works until `shutdown`, then lets running jobs end and signs the last checkpoint.
    pub async fn run(self, shutdown: CancellationToken) {
        let runner = Arc::new(self);
        let presence = Presence::arrive(&runner.store, &runner.registry.arrivals).await;
        if let Err(problem) = &presence {
            // Without it, what dead workers hold is free when their leases run out.
            tracing::error!("the lock of the workers was not taken: {problem}");
        }
        let mut tasks = JoinSet::new();
        for _ in 0..runner.workers {
            let (runner, shutdown) = (runner.clone(), shutdown.clone());
            tasks.spawn(async move {
                runner.repeat(&shutdown, || runner.run_next(&shutdown)).await;
            });
        }
        if let Some(sealer) = runner.sealer.clone() {
            tasks.spawn(seal(sealer, shutdown.clone()));
        }
        runner.repeat(&shutdown, || runner.tick()).await;
        tasks.join_all().await;
        // What the last jobs did is chained as well.
        if let Some(sealer) = &runner.sealer
            && let Err(problem) = sealer.close().await
        {
            tracing::error!("the last audit checkpoint was not written: {problem}");
        }
        drop(presence);
    }

    /// Runs everything that is due now, and what that leads to, to the end; returns the number of tries.
    ///
    /// For tests and commands; see [`Self::drain`] for one that says when the database fails.
    pub async fn run_due(&self) -> usize {
        self.drain().await.unwrap_or_else(|problem| {
            tracing::error!("background work stopped: {problem}");
            0
        })
    }

    /// Runs everything that is due now to the end; returns the number of tries.
    pub async fn drain(&self) -> Result<usize> {
        let never = CancellationToken::new();
        let mut count = 0;
        loop {
            let found = self.tick().await?;
            if let Some(sealer) = &self.sealer {
                sealer.tick().await?;
            }
            if self.run_next(&never).await? {
                count += 1;
            } else if !found {
                return Ok(count);
            }
        }
    }

    /// Repeats `step` while it finds something; then waits for the bell or the poll.
    async fn repeat<F>(&self, shutdown: &CancellationToken, step: impl Fn() -> F)
    where
        F: Future<Output = Result<bool>>,
    {
        let bell = self.store.bell();
        while !shutdown.is_cancelled() {
            let rung = bell.notified();
            tokio::pin!(rung);
            // Listens before it looks, so that no ring in between is missed.
            rung.as_mut().enable();
            match step().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(problem) => {
                    tracing::error!("background work: {problem}");
                    // A bell that rings on would make a failing database busier.
                    tokio::select! { () = tokio::time::sleep(POLL) => {}, () = shutdown.cancelled() => {} }
                }
            }
            tokio::select! {
                () = rung => {}
                () = tokio::time::sleep(POLL) => {}
                () = shutdown.cancelled() => {}
            }
        }
    }

    /// Does what only the passing of time asks for; returns true where it may have made work.
    async fn tick(&self) -> Result<bool> {
        self.pulse.beat(self.store.now());
        schedule::tick(&self.store, &self.registry.schedules).await?;
        self.free_expired().await?;
        Ok(outbox::relay(&self.store, &self.registry.subscriptions).await? > 0)
    }

    async fn free_expired(&self) -> Result<()> {
        let now = self.store.now();
        if self.store.find::<Id>(sql::PEEK_EXPIRED, args![now]).await?.is_none() {
            return Ok(());
        }
        let mut tx = self.store.begin_observation(Observation::Upkeep).await?;
        let freed = tx.exec(sql::FREE_EXPIRED, args![now]).await?;
        tx.ring_on_commit();
        tx.commit().await?;
        tracing::warn!(jobs = freed, "{freed} jobs were left by workers that went silent");
        Ok(())
    }

    /// Claims one job and does it; returns false where none is due.
    async fn run_next(&self, shutdown: &CancellationToken) -> Result<bool> {
        let lease_id = Id::new();
        let Some(job) = self.claim(lease_id).await? else { return Ok(false) };
        let lease = Lease::new(self.store.clone(), job.id, lease_id, job.attempts, shutdown.clone());
        let outcome = tokio::select! {
            outcome = self.attempt(&job, &lease) => outcome,
            () = lease.keep() => Outcome::Lost,
            () = async { shutdown.cancelled().await; tokio::time::sleep(GRACE).await } => Outcome::Stopped,
        };
        match self.settle(&job, &lease, outcome).await {
            // Somebody else has the job now, and with it the say.
            Err(problem) if problem.code == "store.lease_lost" => {
                tracing::warn!(job.id = %job.id, job.kind = job.kind, "lease of job {} was lost", job.kind);
                Ok(true)
            }
            settled => settled.map(|()| true),
        }
    }

    async fn claim(&self, lease_id: Id) -> Result<Option<Claimed>> {
        let now = self.store.now();
        if self.store.find::<Id>(sql::PEEK, args![now]).await?.is_none() {
            return Ok(None);
        }
        let claim = match self.store.dialect() {
            Dialect::Sqlite => sql::CLAIM_SQLITE,
            Dialect::Postgres => sql::CLAIM_POSTGRES,
        };
        let mut tx = self.store.begin_observation(Observation::Upkeep).await?;
        let job = tx.find(claim, args![now, lease_id, now.plus_ms(LEASE_MS)]).await?;
        tx.commit().await?;
        Ok(job)
    }

    async fn attempt(&self, job: &Claimed, lease: &Lease) -> Outcome {
        let Some(handler) = self.registry.handler(&job.kind) else {
            // A newer node may know it: during an upgrade both run.
            let unknown = Problem::unavailable("store.job_kind_unknown").with("kind", &job.kind);
            return Outcome::Error(JobError::Retry(unknown));
        };
        match AssertUnwindSafe(handler.run(&job.payload, &self.app, lease)).catch_unwind().await {
            Ok(Ok(())) => Outcome::Done,
            Ok(Err(error)) => Outcome::Error(error),
            Err(_) => {
                Outcome::Error(JobError::Retry(Problem::internal(format!("job {} panicked", job.kind))))
            }
        }
    }

    async fn settle(&self, job: &Claimed, lease: &Lease, outcome: Outcome) -> Result<()> {
        let now = self.store.now();
        match outcome {
            Outcome::Done => lease.finish(JobState::Done, None).await,
            Outcome::Lost => Err(Problem::conflict("store.lease_lost")),
            Outcome::Stopped => lease.put_back(now).await,
            // Never at once: a job that waits for a time that has passed must not spin.
            Outcome::Error(JobError::RetryAt(when)) => lease.put_back(when.max(now.plus_ms(1_000))).await,
            Outcome::Error(JobError::Retry(problem)) if problem.code == "store.stopping" => {
                lease.put_back(now).await
            }
            Outcome::Error(JobError::Retry(problem)) if job.attempts < job.max_attempts => {
                let wait_ms = rules::back_off_ms(job.attempts);
                tracing::warn!(job.id = %job.id, job.kind = job.kind, "job {} goes on later: {problem}", job.kind);
                lease.retry_later(now.plus_ms(wait_ms), problem.to_string()).await
            }
            Outcome::Error(JobError::Retry(problem) | JobError::Fail(problem)) => {
                tracing::error!(job.id = %job.id, job.kind = job.kind, "job {} failed: {problem}", job.kind);
                lease.finish(JobState::Failed, Some(problem.to_string())).await
            }
        }
    }
}

/// Seals once a second, however often the bell rings: a batch costs one write.
async fn seal(sealer: Sealer, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        if let Err(problem) = sealer.tick().await {
            tracing::error!("the audit log was not sealed: {problem}");
        }
        tokio::select! { () = tokio::time::sleep(POLL) => {}, () = shutdown.cancelled() => {} }
    }
}
