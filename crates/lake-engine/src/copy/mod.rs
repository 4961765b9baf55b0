//! Copies (副本): tables of the records as Parquet beside the events, for questions in SQL.
//!
//! A copy is written whole under a name of its own; the store's list then points to it, for all tables at once. A file
//! that is not listed is not there, and goes once nobody can be reading it any more.

mod sql;
mod write;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use kernel::{ColumnKind, Result};
use lake::sql::{Copied, Filled, Table, TableColumn};
use store::{Store, args};

pub use write::Making;

use crate::file::broken;

/// How long a file stays that is not listed: longer than any answer takes.
const GRACE: Duration = Duration::from_secs(3_600);

/// Returns the copies that count and whose files are there: a backup does not hold them.
pub async fn listed(store: &Store, folder: &Path) -> Result<Vec<Copied>> {
    let all: Vec<Copied> = store.all(sql::ALL, args![]).await?;
    Ok(all.into_iter().filter(|copy| folder.join(&copy.file).is_file()).collect())
}

/// Returns the columns of a table that its copy holds.
pub fn stored(table: &Table) -> impl Iterator<Item = &TableColumn> {
    table.columns.iter().filter(|column| column.filled == Filled::Stored)
}

/// Returns the columns of a copy's file.
pub fn schema(table: &Table) -> SchemaRef {
    let fields: Vec<Field> =
        stored(table).map(|column| Field::new(column.name, kind(column.kind), true)).collect();
    Arc::new(Schema::new(fields))
}

/// Returns how values of a kind are held.
pub fn kind(kind: ColumnKind) -> DataType {
    match kind {
        ColumnKind::Text => DataType::Utf8,
        ColumnKind::Integer => DataType::Int64,
        ColumnKind::Real => DataType::Float64,
        ColumnKind::Boolean => DataType::Boolean,
        ColumnKind::Time => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
    }
}

/// Removes files that are not listed, once nobody can be reading them.
async fn sweep(store: &Store, folder: &Path) -> Result<()> {
    let all: Vec<Copied> = store.all(sql::ALL, args![]).await?;
    let listed: BTreeSet<&str> = all.iter().map(|copy| copy.file.as_str()).collect();
    let entries = std::fs::read_dir(folder).map_err(|error| broken(folder, error))?;
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let modified = entry.metadata().and_then(|known| known.modified());
        let old = modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > GRACE));
        if old && name.ends_with(".parquet") && !listed.contains(name.as_ref()) {
            crate::compact::remove(folder, &name);
        }
    }
    Ok(())
}
