//! Workbench (查询工作台): questions in SQL about what somebody may see, and answers as files.

mod api;
mod export;
mod rules;
mod service;
mod sight;

use std::collections::BTreeMap;

use kernel::{Labelled, LocalText, Timestamp, text_enum};
use lake::sql::{AnswerColumn, AnswerKind, Scanned};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

pub use api::routes;
pub use export::{ResultFile, export};
pub use service::{run, tables};

/// Most rows of an answer on the screen.
pub const ROWS_MAX: u32 = 10_000;

/// A question in SQL.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunSql {
    /// Its text: one query, `EXPLAIN`, `SHOW TABLES` or `DESCRIBE`.
    #[schema(min_length = 1, max_length = 20000)]
    pub sql: String,
    /// Most rows, 1 to 10000; 10000 when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 10000)]
    pub limit: Option<u32>,
    /// What stands for `$name` in the text.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: BTreeMap<String, Json>,
}

/// What a question in SQL comes to (查询结果).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SqlResult {
    /// Its columns.
    pub columns: Vec<AnswerColumn>,
    /// Its rows, values in the order of the columns.
    #[schema(value_type = Vec<Vec<Object>>)]
    pub rows: Vec<Vec<Json>>,
    /// How many rows there are; absent where they were cut.
    pub rows_total: Option<u64>,
    /// True where there are more rows than are shown.
    pub cut: bool,
    /// Until when the tables that it was asked of hold everything.
    pub watermark: Option<Timestamp>,
    /// How long it took.
    pub elapsed_ms: u64,
    /// What was opened for it.
    pub scanned: Scanned,
    /// Columns of those tables that are empty for the caller, such as `profiles.name`.
    pub masked: Vec<String>,
}

impl Labelled for SqlResult {
    const NOUN: &'static str = "insight.result";
}

/// Table that can be asked (可查询的表).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SqlTable {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub text: LocalText,
    /// Until when it holds everything; absent before it was copied, or before the first event.
    pub watermark: Option<Timestamp>,
    /// How many rows it has in all, where it is a copy.
    pub rows: Option<i64>,
    /// False where the caller lacks the permission for it.
    pub allowed: bool,
    /// True where the caller sees some of its rows only.
    pub narrowed: bool,
    /// Its columns.
    pub columns: Vec<SqlTableColumn>,
}

impl Labelled for SqlTable {
    const NOUN: &'static str = "insight.table";
}

/// Column of such a table.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SqlTableColumn {
    /// Its name.
    pub name: String,
    /// Kind of its values.
    pub kind: AnswerKind,
    /// What it holds.
    pub text: LocalText,
    /// True where it is empty for the caller.
    pub masked: bool,
}

text_enum! {
    /// Kind of file (文件类型) for an answer.
    pub enum ResultFormat { Csv = "csv", Xlsx = "xlsx", Parquet = "parquet" }
}

/// An answer that is wanted as a file.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportSql {
    /// The question.
    #[schema(min_length = 1, max_length = 20000)]
    pub sql: String,
    /// What stands for `$name` in the text.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: BTreeMap<String, Json>,
    /// Kind of the file.
    pub format: ResultFormat,
    /// What it is for; it stands in the audit log.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// That copies are being made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SqlRefresh {
    /// When that was asked for.
    pub queued_at: Timestamp,
}

impl Labelled for SqlRefresh {
    const NOUN: &'static str = "insight.projection";
}
