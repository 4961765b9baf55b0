use kernel::{Caller, Id, Page, PageQuery, Problem, Result, Timestamp};

use super::{JobFilter, JobKind, JobRow, ScheduleRow, sql};
use crate::{Audit, Query, Store, Tx, args};

impl Tx {
    /// Puts a job into the queue; it runs once this transaction commits.
    pub async fn enqueue<J: JobKind>(&mut self, job: &J) -> Result<()> {
        self.enqueue_at(job, self.now()).await
    }

    /// Puts a job into the queue; it runs not before `when`.
    pub async fn enqueue_at<J: JobKind>(&mut self, job: &J, when: Timestamp) -> Result<()> {
        self.enqueue_payload(Queued::of(job), when, None).await.map(drop)
    }

    /// Puts a job into the queue unless one with this key waits or runs; returns true where it was put.
    pub async fn enqueue_once<J: JobKind>(&mut self, job: &J, dedupe_key: &str) -> Result<bool> {
        self.enqueue_payload(Queued::of(job), self.now(), Some(dedupe_key)).await
    }

    pub(super) async fn enqueue_payload(
        &mut self,
        job: Queued,
        when: Timestamp,
        dedupe_key: Option<&str>,
    ) -> Result<bool> {
        let Queued { kind, payload, priority, max_attempts } = job;
        let args = args![Id::new(), kind, payload, priority, when, max_attempts, dedupe_key, self.now()];
        let added = self.exec(sql::ENQUEUE, args).await? == 1;
        self.ring_on_commit();
        Ok(added)
    }
}

/// A job as it stands in the queue, its type forgotten.
pub(super) struct Queued {
    kind: &'static str,
    payload: String,
    priority: i64,
    max_attempts: i64,
}

impl Queued {
    pub(super) fn of<J: JobKind>(job: &J) -> Self {
        Self {
            kind: J::KIND,
            payload: crate::json(job),
            priority: J::PRIORITY,
            max_attempts: J::MAX_ATTEMPTS,
        }
    }
}

/// Returns jobs, newest first.
pub async fn list(store: &Store, filter: &JobFilter, page: &PageQuery) -> Result<Page<JobRow>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .and_some("state =", filter.state.map(|state| state.as_str()))
        .and_some("kind =", filter.kind.as_deref())
        .and_some("id <", page.after::<Id>()?)
        .push(" ORDER BY id DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(store.list(query).await?, size, |job: &JobRow| job.id))
}

/// Returns the schedules with their next times.
pub async fn schedules(store: &Store) -> Result<Vec<ScheduleRow>> {
    store.all(sql::SCHEDULES, args![]).await
}

/// Lets a failed or cancelled job run again.
pub async fn retry(store: &Store, caller: &Caller, id: Id) -> Result<JobRow> {
    decide(store, caller, id, "retry", sql::RETRY).await
}

/// Takes a job out of the queue; a running one is stopped when its worker next looks.
pub async fn cancel(store: &Store, caller: &Caller, id: Id) -> Result<JobRow> {
    decide(store, caller, id, "cancel", sql::CANCEL).await
}

async fn decide(
    store: &Store,
    caller: &Caller,
    id: Id,
    action: &'static str,
    change: &'static str,
) -> Result<JobRow> {
    let mut tx = store.begin(caller).await?;
    let before: JobRow = tx.get(sql::FIND, args![id]).await?;
    if tx.exec(change, args![id, tx.now()]).await? == 0 {
        return Err(Problem::conflict("store.job_state").with("state", before.state));
    }
    let after: JobRow = tx.get(sql::FIND, args![id]).await?;
    tx.audit(Audit::new(action, "store.job", id).change(Some(&before), Some(&after))).await?;
    tx.ring_on_commit();
    tx.commit().await?;
    Ok(after)
}
