//! SQL (即席查询): which tables can be asked in SQL, what of them somebody may see, and what an answer is made of.
//!
//! The engine knows no right and no domain: whoever asks it says, for each table, which rows and labels are theirs to see.

use std::collections::BTreeMap;
use std::fs::File;

use async_trait::async_trait;
use kernel::{ColumnKind, Id, Label, Result, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

/// Longest text of a question, in bytes.
pub const SQL_MAX: usize = 20_000;
/// Copied table that says which person an identifier node is; it cannot be asked.
pub const PEOPLE: Table = Table {
    name: "people_by_node",
    origin: Origin::Copied,
    columns: &[
        TableColumn::stored("node_id", ColumnKind::Text),
        TableColumn::stored("profile_id", ColumnKind::Text),
    ],
};
/// Name of the table by which rows about people are narrowed: its `id` is what they call `profile_id`.
pub const PROFILES: &str = "profiles";

/// Table (表) that SQL can name.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Where its rows come from.
    pub origin: Origin,
    /// Its columns, in order.
    pub columns: &'static [TableColumn],
}

/// Where the rows of a table come from (来源).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The files of events that count at this moment.
    Events,
    /// A columnar copy that is made now and then.
    Copied,
}

/// Column of such a table.
#[derive(Clone, Copy, Debug)]
pub struct TableColumn {
    /// Its name.
    pub name: &'static str,
    /// Kind of its values.
    pub kind: ColumnKind,
    /// Above this clearance its values are hidden.
    pub label: Label,
    /// How its values are found.
    pub filled: Filled,
}

/// How the values of a column are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// They stand in the file under the same name.
    Stored,
    /// They stand in the file as sixteen bytes, under this name.
    Id(&'static str),
    /// The person whom the identifier node in this column of the file belongs to now.
    Person(&'static str),
}

impl TableColumn {
    /// Declares a column that stands in the file.
    pub const fn stored(name: &'static str, kind: ColumnKind) -> Self {
        Self { name, kind, label: Label::Internal, filled: Filled::Stored }
    }

    /// Declares one with personal values.
    pub const fn personal(name: &'static str, kind: ColumnKind) -> Self {
        Self { label: Label::Personal, ..Self::stored(name, kind) }
    }

    /// Declares one with the person whom a node belongs to.
    pub const fn person(name: &'static str, node: &'static str) -> Self {
        Self { filled: Filled::Person(node), ..Self::stored(name, ColumnKind::Text) }
    }
}

/// The events, as SQL sees them.
pub const EVENTS: Table = Table {
    name: "events",
    origin: Origin::Events,
    columns: &[
        TableColumn { filled: Filled::Id("node"), ..TableColumn::stored("node_id", ColumnKind::Text) },
        TableColumn::person("profile_id", "node"),
        TableColumn::stored("happened_at", ColumnKind::Time),
        TableColumn::stored("name", ColumnKind::Text),
        TableColumn::stored("kind", ColumnKind::Text),
        TableColumn::stored("value", ColumnKind::Real),
        TableColumn::stored("currency", ColumnKind::Text),
        TableColumn::stored("product_id", ColumnKind::Text),
        TableColumn::stored("order_id", ColumnKind::Text),
        TableColumn::stored("path", ColumnKind::Text),
        TableColumn::stored("channel", ColumnKind::Text),
        TableColumn::personal("user_id", ColumnKind::Text),
        TableColumn::personal("anonymous_id", ColumnKind::Text),
        TableColumn::stored("source_id", ColumnKind::Text),
        TableColumn::stored("message_id", ColumnKind::Text),
        TableColumn::stored("received_at", ColumnKind::Time),
        TableColumn::personal("properties", ColumnKind::Text),
        TableColumn::personal("context", ColumnKind::Text),
    ],
};

/// Which rows of a table somebody may see (行范围).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// All of them.
    All,
    /// Those whose own `brand_id`, `department_id` or `owner_id` is in the scope.
    Within(Scope),
    /// Those of people who are in the scope: `profile_id` is one of theirs.
    OfPeople(Scope),
}

/// A table as somebody may see it (可见表).
#[derive(Clone, Debug)]
pub struct Seen {
    /// The table.
    pub table: Table,
    /// Which of its rows.
    pub rows: Rows,
    /// Columns with a label above this are empty.
    pub clearance: Label,
}

impl Seen {
    /// Returns true where a column is empty for whoever asks.
    pub fn masks(&self, column: &TableColumn) -> bool {
        column.label > self.clearance
    }
}

/// A question in SQL.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its text.
    pub sql: String,
    /// What stands for `$name` in it.
    pub values: BTreeMap<String, Json>,
    /// The tables that there are for whoever asks.
    pub tables: Vec<Seen>,
}

/// Kind of values in a column of an answer (列类型).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SqlKind)]
pub enum AnswerKind {
    /// Text, ids included.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers with a fraction.
    Number,
    /// True or false.
    Boolean,
    /// Points in time.
    Time,
    /// Days.
    Date,
    /// Whatever else there is, as text.
    Other,
}

/// Column of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SqlColumn)]
pub struct AnswerColumn {
    /// Its name.
    pub name: String,
    /// Kind of its values.
    pub kind: AnswerKind,
}

/// What was opened for an answer (扫描量).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SqlScanned)]
pub struct Scanned {
    /// Files.
    pub files: u64,
    /// Their bytes; of most only the columns that matter are read.
    pub bytes: u64,
    /// Rows of tables that the question got to see.
    pub rows: u64,
}

/// A copy of a table (副本), as the store lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// The table.
    pub table_name: String,
    /// Its file, below the folder of copies.
    pub file: String,
    /// Rows.
    pub rows: i64,
    /// Bytes.
    pub bytes: i64,
    /// Until when it holds everything.
    pub watermark: Timestamp,
    /// Tells whether the rows it was made of have changed since; empty where nobody can tell.
    pub fingerprint: String,
    /// When it was made.
    pub copied_at: Timestamp,
}

/// What is said of a table when its copying ends (副本说明).
#[derive(Clone, Debug)]
pub struct Told {
    /// The table.
    pub table: Table,
    /// Until when the copy holds everything.
    pub watermark: Timestamp,
    /// Tells whether the rows have changed since.
    pub fingerprint: String,
    /// True where the copy before is still right and only its watermark moves.
    pub kept: bool,
}

/// The rows of an answer, as they are found.
#[async_trait]
pub trait AnswerRows: Send {
    /// Returns its columns.
    fn columns(&self) -> &[AnswerColumn];

    /// Returns until when the tables that it was asked of hold everything; absent where it was asked of none.
    fn watermark(&self) -> Option<Timestamp>;

    /// Returns the tables that it was asked of.
    fn tables(&self) -> &[String];

    /// Returns what was opened so far.
    fn scanned(&self) -> Scanned;

    /// Returns the next rows; none at the end.
    async fn next(&mut self) -> Result<Option<Vec<Vec<Json>>>>;
}

/// Copies that are being made; nothing of them counts before the end.
#[async_trait]
pub trait Copying: Send {
    /// Adds rows of a table, their values in the order of its columns in the file.
    fn add(&mut self, table: &Table, rows: &[Vec<Json>]) -> Result<()>;

    /// Puts the copies in the place of those before, all at once.
    async fn finish(self: Box<Self>, told: &[Told]) -> Result<()>;
}

/// Answers in SQL; implemented by `lake-engine`.
#[async_trait]
pub trait SqlLake: Send + Sync + std::fmt::Debug {
    /// Begins to answer.
    ///
    /// Refuses with `insight.query.wrong`, `.unknown_table`, `.not_read_only`, `.too_much_memory`, `.too_slow`, `.busy`
    /// and `.not_copied`.
    async fn open(&self, asked: Asked) -> Result<Box<dyn AnswerRows>>;

    /// Writes an answer into a file as Parquet; returns its rows, at most so many.
    async fn write_parquet(&self, asked: Asked, rows_max: u64, file: File) -> Result<u64>;

    /// Begins to copy.
    fn begin_copies(&self, id: Id) -> Result<Box<dyn Copying>>;

    /// Returns the copies that count and whose files are there.
    async fn copies(&self) -> Result<Vec<Copied>>;
}

/// SQL over the lake, among the parts of the running product.
#[derive(Clone, Debug)]
pub struct Sql(pub std::sync::Arc<dyn SqlLake>);

impl std::ops::Deref for Sql {
    type Target = dyn SqlLake;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}
