use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use kernel::{Caller, Clock, Problem, Result, Timestamp};
use serde::de::DeserializeOwned;
use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgPool, PgPoolOptions};
use tokio::sync::Notify;

use crate::Query;
use crate::error::{problem, sqlite_problem};
use crate::row::Rows;
use crate::sqlite::{Readers, Writer};
use crate::tx::{Begun, Observation, Tx};
use crate::value::Value;
use crate::vault::{self, Vault};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The embedded default.
    Sqlite,
    /// When one machine is outgrown.
    Postgres,
}

/// Where the records live.
#[derive(Clone, Debug)]
pub enum Config {
    /// A SQLite file, made when absent.
    Sqlite {
        /// The file.
        file: PathBuf,
    },
    /// A PostgreSQL database.
    Postgres {
        /// `postgres://user:password@host/database`.
        url: String,
    },
}

/// How long a statement waits for another process that writes to the same SQLite file.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(20);
/// How SQLite's writer is set up. What was acknowledged survives a power cut, not only a crash. What is deleted or replaced
/// is overwritten, so that somebody who was erased is not in the file's free places. Pages in memory are in KiB (negative as
/// SQLite wants it): a large transaction that does not fit writes its pages more than once.
pub(crate) const WRITER_PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON; PRAGMA temp_store = memory; PRAGMA cache_size = -32000; PRAGMA secure_delete = ON";
/// How those that read beside it are set up.
pub(crate) const READER_PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON; PRAGMA temp_store = memory; PRAGMA cache_size = -8000; PRAGMA query_only = ON";
/// Readers beside SQLite's one writer; PostgreSQL's connections.
const POOL_SIZE: u32 = 8;

#[derive(Clone, Debug)]
pub(crate) enum Pools {
    Sqlite { writer: Writer, readers: Readers },
    Postgres(PgPool),
}

/// The database, opened (数据库). Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pools: Pools,
    clock: Arc<dyn Clock>,
    /// Rung after a commit that left work for the background.
    pub(crate) bell: Arc<Notify>,
    vault: Vault,
}

impl Store {
    /// Opens the database; does not migrate.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Self> {
        let pools = match config {
            Config::Sqlite { file } => open_sqlite(file)?,
            Config::Postgres { url } => Pools::Postgres(
                PgPoolOptions::new()
                    .max_connections(POOL_SIZE)
                    .acquire_timeout(BUSY_TIMEOUT)
                    .connect(url)
                    .await
                    .map_err(|error| unreachable_database(error, &address(url)))?,
            ),
        };
        Ok(Self { pools, clock, bell: Arc::new(Notify::new()), vault: Vault::default() })
    }

    /// Returns which database this is.
    pub fn dialect(&self) -> Dialect {
        match self.pools {
            Pools::Sqlite { .. } => Dialect::Sqlite,
            Pools::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Returns the current time by the injected clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Returns the injected clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    /// Returns the same database as another clock times it; the sample plays its past by it.
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self.clone() }
    }

    /// Returns what seals and opens personal values; opened together with the secrets.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Rung whenever a commit left work for the background.
    pub fn bell(&self) -> Arc<Notify> {
        self.bell.clone()
    }

    /// Begins a change by `caller`; it commits only together with its audit rows.
    pub async fn begin(&self, caller: &Caller) -> Result<Tx> {
        self.begin_as(Begun::Change(caller.clone())).await
    }

    /// Begins the recording of something that nobody decided, which needs no audit row.
    pub async fn begin_observation(&self, what: Observation) -> Result<Tx> {
        self.begin_as(Begun::Observation(what)).await
    }

    async fn begin_as(&self, begun: Begun) -> Result<Tx> {
        Tx::begin(&self.pools, begun, self.now(), self.bell.clone(), self.vault.clone()).await
    }

    /// Returns all rows of a declared statement.
    pub async fn all<T: DeserializeOwned>(&self, sql: &'static str, args: Vec<Value>) -> Result<Vec<T>> {
        self.rows(sql.to_owned(), args).await
    }

    /// Returns all rows of a statement that was put together.
    pub async fn list<T: DeserializeOwned>(&self, query: Query) -> Result<Vec<T>> {
        let (sql, args) = match self.pools {
            Pools::Sqlite { .. } => query.into_nameless_parts(),
            Pools::Postgres(_) => query.into_parts(),
        };
        self.rows(sql, args).await
    }

    /// Returns the first row, if there is one.
    pub async fn find<T: DeserializeOwned>(&self, sql: &'static str, args: Vec<Value>) -> Result<Option<T>> {
        Ok(self.rows(sql.to_owned(), args).await?.into_iter().next())
    }

    /// Returns the row, or the refusal "not found".
    pub async fn get<T: DeserializeOwned>(&self, sql: &'static str, args: Vec<Value>) -> Result<T> {
        self.find(sql, args).await?.ok_or_else(|| Problem::not_found("access.not_found"))
    }

    async fn rows<T: DeserializeOwned>(&self, sql: String, args: Vec<Value>) -> Result<Vec<T>> {
        let rows = self.fetch(sql, args).await?;
        match rows.read(&self.vault.keys()) {
            Err(problem) if vault::is_unreadable(&problem) => {
                self.reopen_vault().await?;
                rows.read(&self.vault.keys())
            }
            read => read,
        }
    }

    /// Looks whether another node has made a new data key meanwhile.
    fn reopen_vault(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let found = self.fetch(vault::FIND_KEYS.to_owned(), crate::args![vault::KEYS]).await?;
            self.vault.reopen(&found)
        })
    }

    fn fetch(&self, sql: String, mut args: Vec<Value>) -> BoxFuture<'_, Result<Rows>> {
        Box::pin(async move {
            self.vault.seal(&mut args)?;
            match &self.pools {
                Pools::Sqlite { readers, .. } => {
                    let mut reader = readers.take().await?;
                    reader.connection()?.fetch(&sql, &args).map(Rows::Sqlite).map_err(sqlite_problem)
                }
                Pools::Postgres(pool) => {
                    let query = sqlx::query_with(AssertSqlSafe(sql), postgres_args(args)?);
                    query.fetch_all(pool).await.map(Rows::Postgres).map_err(problem)
                }
            }
        })
    }

    /// Asks the database whether it takes a statement; returns its words where it does not.
    async fn check(&self, text: &'static str) -> std::result::Result<(), String> {
        use sqlx::Executor;
        match &self.pools {
            Pools::Sqlite { readers, .. } => {
                let mut reader = readers.take().await.map_err(|problem| problem.to_string())?;
                let connection = reader.connection().map_err(|problem| problem.to_string())?;
                connection.check(text).map_err(|error| error.to_string())
            }
            Pools::Postgres(pool) => {
                let prepared = pool.prepare(sqlx::SqlStr::from_static(text)).await;
                prepared.map(drop).map_err(|error| error.to_string())
            }
        }
    }

    /// Prepares every declared statement; returns those that this database refuses, with its words.
    pub async fn check_statements(&self) -> Vec<(&'static str, String)> {
        let mut refused = Vec::new();
        let here = |statement: &&crate::Statement| statement.dialect.is_none_or(|d| d == self.dialect());
        for statement in crate::statements().filter(here) {
            if let Err(words) = self.check(statement.text).await {
                refused.push((statement.name, words));
            }
        }
        refused
    }

    /// Tells the database's planner what the tables hold now; after a load that changed what is in them by much.
    ///
    /// PostgreSQL notices by itself, but a minute later, and plans as for empty tables until then. SQLite plans by
    /// the indexes alone, and our statements say what it should begin with.
    pub async fn refresh_statistics(&self) -> Result<()> {
        match self.pools {
            Pools::Sqlite { .. } => Ok(()),
            Pools::Postgres(_) => self.script("ANALYZE".to_owned()).await,
        }
    }

    /// Moves what stands in SQLite's log into the file, and empties the log: what was replaced stands in neither any more.
    ///
    /// PostgreSQL keeps replaced rows until it vacuums, and its log as long as it was told to.
    pub async fn empty_log(&self) -> Result<()> {
        match self.pools {
            Pools::Sqlite { .. } => self.script("PRAGMA wal_checkpoint(TRUNCATE)".to_owned()).await,
            Pools::Postgres(_) => Ok(()),
        }
    }

    /// Asks the database for an answer.
    pub async fn ping(&self) -> Result<()> {
        self.all::<i64>("SELECT CAST(1 AS BIGINT)", Vec::new()).await.map(drop)
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close();
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

fn open_sqlite(file: &std::path::Path) -> Result<Pools> {
    let opened = Writer::open(file.to_owned()).and_then(|writer| {
        let readers = Readers::open(file.to_owned(), POOL_SIZE)?;
        Ok(Pools::Sqlite { writer, readers })
    });
    opened.map_err(|error| unreachable_database(error, &file.display().to_string()))
}

fn unreachable_database<E: std::error::Error + Send + Sync + 'static>(error: E, address: &str) -> Problem {
    let mut refusal =
        Problem::unavailable("store.unreachable").with("address", address).with("reason", error.to_string());
    refusal.source = Some(Box::new(error));
    refusal
}

/// Returns the address without its password, fit to be shown.
fn address(url: &str) -> String {
    let options = sqlx::postgres::PgConnectOptions::from_str(url);
    options.map_or_else(
        |_| "the database URL".to_owned(),
        |o| format!("{}:{}/{}", o.get_host(), o.get_port(), o.get_database().unwrap_or("postgres")),
    )
}

/// Puts values in their places for PostgreSQL.
pub(crate) fn postgres_args(values: Vec<Value>) -> Result<sqlx::postgres::PgArguments> {
    use sqlx::Arguments;
    let mut arguments = sqlx::postgres::PgArguments::default();
    for value in values {
        match value {
            Value::Text(v) => arguments.add(v),
            Value::Integer(v) => arguments.add(v),
            Value::Real(v) => arguments.add(v),
            Value::Boolean(v) => arguments.add(v),
            Value::Bytes(v) => arguments.add(v),
            Value::Sealed(_) => return Err(vault::not_sealed()),
        }
        .map_err(Problem::internal)?;
    }
    Ok(arguments)
}
