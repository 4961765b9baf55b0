use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::{Problem, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Connection;
use crate::error::sqlite_problem;
use crate::store::{BUSY_TIMEOUT, READER_PRAGMAS};

/// Connections that nobody uses; none once they are closed.
type Idle = Arc<Mutex<Option<Vec<Connection>>>>;

/// Connections that read a SQLite file; they are opened as they are needed.
#[derive(Clone, Debug)]
pub(crate) struct Readers {
    file: Arc<PathBuf>,
    idle: Idle,
    seats: Arc<Semaphore>,
    most: u32,
}

/// One of them, taken; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Reader {
    connection: Option<Connection>,
    idle: Idle,
    _seat: OwnedSemaphorePermit,
}

impl Readers {
    /// Opens the first one, so that a file that cannot be read is known at once.
    pub fn open(file: PathBuf, most: u32) -> rusqlite::Result<Self> {
        let first = Connection::open(&file, BUSY_TIMEOUT, READER_PRAGMAS)?;
        let seats = Arc::new(Semaphore::new(most as usize));
        Ok(Self { file: Arc::new(file), idle: Arc::new(Mutex::new(Some(vec![first]))), seats, most })
    }

    /// Waits for one.
    pub async fn take(&self) -> Result<Reader> {
        let seat = tokio::time::timeout(BUSY_TIMEOUT, Arc::clone(&self.seats).acquire_owned()).await;
        let seat = seat.map_err(|_| Problem::unavailable("store.busy"))?.map_err(Problem::internal)?;
        let known = self.idle().as_mut().and_then(Vec::pop);
        let connection = match known {
            Some(connection) => connection,
            None => Connection::open(&self.file, BUSY_TIMEOUT, READER_PRAGMAS).map_err(sqlite_problem)?,
        };
        Ok(Reader { connection: Some(connection), idle: Arc::clone(&self.idle), _seat: seat })
    }

    /// Returns how many are open and how many of them wait.
    pub fn count(&self) -> (u32, usize) {
        let idle = self.idle().as_ref().map_or(0, Vec::len);
        let taken = self.most as usize - self.seats.available_permits();
        (u32::try_from(idle + taken).unwrap_or(u32::MAX), idle)
    }

    /// Closes those that wait, and lets nobody take another one.
    pub fn close(&self) {
        self.seats.close();
        *self.idle() = None;
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader {
    /// Returns the connection.
    pub fn connection(&mut self) -> Result<&mut Connection> {
        self.connection.as_mut().ok_or_else(|| Problem::internal("a reader that was given back"))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // One that cannot leave its transaction is closed.
        if let Some(mut connection) = self.connection.take()
            && connection.roll_back().is_ok()
            && let Some(idle) = &mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner)
        {
            idle.push(connection);
        }
    }
}
