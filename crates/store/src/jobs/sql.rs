use kernel::Timestamp;
use serde::Deserialize;

use crate::statements::sql_on;

/// The next job that may run at `$1`: of each lane only the first that is not finished.
macro_rules! next_due {
    () => {
        "SELECT id FROM job AS candidate
         WHERE state = 'waiting' AND run_at <= $1
           AND (lane IS NULL OR NOT EXISTS (
                SELECT 1 FROM job AS earlier
                WHERE earlier.lane = candidate.lane AND earlier.state IN ('waiting', 'running')
                  AND earlier.lane_order < candidate.lane_order))
         ORDER BY priority DESC, run_at, id LIMIT 1"
    };
}

/// Hands one job out under lease `$2` until `$3`; `$lock` keeps other claimers from the same row.
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE job SET state = 'running', lease_id = $2, leased_until = $3, attempts = attempts + 1
             WHERE id = (",
            next_due!(),
            $lock,
            ") RETURNING id, kind, payload, attempts, max_attempts"
        )
    };
}

sql_on! { Sqlite:
    /// Claims on SQLite, where one transaction writes at a time.
    pub(crate) CLAIM_SQLITE = claim!("");
}

sql_on! { Postgres:
    /// Claims on PostgreSQL, stepping over rows that others claim at this moment.
    pub(crate) CLAIM_POSTGRES = claim!(" FOR UPDATE OF candidate SKIP LOCKED");
}

crate::sql! {
    /// Looks for work without taking the write lock.
    pub(crate) PEEK = next_due!();
    /// Puts a job into the queue, unless its key is there.
    pub(crate) ENQUEUE = "INSERT INTO job
        (id, kind, payload, state, priority, run_at, max_attempts, dedupe_key, created_at)
        VALUES ($1, $2, $3, 'waiting', $4, $5, $6, $7, $8)
        ON CONFLICT (dedupe_key) DO NOTHING";
    /// Ends a job; changes nothing where the lease was lost.
    pub(crate) FINISH = "UPDATE job SET state = $3, last_error = $4, finished_at = $5,
        lease_id = NULL, leased_until = NULL, dedupe_key = NULL
        WHERE id = $1 AND lease_id = $2";
    /// Lets a job wait for its next try.
    pub(crate) RETRY_LATER = "UPDATE job SET state = 'waiting', run_at = $3, last_error = $4,
        lease_id = NULL, leased_until = NULL
        WHERE id = $1 AND lease_id = $2";
    /// Puts a job back as if it had not been tried.
    pub(crate) PUT_BACK = "UPDATE job SET state = 'waiting', run_at = $3, attempts = attempts - 1,
        lease_id = NULL, leased_until = NULL
        WHERE id = $1 AND lease_id = $2";
    /// Extends a lease.
    pub(crate) EXTEND = "UPDATE job SET leased_until = $3 WHERE id = $1 AND lease_id = $2";
    /// Writes how far a job is.
    pub(crate) PROGRESS = "UPDATE job SET progress = $3 WHERE id = $1 AND lease_id = $2";
    /// Looks for leases whose holder went silent.
    pub(crate) PEEK_EXPIRED = "SELECT id FROM job WHERE state = 'running' AND leased_until < $1 LIMIT 1";
    /// Frees them; those that were tried often enough fail.
    pub(crate) FREE_EXPIRED = "UPDATE job SET
        state = CASE WHEN attempts < max_attempts THEN 'waiting' ELSE 'failed' END,
        finished_at = CASE WHEN attempts < max_attempts THEN NULL ELSE CAST($1 AS BIGINT) END,
        dedupe_key = CASE WHEN attempts < max_attempts THEN dedupe_key ELSE NULL END,
        last_error = 'store.job_abandoned', lease_id = NULL, leased_until = NULL
        WHERE state = 'running' AND leased_until < $1";
    /// Frees every lease; jobs that were tried often enough fail.
    pub(crate) FREE_ALL = "UPDATE job SET
        state = CASE WHEN attempts < max_attempts THEN 'waiting' ELSE 'failed' END,
        finished_at = CASE WHEN attempts < max_attempts THEN NULL ELSE CAST($1 AS BIGINT) END,
        dedupe_key = CASE WHEN attempts < max_attempts THEN dedupe_key ELSE NULL END,
        last_error = 'store.job_abandoned', lease_id = NULL, leased_until = NULL
        WHERE state = 'running'";
    /// Lets a failed or cancelled job run again from the beginning.
    pub(crate) RETRY = "UPDATE job SET state = 'waiting', run_at = $2, attempts = 0, finished_at = NULL
        WHERE id = $1 AND state IN ('failed', 'cancelled')";
    /// Takes a job out of the queue.
    pub(crate) CANCEL = "UPDATE job SET state = 'cancelled', finished_at = $2,
        lease_id = NULL, leased_until = NULL, dedupe_key = NULL
        WHERE id = $1 AND state IN ('waiting', 'running')";
    /// One job as the admin page shows it.
    pub(crate) FIND = "SELECT id, kind, state, priority, run_at, attempts, max_attempts, last_error, progress,
        created_at, finished_at FROM job WHERE id = $1";
    /// All jobs as the admin page shows them; conditions follow.
    pub(crate) LIST = "SELECT id, kind, state, priority, run_at, attempts, max_attempts, last_error, progress,
        created_at, finished_at FROM job WHERE TRUE";

    /// All schedules.
    pub(crate) SCHEDULES = "SELECT kind, next_run_at, last_run_at FROM job_schedule ORDER BY kind";
    /// Remembers a schedule that was not known.
    pub(crate) SCHEDULE_ADD = "INSERT INTO job_schedule (kind, next_run_at) VALUES ($1, $2)
        ON CONFLICT (kind) DO NOTHING";
    /// Moves a schedule on; touches nothing where another node did.
    pub(crate) SCHEDULE_MOVE = "UPDATE job_schedule
        SET next_run_at = $3, last_run_at = COALESCE($4, last_run_at)
        WHERE kind = $1 AND next_run_at = $2";

    /// Tells an event.
    pub(crate) EMIT = "INSERT INTO outbox_event (id, kind, payload, created_at) VALUES ($1, $2, $3, $4)";
    /// Looks for events that no handler got yet.
    pub(crate) PEEK_EVENT = "SELECT position FROM outbox_event WHERE relayed_at IS NULL LIMIT 1";
    /// Reads such events, oldest first.
    pub(crate) EVENTS = "SELECT position, kind, payload FROM outbox_event
        WHERE relayed_at IS NULL ORDER BY position LIMIT $1";
    /// Marks an event whose jobs are written.
    pub(crate) RELAYED = "UPDATE outbox_event SET relayed_at = $2 WHERE position = $1";

    /// Forgets jobs that are done.
    pub(crate) FORGET_DONE = "DELETE FROM job WHERE state = 'done' AND finished_at < $1";
    /// Forgets jobs that failed or were cancelled.
    pub(crate) FORGET_FAILED = "DELETE FROM job WHERE state IN ('failed', 'cancelled') AND finished_at < $1";
    /// Forgets events that were relayed.
    pub(crate) FORGET_EVENTS = "DELETE FROM outbox_event WHERE relayed_at < $1";
}

/// Head of the insert that makes one job per event and handler.
pub(crate) const DELIVERIES: &str = "INSERT INTO job
    (id, kind, payload, state, priority, run_at, max_attempts, lane, lane_order, created_at) VALUES";

/// A job that was handed out.
#[derive(Debug, Deserialize)]
pub(crate) struct Claimed {
    pub id: kernel::Id,
    pub kind: String,
    pub payload: String,
    pub attempts: i64,
    pub max_attempts: i64,
}

/// An event before its relay.
#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    pub position: i64,
    pub kind: String,
    pub payload: String,
}

/// Where a schedule stands.
#[derive(Debug, Deserialize)]
pub(crate) struct Scheduled {
    pub kind: String,
    pub next_run_at: Timestamp,
}
