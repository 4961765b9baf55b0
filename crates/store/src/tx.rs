use std::sync::Arc;

use futures::future::BoxFuture;
use kernel::{Caller, DomainEvent, Id, Problem, Result, Timestamp};
use serde::de::DeserializeOwned;
use sqlx::{AssertSqlSafe, Postgres};
use tokio::sync::Notify;

use crate::error::problem;
use crate::row::Rows;
use crate::sqlite::Turn;
use crate::store::{Pools, postgres_args};
use crate::vault::{self, Vault};
use crate::{Audit, Dialect, Query, Value, audit, copy};

/// Kinds of records that nobody decides and that therefore need no audit row; a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observation {
    /// The store's own upkeep: migrations, leases, seals, deliveries.
    Upkeep,
    /// What receivers of messages did, as their programs reported it.
    Tracking,
    /// When a session was last seen, how often a login failed.
    SessionUse,
    /// A measurement: evidence runs, metric values, counts.
    Measurement,
    /// A step of a send that the campaign's launch decided.
    SendStep,
    /// Events that sources sent, and the files that they lie in.
    Ingest,
}

impl Observation {
    /// Returns the name under which it acts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upkeep => "upkeep",
            Self::Tracking => "tracking",
            Self::SessionUse => "session_use",
            Self::Measurement => "measurement",
            Self::SendStep => "send_step",
            Self::Ingest => "ingest",
        }
    }
}

#[derive(Debug)]
pub(crate) enum Begun {
    Change(Caller),
    Observation(Observation),
}

#[derive(Debug)]
enum Connection {
    Sqlite(Turn),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// A transaction (事务). Dropping it undoes it.
///
/// What talks to the drivers returns boxed futures: an `async fn` is compiled again in every crate that awaits it,
/// and the drivers with it.
#[derive(Debug)]
pub struct Tx {
    connection: Connection,
    begun: Begun,
    now: Timestamp,
    bell: Arc<Notify>,
    vault: Vault,
    wrote: bool,
    audited: bool,
    ring: bool,
}

/// Most values in one statement: SQLite allows 32,766, PostgreSQL 65,535.
const VALUES_MAX: usize = 16_000;
/// Rows in one multi-row insert; more gained nothing when measured.
const INSERT_ROWS: usize = 200;
/// Rows from which on PostgreSQL's COPY is quicker than an insert.
const COPY_ROWS: usize = 20;

impl Tx {
    pub(crate) fn begin(
        pools: &Pools,
        begun: Begun,
        now: Timestamp,
        bell: Arc<Notify>,
        vault: Vault,
    ) -> BoxFuture<'_, Result<Self>> {
        Box::pin(async move {
            let connection = match pools {
                Pools::Sqlite { writer, .. } => Connection::Sqlite(writer.begin().await?),
                Pools::Postgres(pool) => Connection::Postgres(pool.begin().await.map_err(problem)?),
            };
            Ok(Self { connection, begun, now, bell, vault, wrote: false, audited: false, ring: false })
        })
    }

    /// Returns the time of this transaction: the same for all its rows.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns what seals and opens personal values.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Returns who makes this change; the product itself for observations.
    pub fn caller(&self) -> Caller {
        match &self.begun {
            Begun::Change(caller) => caller.clone(),
            Begun::Observation(what) => Caller::system(what.as_str()),
        }
    }

    /// Runs a statement and returns the number of rows that it touched.
    pub async fn exec(&mut self, sql: &'static str, args: Vec<Value>) -> Result<u64> {
        self.run(sql.to_owned(), args).await
    }

    /// Runs a statement that was put together.
    pub async fn exec_query(&mut self, query: Query) -> Result<u64> {
        let (sql, args) = self.parts(query);
        self.run(sql, args).await
    }

    /// Runs a change that must touch one row: none means that somebody changed it meanwhile.
    pub async fn exec_one(&mut self, sql: &'static str, args: Vec<Value>) -> Result<()> {
        match self.exec(sql, args).await? {
            1 => Ok(()),
            0 => Err(Problem::precondition_failed("store.changed_meanwhile")),
            n => Err(Problem::internal(format!("one row expected, {n} changed: {sql}"))),
        }
    }

    /// Inserts many rows with few statements: `head` is `INSERT INTO t (a, b) VALUES`, `tail` may hold
    /// an `ON CONFLICT` clause. Returns the number of rows stored.
    pub fn insert_many(
        &mut self,
        head: &'static str,
        mut rows: Vec<Vec<Value>>,
        tail: &'static str,
    ) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            let Some(width) = rows.first().map(Vec::len) else { return Ok(0) };
            if let Connection::Postgres(connection) = &mut self.connection
                && tail.is_empty()
                && rows.len() >= COPY_ROWS
                && let Some(statement) = copy::statement(head)
            {
                self.wrote = true;
                rows.iter_mut().try_for_each(|row| self.vault.seal(row))?;
                return copy::copy(connection, &statement, &rows).await;
            }
            let chunk = (VALUES_MAX / width.max(1)).clamp(1, INSERT_ROWS);
            let mut stored = 0;
            let mut rows = rows.into_iter().peekable();
            while rows.peek().is_some() {
                let mut query = Query::new(head, Vec::with_capacity(chunk * width));
                for (place, row) in rows.by_ref().take(chunk).enumerate() {
                    query.push(if place == 0 { " (" } else { ", (" });
                    for (column, value) in row.into_iter().enumerate() {
                        if column > 0 {
                            query.push(", ");
                        }
                        query.bind(value);
                    }
                    query.push(")");
                }
                query.push(" ").push(tail);
                stored += self.exec_query(query).await?;
            }
            Ok(stored)
        })
    }

    /// Returns all rows as this transaction sees them.
    pub async fn all<T: DeserializeOwned>(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Vec<T>> {
        self.rows(sql.to_owned(), args).await
    }

    /// Returns all rows of a statement that was put together.
    pub async fn list<T: DeserializeOwned>(&mut self, query: Query) -> Result<Vec<T>> {
        let (sql, args) = self.parts(query);
        self.rows(sql, args).await
    }

    /// Returns the first row, if there is one.
    pub async fn find<T: DeserializeOwned>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Option<T>> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// Returns the row, or the refusal "not found".
    pub async fn get<T: DeserializeOwned>(&mut self, sql: &'static str, args: Vec<Value>) -> Result<T> {
        self.find(sql, args).await?.ok_or_else(|| Problem::not_found("access.not_found"))
    }

    /// Waits until no other transaction holds the lock on this row of a noun.
    ///
    /// SQLite has one writer at a time, so there it is held already.
    pub fn lock(&mut self, noun: &'static str, id: Id) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            if let Connection::Postgres(connection) = &mut self.connection {
                sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                    .bind(format!("{noun}/{id}"))
                    .execute(&mut **connection)
                    .await
                    .map_err(problem)?;
            }
            Ok(())
        })
    }

    /// Writes an audit row into this transaction.
    pub fn audit(&mut self, entry: Audit) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let caller = self.caller();
            let row = entry.into_row(&caller, self.now);
            match self.dialect() {
                Dialect::Sqlite => {
                    self.exec(audit::sql::ADD_SQLITE, row).await?;
                    self.exec(audit::sql::WAIT_SQLITE, Vec::new()).await?;
                }
                Dialect::Postgres => drop(self.exec(audit::sql::ADD_POSTGRES, row).await?),
            }
            self.audited = true;
            Ok(())
        })
    }

    /// Tells the other domains, through the outbox, once this transaction commits.
    pub async fn emit<E: DomainEvent>(&mut self, event: &E) -> Result<()> {
        let args = crate::args![Id::new(), E::KIND, crate::json(event), self.now];
        self.exec(crate::jobs::sql::EMIT, args).await?;
        self.ring = true;
        Ok(())
    }

    /// Rings the background's bell when this transaction commits.
    pub fn ring_on_commit(&mut self) {
        self.ring = true;
    }

    /// Commits: the change, its audit rows, its jobs and its events, together.
    pub fn commit(self) -> BoxFuture<'static, Result<()>> {
        Box::pin(async move {
            if let (Begun::Change(caller), true, false) = (&self.begun, self.wrote, self.audited) {
                return Err(Problem::internal(format!(
                    "unaudited change by {}: not committed",
                    caller.name()
                )));
            }
            match self.connection {
                Connection::Sqlite(turn) => turn.commit().await?,
                Connection::Postgres(transaction) => transaction.commit().await.map_err(problem)?,
            }
            if self.ring {
                self.bell.notify_waiters();
            }
            Ok(())
        })
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.connection {
            Connection::Sqlite(_) => Dialect::Sqlite,
            Connection::Postgres(_) => Dialect::Postgres,
        }
    }

    fn parts(&self, query: Query) -> (String, Vec<Value>) {
        match self.connection {
            Connection::Sqlite(_) => query.into_nameless_parts(),
            Connection::Postgres(_) => query.into_parts(),
        }
    }

    fn run(&mut self, sql: String, mut args: Vec<Value>) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            self.vault.seal(&mut args)?;
            // SQLite answers at once, so that a long row of statements would let nobody else go on.
            tokio::task::coop::consume_budget().await;
            self.wrote = true;
            match &mut self.connection {
                Connection::Sqlite(turn) => {
                    let done = turn.connection()?.execute(&sql, &args);
                    done.map_err(|error| turn.refused(error))
                }
                Connection::Postgres(connection) => {
                    let query = sqlx::query_with(AssertSqlSafe(sql), postgres_args(args)?);
                    Ok(query.execute(&mut **connection).await.map_err(problem)?.rows_affected())
                }
            }
        })
    }

    async fn rows<T: DeserializeOwned>(&mut self, sql: String, args: Vec<Value>) -> Result<Vec<T>> {
        let rows = self.fetch(sql, args).await?;
        match rows.read(&self.vault.keys()) {
            Err(problem) if vault::is_unreadable(&problem) => {
                self.reopen_vault().await?;
                rows.read(&self.vault.keys())
            }
            read => read,
        }
    }

    fn reopen_vault(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let found = self.fetch(vault::FIND_KEYS.to_owned(), crate::args![vault::KEYS]).await?;
            self.vault.reopen(&found)
        })
    }

    /// Statements with `RETURNING` change rows too, so they count as writing.
    fn fetch(&mut self, sql: String, mut args: Vec<Value>) -> BoxFuture<'_, Result<Rows>> {
        Box::pin(async move {
            self.vault.seal(&mut args)?;
            tokio::task::coop::consume_budget().await;
            self.wrote |= !sql.trim_start().starts_with("SELECT");
            match &mut self.connection {
                Connection::Sqlite(turn) => {
                    let found = turn.connection()?.fetch(&sql, &args);
                    found.map(Rows::Sqlite).map_err(|error| turn.refused(error))
                }
                Connection::Postgres(connection) => {
                    let query = sqlx::query_with(AssertSqlSafe(sql), postgres_args(args)?);
                    query.fetch_all(&mut **connection).await.map(Rows::Postgres).map_err(problem)
                }
            }
        })
    }

    /// Runs a script of several statements without values; for migrations.
    pub(crate) async fn script(&mut self, sql: String) -> Result<()> {
        self.wrote = true;
        match &mut self.connection {
            Connection::Sqlite(turn) => {
                let done = turn.connection()?.script(&sql);
                done.map_err(|error| turn.refused(error))
            }
            Connection::Postgres(connection) => {
                let script = sqlx::raw_sql(AssertSqlSafe(sql));
                script.execute(&mut **connection).await.map(drop).map_err(problem)
            }
        }
    }
}
