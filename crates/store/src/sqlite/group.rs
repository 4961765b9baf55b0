//! The one writer, whose transactions share their commit when they come close together (组提交).
//!
//! Making a commit durable takes longer than most changes. So a change that ends gives its turn to those that wait
//! already and queues once more, behind them, to commit; whoever comes first of those that ended commits for all, and
//! nobody is told before. With nobody waiting this is an ordinary transaction. A change that joins an open group runs
//! in a savepoint, so that undoing it leaves the others.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::{Problem, Result};
use rusqlite::ErrorCode;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::Connection;
use crate::error::sqlite_problem;
use crate::store::{BUSY_TIMEOUT, WRITER_PRAGMAS};

/// How long a change waits before it asks again whether another process still writes.
const BUSY_PAUSE: Duration = Duration::from_millis(5);

type Told = oneshot::Sender<Result<()>>;
type Slot = Arc<Mutex<Seat>>;

/// The writer of a SQLite file.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    file: Arc<PathBuf>,
    slot: Slot,
}

/// Where one change at a time has its turn.
#[derive(Debug)]
struct Seat {
    file: Arc<PathBuf>,
    /// None once it is closed, or where it could not be opened anew.
    connection: Option<Connection>,
    group: Option<Group>,
    is_closed: bool,
}

/// Changes that commit together.
#[derive(Debug, Default)]
struct Group {
    ended: Vec<Told>,
    /// Set where SQLite may have undone everything: nothing of the group may commit.
    broken: Option<(u16, String)>,
}

/// The turn of one change; dropping it undoes the change.
#[derive(Debug)]
pub(crate) struct Turn {
    /// Holds the seat until the turn ends.
    held: Option<Held>,
}

#[derive(Debug)]
struct Held {
    slot: Slot,
    seat: OwnedMutexGuard<Seat>,
    /// True where the change runs in a savepoint of a group that was open already.
    joined: bool,
}

impl Writer {
    /// Opens a file, which is made when absent.
    pub fn open(file: PathBuf) -> rusqlite::Result<Self> {
        let connection = Some(Connection::open(&file, BUSY_TIMEOUT, WRITER_PRAGMAS)?);
        let file = Arc::new(file);
        let seat = Seat { file: Arc::clone(&file), connection, group: None, is_closed: false };
        Ok(Self { file, slot: Arc::new(Mutex::new(seat)) })
    }

    /// Returns the file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Returns true while no change has its turn.
    pub fn is_idle(&self) -> bool {
        self.slot.try_lock().is_ok()
    }

    /// Waits for the writer and begins a change.
    pub async fn begin(&self) -> Result<Turn> {
        let mut seat = self.seat().await?;
        let joined = seat.group.is_some();
        if joined {
            seat.run("SAVEPOINT change")?;
        } else {
            seat.open().await?;
            seat.group = Some(Group::default());
        }
        Ok(Turn { held: Some(Held { slot: self.slot.clone(), seat, joined }) })
    }

    /// Runs a script by itself.
    pub async fn script(&self, sql: &str) -> Result<()> {
        let mut seat = self.seat().await?;
        // What ended before is durable first.
        seat.commit();
        seat.connection()?.script(sql).map_err(sqlite_problem)
    }

    /// Makes durable what ended, and closes the file.
    pub async fn close(&self) {
        let mut seat = self.slot.lock().await;
        seat.commit();
        seat.is_closed = true;
        seat.connection = None;
    }

    async fn seat(&self) -> Result<OwnedMutexGuard<Seat>> {
        let turn = tokio::time::timeout(BUSY_TIMEOUT, self.slot.clone().lock_owned()).await;
        turn.map_err(|_| Problem::unavailable("store.busy"))
    }
}

impl Turn {
    /// Returns the connection, unless SQLite may have undone the change already.
    pub fn connection(&mut self) -> Result<&mut Connection> {
        let held = self.held.as_mut().ok_or_else(|| Problem::internal("a turn that has ended"))?;
        if let Some((status, code)) = held.seat.group.as_ref().and_then(|group| group.broken.as_ref()) {
            return Err(Problem::new(*status, code.clone()));
        }
        held.seat.connection()
    }

    /// Turns an error of a statement into a problem; after some of them nothing of the group may commit.
    pub fn refused(&mut self, error: rusqlite::Error) -> Problem {
        let fatal = is_fatal(&error);
        let problem = sqlite_problem(error);
        if fatal && let Some(group) = self.held.as_mut().and_then(|held| held.seat.group.as_mut()) {
            group.broken = Some(told(&problem));
        }
        problem
    }

    /// Ends the change and returns once it is durable. Goes on by itself where the caller stops waiting.
    pub async fn commit(mut self) -> Result<()> {
        let Some(held) = self.held.take() else { return Err(Problem::internal("a turn that has ended")) };
        let (told, heard) = oneshot::channel();
        tokio::spawn(held.leave(told));
        heard.await.unwrap_or_else(|_| Err(Problem::unavailable("store.busy")))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            held.undo();
        }
    }
}

impl Held {
    /// Adds the change to those that ended, lets those that wait go first, and then commits them all.
    async fn leave(mut self, told: Told) {
        let Some(group) = &mut self.seat.group else { return };
        if self.joined
            && group.broken.is_none()
            && let Err(problem) = self.seat.run("RELEASE change")
        {
            drop(told.send(Err(problem)));
            return;
        }
        let Some(group) = &mut self.seat.group else { return };
        group.ended.push(told);
        let Self { slot, seat, .. } = self;
        drop(seat);
        // Where somebody else committed for this change there is no group, or another one, which is as well served.
        slot.lock_owned().await.commit();
    }

    /// Undoes the change and leaves the others of its group.
    fn undo(mut self) {
        let is_broken = self.seat.group.as_ref().is_none_or(|group| group.broken.is_some());
        if !self.joined || is_broken {
            return self.seat.roll_back();
        }
        // What goes wrong here has ended the group.
        if self.seat.run("ROLLBACK TO change").is_ok() {
            drop(self.seat.run("RELEASE change"));
        }
    }
}

impl Seat {
    fn connection(&mut self) -> Result<&mut Connection> {
        self.connection.as_mut().ok_or_else(|| Problem::internal("the database is closed"))
    }

    /// Begins the transaction of a group, after other processes that write to the file.
    async fn open(&mut self) -> Result<()> {
        if self.connection.is_none() && !self.is_closed {
            let opened = Connection::open(&self.file, BUSY_TIMEOUT, WRITER_PRAGMAS);
            self.connection = Some(opened.map_err(sqlite_problem)?);
        }
        let until = Instant::now() + BUSY_TIMEOUT;
        loop {
            match self.connection()?.begin(BUSY_TIMEOUT) {
                Err(error) if is_busy(&error) && Instant::now() < until => {
                    tokio::time::sleep(BUSY_PAUSE).await
                }
                begun => return begun.map_err(sqlite_problem),
            }
        }
    }

    /// Runs a statement about a savepoint; a group in which one fails is lost.
    fn run(&mut self, sql: &'static str) -> Result<()> {
        let done = self.connection()?.execute(sql, &[]);
        done.map(drop).map_err(|error| {
            tracing::error!(%error, "a group of changes is lost");
            self.roll_back();
            sqlite_problem(error)
        })
    }

    /// Commits the open group, if there is one, and tells all that ended in it.
    fn commit(&mut self) {
        if self.group.as_ref().is_some_and(|group| group.broken.is_some()) {
            return self.roll_back();
        }
        let Some(group) = self.group.take() else { return };
        let done = self.connection().and_then(|connection| connection.commit().map_err(sqlite_problem));
        let done = done.map_err(|problem| told(&problem));
        if done.is_err() {
            self.end();
        }
        for one in group.ended {
            let answer = done.as_ref().copied().map_err(|(status, code)| Problem::new(*status, code.clone()));
            // Whoever stopped waiting is told nothing.
            drop(one.send(answer));
        }
    }

    /// Undoes the open group; all that ended in it are told so.
    fn roll_back(&mut self) {
        self.end();
        let Some(group) = self.group.take() else { return };
        let (status, code) = group.broken.unwrap_or_else(|| told(&Problem::unavailable("store.busy")));
        for one in group.ended {
            drop(one.send(Err(Problem::new(status, code.clone()))));
        }
    }

    /// Leaves the transaction; a connection that cannot is closed, and opened anew with the next change.
    fn end(&mut self) {
        if let Some(connection) = &mut self.connection
            && let Err(error) = connection.roll_back()
        {
            tracing::warn!(%error, "a transaction could not be undone; its connection is closed");
            self.connection = None;
        }
    }
}

fn told(problem: &Problem) -> (u16, String) {
    (problem.status, problem.code.to_string())
}

/// Returns true while another connection writes.
fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Returns true where SQLite may have undone the whole transaction by itself.
fn is_fatal(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(
        code,
        Some(
            ErrorCode::OutOfMemory
                | ErrorCode::OperationInterrupted
                | ErrorCode::SystemIoFailure
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::DiskFull
        )
    )
}
