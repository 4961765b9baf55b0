//! Floor 2: the event lake (事件湖): a durable log in front, Parquet files behind it, and the manifest that says which of
//! them count.
//!
//! Architecture invariants: an event is acknowledged once the log has it on disk; it counts once, however often it was
//! sent; files are ordered when they are written, never changed, and readable by anybody; this crate alone names arrow
//! and DataFusion.

mod bulk;
mod collector;
mod compact;
mod copy;
mod engine;
mod erase;
mod export;
mod file;
mod follow;
mod log;
mod manifest;
mod month;
mod promoted;
mod query;
mod read;
mod recent;
mod row;
mod seen;
mod settings;
mod sql;
mod verify;
mod work;

use http_kit::Module;
use kernel::{Column, ColumnKind, Result, View};
use std::io::Write;
use store::Migration;

pub use engine::Engine;
pub use export::Wanted;
pub use file::Written;
pub use manifest::LakeFile;
pub use row::Row;
pub use settings::Settings;
pub use sql::Limits;
pub use verify::{Fault, Verification};
pub use work::begin;

/// The schema, step by step.
pub const MIGRATIONS: &[Migration] = &[
    Migration { id: "lake/0001_init", sql: include_str!("../migrations/0001_init.sql") },
    Migration { id: "lake/0002_erased", sql: include_str!("../migrations/0002_erased.sql") },
    Migration { id: "lake/0003_copies", sql: include_str!("../migrations/0003_copies.sql") },
];

const VIEWS: &[View] = &[View {
    name: "v_lake_source_day",
    columns: &[
        Column::new("id", ColumnKind::Text),
        Column::new("source_id", ColumnKind::Text),
        Column::new("day", ColumnKind::Text),
        Column::new("stored", ColumnKind::Integer),
        Column::new("duplicates", ColumnKind::Integer),
        Column::new("last_at", ColumnKind::Time),
    ],
    at: "last_at",
    permission: "customers.source.read",
    link: "/customers/sources/{source_id}",
}];

/// Everything that this crate adds to the product.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: include_str!("../texts.yaml"),
        views: VIEWS,
        ..Module::new("lake")
    }
}

impl Engine {
    /// Returns the files that count.
    pub async fn live_files(&self) -> Result<Vec<LakeFile>> {
        manifest::live(&self.store).await
    }

    /// Merges files: what is worth it, or down to one a month; returns how many were merged.
    pub async fn compact(&self, everything: bool) -> Result<usize> {
        let _held = self.files.lock().await;
        compact::compact(&self.store, &self.settings.files(), everything).await
    }

    /// Reads every file and says what is wrong.
    pub async fn verify(&self, twice: bool) -> Result<Verification> {
        verify::verify(&self.store, &self.settings.files(), twice).await
    }

    /// Writes events as JSON lines.
    pub async fn export(&self, wanted: &Wanted, sink: &mut (dyn Write + Send)) -> Result<i64> {
        export::export(&self.store, &self.settings.files(), wanted, sink).await
    }
}
