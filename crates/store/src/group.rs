//! SQLite's one writer, whose transactions share their commit when they come close together (组提交).
//!
//! Making a commit durable takes longer than most changes. So a change that ends gives its turn to those that wait
//! already and queues once more, behind them, to commit; whoever comes first of those that ended commits for all, and
//! nobody is told before. With nobody waiting this is an ordinary transaction. A change that joins an open group runs
//! in a savepoint, so that undoing it leaves the others.

use std::sync::Arc;

use kernel::{Problem, Result};
use sqlx::sqlite::SqlitePool;
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::error::problem;
use crate::later::Later;
use crate::store::{BUSY_TIMEOUT, sqlite_args};

/// Primary result codes after which SQLite may have undone the whole transaction by itself: no memory, interrupted,
/// input or output failed, file corrupt, disk full.
const FATAL: [i32; 5] = [7, 9, 10, 11, 13];

type Told = oneshot::Sender<Result<()>>;
type Slot = Arc<Mutex<Option<Group>>>;

/// The writer of a SQLite file.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    pub pool: SqlitePool,
    slot: Slot,
}

/// Changes that commit together.
#[derive(Debug)]
struct Group {
    transaction: Transaction<'static, Sqlite>,
    ended: Vec<Told>,
    /// Set where SQLite may have undone everything: nothing of the group may commit.
    broken: Option<(u16, String)>,
}

/// The turn of one change; dropping it undoes the change.
#[derive(Debug)]
pub(crate) struct Turn {
    /// Holds the group until the turn ends.
    held: Option<Held>,
}

#[derive(Debug)]
struct Held {
    slot: Slot,
    group: OwnedMutexGuard<Option<Group>>,
    /// True where the change runs in a savepoint of a group that was open already.
    joined: bool,
    /// True once a statement was sent, the savepoint before it.
    spoke: bool,
}

impl Writer {
    pub fn new(pool: SqlitePool) -> Self {
        Self { pool, slot: Slot::default() }
    }

    /// Waits for the writer and begins a change.
    pub async fn begin(&self) -> Result<Turn> {
        let turn = tokio::time::timeout(BUSY_TIMEOUT, self.slot.clone().lock_owned()).await;
        let mut group = turn.map_err(|_| Problem::unavailable("store.busy"))?;
        let joined = group.is_some();
        if !joined {
            // Taking the write lock at once avoids the deadlock of two readers that both want to write.
            let transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(problem)?;
            *group = Some(Group { transaction, ended: Vec::new(), broken: None });
        }
        Ok(Turn { held: Some(Held { slot: self.slot.clone(), group, joined, spoke: false }) })
    }
}

impl Turn {
    /// Returns what has to go before the first statement of the change.
    pub fn opening(&self) -> Later {
        match &self.held {
            Some(held) if held.joined => Later::opening("SAVEPOINT change"),
            _ => Later::default(),
        }
    }

    /// Returns the connection, unless SQLite may have undone the change already.
    pub fn connection(&mut self) -> Result<&mut SqliteConnection> {
        let held = self.held.as_mut().ok_or_else(|| Problem::internal("a turn that has ended"))?;
        held.spoke = true;
        let group = held.group.as_mut();
        let group = group.ok_or_else(|| Problem::internal("a turn that has ended"))?;
        match &group.broken {
            Some((status, code)) => Err(Problem::new(*status, code.clone())),
            None => Ok(&mut group.transaction),
        }
    }

    /// Turns an error of a statement into a problem; after some of them nothing of the group may commit.
    pub fn refused(&mut self, error: sqlx::Error) -> Problem {
        let fatal = is_fatal(&error);
        let problem = problem(error);
        if fatal && let Some(group) = self.held.as_mut().and_then(|held| held.group.as_mut()) {
            group.broken = Some((problem.status, problem.code.to_string()));
        }
        problem
    }

    /// Ends the change with its last statements and returns once it is durable. Goes on by itself where the caller stops
    /// waiting.
    pub async fn commit(mut self, last: Later) -> Result<()> {
        let Some(held) = self.held.take() else { return Err(Problem::internal("a turn that has ended")) };
        let (told, heard) = oneshot::channel();
        tokio::spawn(held.leave(last, told));
        heard.await.unwrap_or_else(|_| Err(Problem::unavailable("store.busy")))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(mut held) = self.held.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(held.undo())),
            // The program ends: the whole group goes, and nobody of it is told that it is durable.
            Err(_) => *held.group = None,
        }
    }
}

impl Held {
    /// Adds the change to those that ended, lets those that wait go first, and then commits them all.
    async fn leave(mut self, last: Later, told: Told) {
        self.spoke = true;
        let Some(group) = self.group.as_mut() else { return };
        if group.broken.is_none()
            && let Err(error) = finish(&mut group.transaction, last, self.joined).await
        {
            let fatal = is_fatal(&error);
            let refusal = problem(error);
            if fatal {
                group.broken = Some(self::told(&refusal));
            }
            drop(told.send(Err(refusal)));
            return self.undo().await;
        }
        group.ended.push(told);
        let mine = Arc::clone(&self.slot);
        drop(self);
        let mut group = mine.lock_owned().await;
        // Where somebody else committed for this change there is no group, or another one, which is as well served.
        if let Some(open) = group.take() {
            open.commit().await;
        }
    }

    /// Undoes the change and leaves the others of its group.
    async fn undo(mut self) {
        let Some(group) = self.group.as_mut() else { return };
        if self.joined && !self.spoke && group.broken.is_none() {
            return;
        }
        if !self.joined || group.broken.is_some() {
            let Some(group) = self.group.take() else { return };
            return group.roll_back().await;
        }
        let undone = run(&mut group.transaction, "ROLLBACK TO change").await;
        let undone = match undone {
            Ok(()) => run(&mut group.transaction, "RELEASE change").await,
            Err(error) => Err(error),
        };
        if let Err(error) = undone {
            fail(&mut self.group, &error);
        }
    }
}

impl Group {
    async fn commit(self) {
        if self.broken.is_some() {
            return self.roll_back().await;
        }
        let done = self.transaction.commit().await.map_err(|error| told(&problem(error)));
        for one in self.ended {
            let answer = done.as_ref().copied().map_err(|(status, code)| Problem::new(*status, code.clone()));
            // Whoever stopped waiting is told nothing.
            drop(one.send(answer));
        }
    }

    async fn roll_back(self) {
        let (status, code) = self.broken.unwrap_or_else(|| told(&Problem::unavailable("store.busy")));
        if let Err(error) = self.transaction.rollback().await {
            tracing::warn!(%error, "a transaction could not be undone; its connection is closed");
        }
        for one in self.ended {
            drop(one.send(Err(Problem::new(status, code.clone()))));
        }
    }
}

/// Ends a group that can no longer commit; all that ended in it are told so.
fn fail(slot: &mut Option<Group>, error: &sqlx::Error) {
    tracing::error!(%error, "a group of changes is lost");
    drop(slot.take());
}

/// Sends the last statements of a change and, where it runs in one, the end of its savepoint.
async fn finish(
    transaction: &mut Transaction<'static, Sqlite>,
    mut last: Later,
    savepoint: bool,
) -> Result<(), sqlx::Error> {
    if last.is_empty() && !savepoint {
        return Ok(());
    }
    let end = if savepoint { "RELEASE change" } else { "" };
    let (text, args) = last.before(end.to_owned(), Vec::new());
    let args = sqlite_args(args).map_err(|problem| sqlx::Error::Protocol(problem.to_string()))?;
    sqlx::query_with(AssertSqlSafe(text), args).execute(&mut **transaction).await.map(drop)
}

async fn run(transaction: &mut Transaction<'static, Sqlite>, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(sql).execute(&mut **transaction).await.map(drop)
}

fn told(problem: &Problem) -> (u16, String) {
    (problem.status, problem.code.to_string())
}

/// Returns true where SQLite may have undone the transaction by itself.
fn is_fatal(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|database| database.code());
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| FATAL.contains(&(code & 0xff)))
}
