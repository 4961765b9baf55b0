use futures::{StreamExt, TryStreamExt, stream, stream::BoxStream};
use kernel::{Problem, Result, Timestamp};
use serde::de::DeserializeOwned;
use sqlx::{AssertSqlSafe, Postgres};

use super::{CellKind, Table, quoted, sql};
use crate::error::{problem, sqlite_problem};
use crate::row::{Cells, RowError, Rows};
use crate::sqlite::Reader;
use crate::store::{Pools, postgres_args};
use crate::vault::Keys;
use crate::{Store, Value, args};

/// Rows that are read from SQLite at a time.
const ROWS: usize = 1_000;

/// Everything as it was at one moment; others go on writing meanwhile.
#[derive(Debug)]
pub struct Snapshot {
    inner: Inner,
    taken_at: Timestamp,
}

#[derive(Debug)]
enum Inner {
    Sqlite(Reader),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Store {
    /// Takes a snapshot: nothing that commits from here on is in it, everything before is.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let taken_at = self.now();
        let inner = match &self.pools {
            Pools::Sqlite { readers, .. } => {
                let mut reader = readers.take().await?;
                reader.connection()?.script("BEGIN").map_err(sqlite_problem)?;
                Inner::Sqlite(reader)
            }
            Pools::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Inner::Postgres(pool.begin_with(begin).await.map_err(problem)?)
            }
        };
        let mut snapshot = Snapshot { inner, taken_at };
        // Both databases fix the moment at the first question, not at the beginning.
        snapshot.table_names().await?;
        Ok(snapshot)
    }
}

impl Snapshot {
    /// Returns the moment, by the clock of the store.
    pub fn taken_at(&self) -> Timestamp {
        self.taken_at
    }

    /// Returns every table, by name.
    pub async fn tables(&mut self) -> Result<Vec<Table>> {
        let mut tables = Vec::new();
        for name in self.table_names().await? {
            let columns = self.columns(&name).await?;
            let sequence = self.sequence(&name).await?;
            tables.push(Table { name, columns, sequence });
        }
        Ok(tables)
    }

    /// Returns how many rows a table has.
    pub async fn count(&mut self, table: &Table) -> Result<i64> {
        let text = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {}", quoted(&table.name));
        Ok(self.ask::<i64>(text, args![]).await?.into_iter().next().unwrap_or_default())
    }

    /// Returns the migrations of the schema, as `(id, checksum)`.
    pub async fn migrations(&mut self) -> Result<Vec<(String, String)>> {
        self.ask(sql::MIGRATIONS.to_owned(), args![]).await
    }

    /// Returns the rows of a table one after the other, in whatever order the database has them.
    pub fn rows<'s>(&'s mut self, table: &'s Table) -> BoxStream<'s, Result<Vec<Value>>> {
        match &mut self.inner {
            Inner::Sqlite(reader) => {
                let parts = stream::try_unfold((reader, i64::MIN), move |(reader, after)| async move {
                    let (rows, last) = part(reader, table, after)?;
                    Ok::<_, Problem>(
                        last.map(|last| (stream::iter(rows.into_iter().map(Ok)), (reader, last))),
                    )
                });
                parts.try_flatten().boxed()
            }
            Inner::Postgres(connection) => {
                let text = format!("SELECT {} FROM {}", table.column_list(), quoted(&table.name));
                let rows = sqlx::query(AssertSqlSafe(text)).fetch(&mut **connection).map_err(problem);
                rows.map(move |row| cells(&row?, table)).boxed()
            }
        }
    }

    pub(super) async fn table_names(&mut self) -> Result<Vec<String>> {
        let text = match self.inner {
            Inner::Sqlite(_) => sql::SQLITE_TABLES,
            Inner::Postgres(_) => sql::POSTGRES_TABLES,
        };
        self.ask(text.to_owned(), args![]).await
    }

    async fn columns(&mut self, table: &str) -> Result<Vec<(String, CellKind)>> {
        let text = match self.inner {
            Inner::Sqlite(_) => sql::SQLITE_COLUMNS,
            Inner::Postgres(_) => sql::POSTGRES_COLUMNS,
        };
        let mut columns = Vec::new();
        for (name, sql_type) in self.ask::<(String, String)>(text.to_owned(), args![table]).await? {
            let unknown = || Problem::internal(format!("{table}.{name}: no snapshot of type {sql_type}"));
            columns.push((name.clone(), CellKind::of(&sql_type).ok_or_else(unknown)?));
        }
        // Not in the order of the database: each sorts names by its own rules.
        columns.sort();
        Ok(columns)
    }

    async fn sequence(&mut self, table: &str) -> Result<Option<i64>> {
        match self.inner {
            Inner::Sqlite(_) => {
                let numbered: Vec<i64> = self.ask(sql::SQLITE_HAS_SEQUENCES.to_owned(), args![]).await?;
                if numbered.first().is_none_or(|count| *count == 0) {
                    return Ok(None);
                }
                let last = self.ask(sql::SQLITE_SEQUENCE.to_owned(), args![table]).await?;
                Ok(last.into_iter().next())
            }
            Inner::Postgres(_) => {
                let column: Vec<String> = self.ask(sql::POSTGRES_IDENTITY.to_owned(), args![table]).await?;
                let Some(column) = column.into_iter().next() else { return Ok(None) };
                // What the sequence gave out to others since then does no harm: numbers may have gaps.
                let text = format!("SELECT MAX({}) FROM {}", quoted(&column), quoted(table));
                let last: Vec<Option<i64>> = self.ask(text, args![]).await?;
                Ok(last.into_iter().flatten().next())
            }
        }
    }

    async fn ask<T: DeserializeOwned>(&mut self, text: String, args: Vec<Value>) -> Result<Vec<T>> {
        let rows = match &mut self.inner {
            Inner::Sqlite(reader) => {
                reader.connection()?.fetch(&text, &args).map(Rows::Sqlite).map_err(sqlite_problem)
            }
            Inner::Postgres(connection) => {
                let query = sqlx::query_with(AssertSqlSafe(text), postgres_args(args)?);
                query.fetch_all(&mut **connection).await.map(Rows::Postgres).map_err(problem)
            }
        };
        rows?.read(&Keys::default())
    }
}

/// Reads the rows of a table after one, by SQLite's own number of the row; returns them and the number of the last.
fn part(reader: &mut Reader, table: &Table, after: i64) -> Result<(Vec<Vec<Value>>, Option<i64>)> {
    let text = format!(
        "SELECT {}, _rowid_ FROM {} WHERE _rowid_ > $1 ORDER BY _rowid_ LIMIT {ROWS}",
        table.column_list(),
        quoted(&table.name)
    );
    let found = reader.connection()?.fetch(&text, &args![after]).map_err(sqlite_problem)?;
    let mut last = None;
    let mut rows = Vec::with_capacity(ROWS);
    for row in found.rows() {
        rows.push(cells(&row, table)?);
        last = Some(row.integer(table.columns.len()).map_err(Problem::internal)?);
    }
    Ok((rows, last))
}

/// Reads the values of a row by the kinds of their columns.
fn cells<R: Cells>(row: &R, table: &Table) -> Result<Vec<Value>> {
    let mut values = Vec::with_capacity(table.columns.len());
    for (index, (column, kind)) in table.columns.iter().enumerate() {
        let value = cell(row, index, *kind)
            .map_err(|error| Problem::internal(format!("{}.{column}: {error}", table.name)))?;
        values.push(value);
    }
    Ok(values)
}

fn cell<R: Cells>(row: &R, index: usize, kind: CellKind) -> Result<Value, RowError> {
    let absent = row.is_null(index)?;
    Ok(match kind {
        CellKind::Text => Value::Text((!absent).then(|| row.text(index)).transpose()?.map(str::to_owned)),
        CellKind::Integer => Value::Integer((!absent).then(|| row.integer(index)).transpose()?),
        CellKind::Real => Value::Real((!absent).then(|| row.real(index)).transpose()?),
        CellKind::Boolean => Value::Boolean((!absent).then(|| row.boolean(index)).transpose()?),
        CellKind::Bytes => Value::Bytes((!absent).then(|| row.bytes(index)).transpose()?.map(<[u8]>::to_vec)),
    })
}
