use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OpenFlags, Result, Statement, ToSql};

use super::Table;
use crate::{Value, aside};

/// How long a statement may hold the thread that asks; one that was longer moves aside the next time.
const LONG: Duration = Duration::from_millis(2);
/// Most texts that are remembered as long; then all are forgotten.
const LONG_MAX: usize = 10_000;
/// Prepared statements that are kept.
const PREPARED: usize = 512;

/// Connection to a SQLite file.
#[derive(Debug)]
pub(crate) struct Connection {
    inner: rusqlite::Connection,
    /// Texts that took long, by their hash.
    long: HashSet<u64>,
}

impl Connection {
    /// Opens a file, which is made when absent; `pragmas` are statements that set it up.
    pub fn open(file: &Path, busy_timeout: Duration, pragmas: &str) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let inner = rusqlite::Connection::open_with_flags(file, flags)?;
        inner.busy_timeout(busy_timeout)?;
        inner.set_prepared_statement_cache_capacity(PREPARED);
        inner.execute_batch(pragmas)?;
        Ok(Self { inner, long: HashSet::new() })
    }

    /// Runs one statement; returns the rows that it changed.
    pub fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64> {
        self.timed(sql, |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            bind(&mut statement, values)?;
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            drop(rows);
            Ok(connection.changes())
        })
    }

    /// Runs one statement; returns its rows.
    pub fn fetch(&mut self, sql: &str, values: &[Value]) -> Result<Table> {
        self.timed(sql, |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            bind(&mut statement, values)?;
            Table::read(&mut statement)
        })
    }

    /// Runs several statements without values.
    pub fn script(&mut self, sql: &str) -> Result<()> {
        aside(|| self.inner.execute_batch(sql))
    }

    /// Says whether the database takes a statement.
    pub fn check(&self, sql: &str) -> Result<()> {
        self.inner.prepare(sql).map(drop)
    }

    /// Takes the right to write at once, or says that somebody else has it.
    ///
    /// Taking it at the first write would let two readers that both want to write wait for each other for ever.
    pub fn begin(&mut self, busy_timeout: Duration) -> Result<()> {
        self.inner.busy_timeout(Duration::ZERO)?;
        let begun = self.inner.execute_batch("BEGIN IMMEDIATE");
        self.inner.busy_timeout(busy_timeout)?;
        begun
    }

    /// Commits, which waits for the disk.
    pub fn commit(&mut self) -> Result<()> {
        aside(|| self.inner.execute_batch("COMMIT"))
    }

    /// Undoes the open transaction, unless SQLite did so by itself.
    pub fn roll_back(&mut self) -> Result<()> {
        if self.inner.is_autocommit() {
            return Ok(());
        }
        self.inner.execute_batch("ROLLBACK")
    }

    fn timed<T>(&mut self, sql: &str, work: impl FnOnce(&rusqlite::Connection) -> Result<T>) -> Result<T> {
        let mut hasher = DefaultHasher::new();
        sql.hash(&mut hasher);
        let text = hasher.finish();
        let began = Instant::now();
        let done = match self.long.contains(&text) {
            true => aside(|| work(&self.inner)),
            false => work(&self.inner),
        };
        self.remember(text, began.elapsed() > LONG);
        done
    }

    /// Remembers a long statement; one that is short again was held up by something else.
    fn remember(&mut self, text: u64, is_long: bool) {
        if !is_long {
            self.long.remove(&text);
            return;
        }
        if self.long.len() >= LONG_MAX {
            self.long.clear();
        }
        self.long.insert(text);
    }
}

/// Puts values in their places: `$1` names the first one, `?` the next one.
fn bind(statement: &mut Statement<'_>, values: &[Value]) -> Result<()> {
    for (next, place) in (1..=statement.parameter_count()).enumerate() {
        let number = statement.parameter_name(place).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let index = number.map_or(next, |number| number.saturating_sub(1));
        let value =
            values.get(index).ok_or(rusqlite::Error::InvalidParameterCount(values.len(), index + 1))?;
        statement.raw_bind_parameter(place, value)?;
    }
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Integer(Some(number)) => ValueRef::Integer(*number),
            Self::Real(Some(number)) => ValueRef::Real(*number),
            Self::Boolean(Some(truth)) => ValueRef::Integer(i64::from(*truth)),
            Self::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Self::Text(None)
            | Self::Integer(None)
            | Self::Real(None)
            | Self::Boolean(None)
            | Self::Bytes(None) => ValueRef::Null,
            Self::Sealed(_) => {
                let refusal = crate::vault::not_sealed().to_string();
                return Err(rusqlite::Error::ToSqlConversionFailure(refusal.into()));
            }
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}
