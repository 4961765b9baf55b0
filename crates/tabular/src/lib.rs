//! Floor 2: tables in and out: the one importer for every noun, the one exporter for every list.
//!
//! Architecture invariants: memory is bounded whatever the file; a chunk's rows, rejects, progress
//! and audit row commit together, so an import goes on where it was cut; `read = stored + rejected`
//! always, where rows that were there already count as rejected with their own reason and are
//! counted apart (`present`); a written cell never starts a formula.

pub mod cli;
pub mod export;
mod file;
mod import;
mod mapping;
pub mod permissions;
mod reject;
pub mod target;
mod value;
mod views;

use http_kit::Module;
use store::Migration;

pub use import::{Import, ImportFinished, ImportState, Note, Progress};
pub use mapping::ColumnUse;
pub use target::{
    Datum, FieldKind, FieldSpec, ImportRef, MappedRow, Reject, RowOutcome, Target, TargetSource, Targets,
    natural_id,
};

/// The crate's tables.
pub const MIGRATIONS: &[Migration] =
    &[Migration { id: "tabular/0001_init", sql: include_str!("../migrations/0001_init.sql") }];

/// Returns what this crate adds to the product.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: include_str!("../texts.yaml"),
        routes: import::routes().merge(reject::routes()).merge(mapping::routes()),
        permissions: &[permissions::EXPORT_RUN],
        views: views::ALL,
        jobs: import::register,
        ..Module::new("tabular")
    }
}
