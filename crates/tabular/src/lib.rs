//! Floor 2: tables in and out: the one importer for every noun, the one exporter for every list.
//!
//! Architecture invariants: memory is bounded whatever the file; a chunk's rows, rejects, progress
//! and audit row commit together, so an import goes on where it was cut; `read = stored + rejected`
//! always; a written cell never starts a formula.

pub mod target;

pub use target::{
    Datum, FieldKind, FieldSpec, ImportRef, MappedRow, Reject, RowOutcome, Target, Targets, natural_id,
};
