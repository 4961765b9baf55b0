use kernel::{Problem, Result};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::{MIGRATIONS, Table, quoted, sql};
use crate::error::{problem, sqlite_problem};
use crate::row::Rows;
use crate::sqlite::Connection;
use crate::store::{BUSY_TIMEOUT, postgres_args};
use crate::vault::Keys;
use crate::{Config, Migration, Store, Value};

/// Rows in one statement; the same as for other inserts of many rows.
const ROWS: usize = 200;
/// Values in one statement: SQLite allows 32,766.
const VALUES_MAX: usize = 16_000;
/// How SQLite is set up: the file is of no worth until it is whole, and is then synced as a whole.
const PRAGMAS: &str = "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA temp_store = memory";
/// Rows in one transaction.
const TRANSACTION_ROWS: u64 = 50_000;

/// An empty database that takes in the rows of a snapshot (灌入).
///
/// Until [`Self::finish`] it has no note of its migrations, so that no program opens it half filled.
#[derive(Debug)]
pub struct Filling {
    connection: Connected,
    /// References of PostgreSQL that wait until all rows are there.
    references: Vec<(String, String, String)>,
    pending: u64,
}

#[derive(Debug)]
enum Connected {
    Sqlite(Box<Connection>),
    Postgres(PgConnection),
}

impl Store {
    /// Refuses a database in which something is.
    pub async fn require_empty(&self) -> Result<()> {
        match self.snapshot().await?.table_names().await?.len() {
            0 => Ok(()),
            tables => Err(Problem::conflict("store.not_empty").with("tables", tables)),
        }
    }
}

impl Filling {
    /// Makes the tables of `wanted` in the empty database and opens it for rows.
    ///
    /// `wanted` are the migrations that the snapshot knew; one that this program lacks, or knows differently, is refused.
    pub async fn begin(
        store: &Store,
        config: &Config,
        domains: &[Migration],
        wanted: &[(String, String)],
    ) -> Result<Self> {
        store.require_empty().await?;
        store.migrate_exactly(domains, wanted).await?;
        let mut filling = Self::connect(config).await?;
        let tables = store.snapshot().await?.table_names().await?;
        filling.loosen().await?;
        // Some migrations bring rows of their own; those of the snapshot take their place.
        for table in &tables {
            filling.run(format!("DELETE FROM {}", quoted(table))).await?;
        }
        filling.run("BEGIN".to_owned()).await?;
        Ok(filling)
    }

    async fn connect(config: &Config) -> Result<Self> {
        let connection = match config {
            Config::Sqlite { file } => {
                let connection = Connection::open(file, BUSY_TIMEOUT, PRAGMAS).map_err(sqlite_problem)?;
                Connected::Sqlite(Box::new(connection))
            }
            Config::Postgres { url } => {
                Connected::Postgres(PgConnection::connect(url).await.map_err(problem)?)
            }
        };
        Ok(Self { connection, references: Vec::new(), pending: 0 })
    }

    /// Stores rows of a table, in its order of columns.
    pub async fn add(&mut self, table: &Table, rows: Vec<Vec<Value>>) -> Result<()> {
        let width = table.columns.len().max(1);
        let chunk = (VALUES_MAX / width).clamp(1, ROWS);
        let mut rows = rows.into_iter();
        loop {
            let part: Vec<Vec<Value>> = rows.by_ref().take(chunk).collect();
            if part.is_empty() {
                return Ok(());
            }
            let count = part.len();
            let text = self.insert(table, count);
            self.exec(text, part.into_iter().flatten().collect()).await?;
            self.pending += count as u64;
            if self.pending >= TRANSACTION_ROWS {
                self.run("COMMIT".to_owned()).await?;
                self.run("BEGIN".to_owned()).await?;
                self.pending = 0;
            }
        }
    }

    /// Puts references and numbers in order and checks them; only then is the database one that opens.
    ///
    /// The table of migrations must have come last.
    pub async fn finish(mut self, tables: &[Table]) -> Result<()> {
        for table in tables {
            if let Some(last) = table.sequence {
                self.number_from(table, last).await?;
            }
        }
        self.run("COMMIT".to_owned()).await?;
        self.tighten().await?;
        match self.connection {
            Connected::Sqlite(mut connection) => {
                let whole = "PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)";
                connection.script(whole).map_err(sqlite_problem)
            }
            Connected::Postgres(mut connection) => {
                sqlx::raw_sql("ANALYZE").execute(&mut connection).await.map_err(problem)?;
                connection.close().await.map_err(problem)
            }
        }
    }

    /// Returns true for the table that must come last.
    pub fn comes_last(table: &Table) -> bool {
        table.name == MIGRATIONS
    }

    fn insert(&self, table: &Table, rows: usize) -> String {
        let width = table.columns.len();
        let mut text = format!("INSERT INTO {} ({}) ", quoted(&table.name), table.column_list());
        if matches!(self.connection, Connected::Postgres(_)) && table.sequence.is_some() {
            text.push_str("OVERRIDING SYSTEM VALUE ");
        }
        text.push_str("VALUES ");
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..width {
                if column > 0 {
                    text.push_str(", ");
                }
                match self.connection {
                    Connected::Sqlite(_) => text.push('?'),
                    Connected::Postgres(_) => text.push_str(&format!("${}", row * width + column + 1)),
                }
            }
            text.push(')');
        }
        text
    }

    /// Takes PostgreSQL's references away: rows come table by table, and some point at each other.
    async fn loosen(&mut self) -> Result<()> {
        let Connected::Postgres(connection) = &mut self.connection else { return Ok(()) };
        self.references =
            sqlx::query_as(sql::POSTGRES_REFERENCES).fetch_all(&mut *connection).await.map_err(problem)?;
        for (table, name, _) in self.references.clone() {
            self.run(format!("ALTER TABLE {table} DROP CONSTRAINT {}", quoted(&name))).await?;
        }
        Ok(())
    }

    /// Puts references back, or asks SQLite whether they hold.
    async fn tighten(&mut self) -> Result<()> {
        for (table, name, text) in std::mem::take(&mut self.references) {
            self.run(format!("ALTER TABLE {table} ADD CONSTRAINT {} {text}", quoted(&name))).await?;
        }
        let Connected::Sqlite(connection) = &mut self.connection else { return Ok(()) };
        let dangling =
            connection.fetch(sql::SQLITE_DANGLING, &[]).map(Rows::Sqlite).map_err(sqlite_problem)?;
        match dangling.read::<String>(&Keys::default())?.into_iter().next() {
            None => Ok(()),
            Some(table) => Err(Problem::unprocessable("store.snapshot_dangling").with("table", table)),
        }
    }

    async fn number_from(&mut self, table: &Table, last: i64) -> Result<()> {
        match &mut self.connection {
            Connected::Sqlite(_) => {
                let name = table.name.replace('\'', "''");
                self.run(format!("DELETE FROM sqlite_sequence WHERE name = '{name}'")).await?;
                self.run(format!("INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', {last})")).await
            }
            Connected::Postgres(connection) => {
                let column: String = sqlx::query_scalar(sql::POSTGRES_IDENTITY)
                    .bind(&table.name)
                    .fetch_one(connection)
                    .await
                    .map_err(problem)?;
                let alter = format!(
                    "ALTER TABLE {} ALTER COLUMN {} RESTART WITH {}",
                    quoted(&table.name),
                    quoted(&column),
                    last.saturating_add(1)
                );
                self.run(alter).await
            }
        }
    }

    async fn exec(&mut self, text: String, values: Vec<Value>) -> Result<()> {
        match &mut self.connection {
            Connected::Sqlite(connection) => {
                connection.execute(&text, &values).map(drop).map_err(sqlite_problem)
            }
            Connected::Postgres(connection) => {
                let query = sqlx::query_with(AssertSqlSafe(text), postgres_args(values)?);
                query.execute(connection).await.map(drop).map_err(problem)
            }
        }
    }

    async fn run(&mut self, text: String) -> Result<()> {
        match &mut self.connection {
            Connected::Sqlite(connection) => connection.script(&text).map_err(sqlite_problem),
            Connected::Postgres(connection) => {
                sqlx::raw_sql(AssertSqlSafe(text)).execute(connection).await.map(drop).map_err(problem)
            }
        }
    }
}

/// Makes an empty database on the same server as `url` and returns its address.
pub async fn create_database(url: &str, name: &str) -> Result<String> {
    let options: PgConnectOptions = url.parse().map_err(problem)?;
    let mut connection = PgConnection::connect_with(&options).await.map_err(problem)?;
    let made = sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {}", quoted(name))))
        .execute(&mut connection)
        .await;
    connection.close().await.map_err(problem)?;
    made.map_err(|error| {
        Problem::unprocessable("store.database_not_made")
            .with("database", name)
            .with("reason", error.to_string())
    })?;
    Ok(with_database(url, name))
}

/// Returns the address of another database on the same server.
fn with_database(url: &str, name: &str) -> String {
    let (place, query) = url.split_once('?').map_or((url, None), |(place, query)| (place, Some(query)));
    let start = place.find("://").map_or(0, |at| at + 3);
    let server = place[start..].find('/').map_or(place, |at| &place[..start + at]);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{server}/{name}{query}")
}

/// Returns the address of a database without its password, fit to be shown.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.split_once('@') {
        Some((user, place)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{place}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_keeps_everything_else_of_the_address() {
        assert_eq!(
            with_database("postgres://bw:x@db:5432/live?sslmode=require", "new"),
            "postgres://bw:x@db:5432/new?sslmode=require"
        );
        assert_eq!(with_database("postgres://db", "new"), "postgres://db/new");
    }

    #[test]
    fn a_shown_address_has_no_password() {
        assert_eq!(without_password("postgres://bw:secret@db:5432/x"), "postgres://bw@db:5432/x");
        assert_eq!(without_password("postgres://db/x"), "postgres://db/x");
    }
}
