//! Presence (在场): a lock that every worker process shares while it lives, and that it loses however it dies.
//!
//! A lease says how long a silent worker keeps its job, because nobody can tell a dead worker from a slow one.
//! Whoever comes and has the lock to himself can: there is no other worker, so every lease is a dead one's and
//! need not run out. A worker that only lost its connection finds its leases gone, as if they had run out.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use kernel::{Problem, Result};
use sqlx::PgConnection;

use super::registry::Arrival;
use super::sql;
use crate::store::Pools;
use crate::{Observation, Store, args};

/// Name of the lock among PostgreSQL's advisory locks: "workers" as a number.
const LOCK: i64 = 0x0077_6f72_6b65_7273;

/// The shared lock, held until this is dropped or the process dies.
#[derive(Debug)]
pub(super) struct Presence {
    _lock: Lock,
}

#[derive(Debug)]
enum Lock {
    File { _open: File },
    Session { _open: PgConnection },
}

impl Presence {
    /// Takes the lock; where no other worker is there, frees the jobs of those that were and queues what the
    /// domains want done then.
    pub(super) async fn arrive(store: &Store, arrivals: &[Arrival]) -> Result<Self> {
        let lock = match &store.pools {
            Pools::Sqlite { writer, .. } => {
                let place = lock_file(writer.file());
                let (file, is_alone) = blocking(move || open(&place)).await?;
                if is_alone {
                    take_over(store, arrivals).await?;
                }
                Lock::File { _open: blocking(move || share(file, is_alone)).await? }
            }
            Pools::Postgres(pool) => {
                let mut session = pool.acquire().await.map_err(crate::error::problem)?.detach();
                let is_alone = lock_alone(&mut session).await?;
                if is_alone {
                    take_over(store, arrivals).await?;
                }
                // Waits while another one that is alone takes over.
                run(&mut session, "SELECT pg_advisory_lock_shared($1)").await?;
                if is_alone {
                    run(&mut session, "SELECT pg_advisory_unlock($1)").await?;
                }
                Lock::Session { _open: session }
            }
        };
        Ok(Self { _lock: lock })
    }
}

/// Frees what dead workers hold; those of their jobs that were tried often enough fail.
async fn take_over(store: &Store, arrivals: &[Arrival]) -> Result<()> {
    let mut tx = store.begin_observation(Observation::Upkeep).await?;
    let now = tx.now();
    let freed = tx.exec(sql::FREE_ALL, args![now]).await?;
    for arrival in arrivals {
        let key = format!("arrival/{}", arrival.kind);
        tx.enqueue_payload((arrival.make)(now), now, Some(&key)).await?;
    }
    tx.commit().await?;
    if freed > 0 {
        tracing::warn!(jobs = freed, "{freed} jobs were left by workers that are gone");
    }
    Ok(())
}

/// The lock lies beside the database: whoever opens the one finds the other.
fn lock_file(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".workers");
    PathBuf::from(name)
}

/// Returns the file and whether nobody else has it; then it is held alone.
fn open(place: &Path) -> std::io::Result<(File, bool)> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(place)?;
    match file.try_lock() {
        Ok(()) => Ok((file, true)),
        Err(std::fs::TryLockError::WouldBlock) => Ok((file, false)),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Shares the lock; waits while another one that is alone takes over.
fn share(file: File, is_alone: bool) -> std::io::Result<File> {
    if is_alone {
        file.unlock()?;
    }
    file.lock_shared()?;
    Ok(file)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// Waits a second, because the session of a process that died lasts until the server notices.
async fn lock_alone(session: &mut PgConnection) -> Result<bool> {
    /// What PostgreSQL says when a lock was not to be had in time.
    const LOCK_NOT_AVAILABLE: &str = "55P03";
    sqlx::query("SET lock_timeout = '1s'").execute(&mut *session).await.map_err(crate::error::problem)?;
    let locked = sqlx::query("SELECT pg_advisory_lock($1)").bind(LOCK).execute(&mut *session).await;
    sqlx::query("SET lock_timeout = 0").execute(&mut *session).await.map_err(crate::error::problem)?;
    match locked {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(LOCK_NOT_AVAILABLE) => Ok(false),
        Err(error) => Err(crate::error::problem(error)),
    }
}

async fn run(session: &mut PgConnection, text: &'static str) -> Result<()> {
    sqlx::query(text).bind(LOCK).execute(session).await.map(drop).map_err(crate::error::problem)
}
