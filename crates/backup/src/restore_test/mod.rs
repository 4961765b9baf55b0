//! Restore test (恢复测试): a real restore into a place of its own, compared and measured.

pub mod api;
pub mod jobs;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::run::BegunBy;
use crate::said::Said;

/// Restore test (恢复测试).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RestoreTest {
    /// Its id.
    pub id: Id,
    /// The backup that was restored.
    pub run_id: Id,
    /// The moment that the backup shows.
    pub taken_at: Timestamp,
    /// What began it.
    pub begun_by: BegunBy,
    /// When.
    pub at: Timestamp,
    /// True where everything came back as it was.
    pub passed: bool,
    /// Milliseconds that the restore took, comparison included.
    pub took_ms: i64,
    /// Rows that came back.
    pub row_count: Option<i64>,
    /// Files that came back.
    pub file_count: Option<i64>,
    /// Tables and files that are not as the backup has them.
    pub differences: Vec<String>,
    /// Why it did not come to an end.
    pub problem: Option<Said>,
}

impl Labelled for RestoreTest {
    const NOUN: &'static str = "backup.restore_test";
}
