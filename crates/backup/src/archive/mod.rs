//! Archive (备份文件): what a backup file holds, and how it is written and read, piece by piece.
//!
//! An age file around gzip around lines: a head; each table with its rows and their digest; each file with its
//! bytes and their SHA-256; a manifest. A line that begins with `[` is a row; any other is a [`Line`].

pub mod key;
pub mod read;
pub mod restore;
pub mod rules;
pub mod take;
pub mod write;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use store::snapshot::Table;
use utoipa::ToSchema;

/// Name of the list of people who were erased since backups were taken: it lies beside the backups and beside the data,
/// and whatever is restored obeys it before anybody sees it.
pub const ERASURES: &str = "erasures.jsonl";

/// The only format so far.
pub const FORMAT: u32 = 1;

/// What stands at the beginning of a backup (备份头).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Head {
    /// Version of the format.
    pub format: u32,
    /// Version of the product that wrote it.
    pub product: String,
    /// The moment that it shows.
    pub taken_at: Timestamp,
    /// Database that it was taken from; it restores into either.
    pub database: String,
    /// The schema: `(id, checksum)` of each migration.
    #[schema(value_type = Vec<Vec<String>>)]
    pub migrations: Vec<(String, String)>,
    /// True where the master key is inside.
    pub master_key: bool,
}

/// How many rows of a table are in a backup (表清单).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TableCount {
    /// The table.
    pub name: String,
    /// Its rows.
    pub rows: i64,
    /// Sum of the SHA-256 of its rows, modulo 2^256: the same in whatever order they come.
    pub digest: String,
}

/// Which files are in a backup (文件清单).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileCount {
    /// How many.
    pub count: i64,
    /// Their bytes.
    pub bytes: i64,
    /// Sum of the SHA-256 of their names and contents.
    pub digest: String,
    /// Names of files whose bytes were not what their name says when the backup was taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<String>,
}

/// What a backup holds (备份清单); stands at its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Manifest {
    /// What stands at its beginning.
    pub head: Head,
    /// Its tables.
    pub tables: Vec<TableCount>,
    /// Its files.
    pub files: FileCount,
}

impl Manifest {
    /// Returns the rows of all tables.
    pub fn rows(&self) -> i64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// A line that is no row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Line {
    /// The first line.
    Head(Head),
    /// A table begins; its rows follow.
    Table(Table),
    /// The table ends.
    TableEnd {
        /// Rows that stood here.
        rows: i64,
        /// Their digest.
        digest: String,
    },
    /// A file begins; exactly `size` bytes follow, and a line break.
    File {
        /// Its place in the data directory.
        path: String,
        /// Its bytes.
        size: u64,
    },
    /// The file ends.
    FileEnd {
        /// SHA-256 of its bytes.
        sha256: String,
    },
    /// The last line.
    Manifest(Manifest),
}
