//! Jobs (后台任务): work that is promised in a transaction and done after it.
//!
//! A job is put into the queue by the transaction that needs it, so both happen or neither. A
//! worker holds it under a lease; whoever lost the lease can neither finish the job nor fail it.
//! Every job may run twice (a node can die between the work and the note that it is done), so jobs
//! are written such that the second run changes nothing; [`Lease::guard`] helps.

mod lease;
mod outbox;
mod presence;
mod pulse;
mod registry;
mod rules;
mod runner;
mod schedule;
mod service;
pub(crate) mod sql;
mod upkeep;

use async_trait::async_trait;
use kernel::{Id, Labelled, Problem, Timestamp, text_enum};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

pub use lease::Lease;
pub use pulse::Pulse;
pub use registry::Registry;
pub use rules::Every;
pub use runner::Runner;
pub use service::{cancel, list, retry, schedules};

/// What can be put into the queue: plain data with a name.
pub trait JobKind: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its name, `<domain>.<noun>.<verb>`; stands in the queue, so it stays for ever.
    const KIND: &'static str;
    /// How often it is tried before it fails for good.
    const MAX_ATTEMPTS: i64 = 10;
    /// Higher goes first.
    const PRIORITY: i64 = 0;
}

/// How such a thing is done, with `C` at hand.
#[async_trait]
pub trait Job<C>: JobKind {
    /// Does it; long work calls [`Lease::check`] now and then.
    async fn run(&self, app: &C, lease: &Lease) -> Result<(), JobError>;
}

/// Why a job did not get done.
#[derive(Debug)]
pub enum JobError {
    /// Something is amiss that may pass: try again, later each time.
    Retry(Problem),
    /// Nothing is amiss, it is only too early: try again then; does not count as a try.
    RetryAt(Timestamp),
    /// It will never work: fail at once.
    Fail(Problem),
}

impl From<Problem> for JobError {
    /// What is the server's or the network's fault may pass; a refusal stays.
    fn from(problem: Problem) -> Self {
        if problem.status >= 500 || problem.status == 429 {
            Self::Retry(problem)
        } else {
            Self::Fail(problem)
        }
    }
}

text_enum! {
    /// State (状态) of a job.
    pub enum JobState {
        /// For its time or a free worker.
        Waiting = "waiting",
        /// A worker has it under a lease.
        Running = "running",
        /// Done.
        Done = "done",
        /// Tried in vain; a person may retry it.
        Failed = "failed",
        /// A person took it out of the queue.
        Cancelled = "cancelled",
    }
}

/// Job (后台任务) as the admin page shows it; its payload may name persons and stays inside.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct JobRow {
    /// Its id.
    pub id: Id,
    /// What it does.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// Higher goes first.
    pub priority: i64,
    /// When it runs or ran.
    pub run_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// How often it may be tried.
    pub max_attempts: i64,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// How far it is, in its own words.
    #[schema(value_type = Option<Object>)]
    pub progress: Option<Json>,
    /// When it was put into the queue.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

impl Labelled for JobRow {
    const NOUN: &'static str = "store.job";
}

/// Which jobs to list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct JobFilter {
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only in this state.
    pub state: Option<JobState>,
}

/// Schedule (定时任务) as the admin page shows it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ScheduleRow {
    /// Kind of the job that it puts into the queue.
    pub kind: String,
    /// When it does so next.
    pub next_run_at: Timestamp,
    /// When it did so last.
    pub last_run_at: Option<Timestamp>,
}

impl Labelled for ScheduleRow {
    const NOUN: &'static str = "store.schedule";
}
