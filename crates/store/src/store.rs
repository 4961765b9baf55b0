use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use kernel::{Caller, Clock, Problem, Result, Timestamp};
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection};
use tokio::sync::Notify;

use crate::Query;
use crate::error::problem;
use crate::group::Writer;
use crate::row::Rows;
use crate::tx::{Begun, Observation, Tx};
use crate::value::Value;

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
/// Pages that SQLite's writer keeps in memory, in KiB (negative as SQLite wants it): a large transaction that does
/// not fit writes its pages more than once. Taken only when needed.
const WRITER_CACHE: &str = "-32000";
/// Readers beside SQLite's one writer; PostgreSQL's connections.
const POOL_SIZE: u32 = 8;

#[derive(Clone, Debug)]
pub(crate) enum Pools {
    Sqlite { writer: Writer, readers: SqlitePool },
    Postgres(PgPool),
}

/// The database, opened (数据库). Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pools: Pools,
    clock: Arc<dyn Clock>,
    /// Rung after a commit that left work for the background.
    pub(crate) bell: Arc<Notify>,
}

impl Store {
    /// Opens the database; does not migrate.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Self> {
        let pools = match config {
            Config::Sqlite { file } => open_sqlite(file).await?,
            Config::Postgres { url } => Pools::Postgres(
                PgPoolOptions::new()
                    .max_connections(POOL_SIZE)
                    .acquire_timeout(BUSY_TIMEOUT)
                    .connect(url)
                    .await
                    .map_err(|error| unreachable_database(error, &address(url)))?,
            ),
        };
        Ok(Self { pools, clock, bell: Arc::new(Notify::new()) })
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
        Tx::begin(&self.pools, begun, self.now(), self.bell.clone()).await
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
        self.fetch(sql, args).await?.read()
    }

    fn fetch(&self, sql: String, args: Vec<Value>) -> BoxFuture<'_, Result<Rows>> {
        Box::pin(async move {
            match &self.pools {
                Pools::Sqlite { readers, .. } => {
                    let query = sqlx::query_with(AssertSqlSafe(sql), sqlite_args(args)?);
                    query.fetch_all(readers).await.map(Rows::Sqlite).map_err(problem)
                }
                Pools::Postgres(pool) => {
                    let query = sqlx::query_with(AssertSqlSafe(sql), postgres_args(args)?);
                    query.fetch_all(pool).await.map(Rows::Postgres).map_err(problem)
                }
            }
        })
    }

    /// Runs `statement` without looking at its result; for set-up text such as migrations and checks.
    pub(crate) async fn prepare(&self, text: &'static str) -> Result<(), sqlx::Error> {
        use sqlx::Executor;
        match &self.pools {
            Pools::Sqlite { readers, .. } => readers.prepare(sqlx::SqlStr::from_static(text)).await.map(drop),
            Pools::Postgres(pool) => pool.prepare(sqlx::SqlStr::from_static(text)).await.map(drop),
        }
    }

    /// Prepares every declared statement; returns those that this database refuses, with its words.
    pub async fn check_statements(&self) -> Vec<(&'static str, String)> {
        let mut refused = Vec::new();
        let here = |statement: &&crate::Statement| statement.dialect.is_none_or(|d| d == self.dialect());
        for statement in crate::statements().filter(here) {
            if let Err(error) = self.prepare(statement.text).await {
                refused.push((statement.name, error.to_string()));
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

    /// Asks the database for an answer.
    pub async fn ping(&self) -> Result<()> {
        self.all::<i64>("SELECT CAST(1 AS BIGINT)", Vec::new()).await.map(drop)
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.pool.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(file: &std::path::Path) -> Result<Pools> {
    let shown = file.display().to_string();
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // What was acknowledged survives a power cut, not only a crash.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .statement_cache_capacity(512)
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-8000");
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(BUSY_TIMEOUT)
        .test_before_acquire(false)
        // A full disk makes SQLite end the transaction by itself, which the driver never learns: it
        // would refuse every later transaction on this connection.
        .after_release(|connection, _| {
            Box::pin(async move {
                // Rollbacks run behind; this waits for them.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(options.clone().pragma("cache_size", WRITER_CACHE))
        .await
        .map_err(|error| unreachable_database(error, &shown))?;
    let readers = SqlitePoolOptions::new()
        .max_connections(POOL_SIZE)
        .acquire_timeout(BUSY_TIMEOUT)
        // A file does not hang up as a server does, and asking costs as much as a statement.
        .test_before_acquire(false)
        .connect_with(options.pragma("query_only", "on"))
        .await
        .map_err(|error| unreachable_database(error, &shown))?;
    Ok(Pools::Sqlite { writer: Writer::new(writer), readers })
}

fn unreachable_database(error: sqlx::Error, address: &str) -> Problem {
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

macro_rules! bind_all {
    ($name:ident, $arguments:ty) => {
        pub(crate) fn $name(values: Vec<Value>) -> Result<$arguments> {
            use sqlx::Arguments;
            let mut arguments = <$arguments>::default();
            for value in values {
                match value {
                    Value::Text(v) => arguments.add(v),
                    Value::Integer(v) => arguments.add(v),
                    Value::Real(v) => arguments.add(v),
                    Value::Boolean(v) => arguments.add(v),
                    Value::Bytes(v) => arguments.add(v),
                }
                .map_err(Problem::internal)?;
            }
            Ok(arguments)
        }
    };
}

bind_all!(sqlite_args, sqlx::sqlite::SqliteArguments);
bind_all!(postgres_args, sqlx::postgres::PgArguments);
