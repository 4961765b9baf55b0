//! File (文件): Parquet with the events of one month, ordered by (node, time). Written once, never changed.

mod cut;
mod read;
mod write;

use std::path::{Path, PathBuf};

use kernel::{Id, Problem};

pub use cut::orders;
pub use read::{open, rows_of};
pub use write::{FileWriter, Written};

use crate::month::Month;

/// Returns the name of a file below the folder of files, such as `2026-11/0-<id>.parquet`.
pub fn name(month: Month, level: i64, id: Id) -> String {
    format!("{month}/{level}-{id}.parquet")
}

/// Returns where a file is while it is being written.
pub fn unfinished(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.part"))
}

/// Says that a file of the lake could not be read or written.
pub fn broken(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> Problem {
    let mut problem = Problem::unavailable("lake.file_broken")
        .with("file", path.display().to_string())
        .with("reason", error.to_string());
    problem.source = Some(Box::new(error));
    problem
}
