//! Snapshot (快照): every row of every table as of one moment, read and written without knowing what it means.
//!
//! A snapshot reads while others write. Its rows are the same on both databases, so what one wrote the
//! other can take in: that is how a backup restores, and the way from SQLite to PostgreSQL.

mod read;
mod sql;
mod write;

use serde::{Deserialize, Serialize};

use crate::Value;

pub use read::Snapshot;
pub use write::{Filling, create_database, without_password};

/// Kind of a column's values, the same on both databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// Text, ids, days, JSON.
    Text,
    /// Whole numbers, times.
    Integer,
    /// Numbers with a fraction.
    Real,
    /// True or false.
    Boolean,
    /// Bytes.
    Bytes,
}

impl CellKind {
    /// Reads the type that a column was declared with; `None` for one that migrations never use.
    fn of(sql_type: &str) -> Option<Self> {
        match sql_type.to_ascii_uppercase().as_str() {
            "TEXT" => Some(Self::Text),
            "BIGINT" | "INTEGER" => Some(Self::Integer),
            "DOUBLE PRECISION" => Some(Self::Real),
            "BOOLEAN" => Some(Self::Boolean),
            "BLOB" | "BYTEA" => Some(Self::Bytes),
            _ => None,
        }
    }

    /// Returns the absent value of this kind: PostgreSQL asks for its type.
    pub fn absent(self) -> Value {
        match self {
            Self::Text => Value::Text(None),
            Self::Integer => Value::Integer(None),
            Self::Real => Value::Real(None),
            Self::Boolean => Value::Boolean(None),
            Self::Bytes => Value::Bytes(None),
        }
    }
}

/// A table as both databases know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns by name, which is also the order of a row's values.
    pub columns: Vec<(String, CellKind)>,
    /// Last number that was given out, where the table numbers its rows itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<i64>,
}

impl Table {
    /// Returns the columns as they stand in a statement.
    fn column_list(&self) -> String {
        self.columns.iter().map(|(name, _)| quoted(name)).collect::<Vec<_>>().join(", ")
    }
}

/// Returns a name fit to stand in a statement, whatever it holds.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The table in which migrations are noted; written last, so that a filling that broke off never opens.
pub(crate) const MIGRATIONS: &str = "schema_migration";
