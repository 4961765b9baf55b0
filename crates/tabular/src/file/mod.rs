//! Files (文件): what a file is, whatever its name says, and its rows, one by one.
//!
//! Everything here is blocking and bounded: call it from a blocking thread. Rows are handed to a
//! visitor instead of being collected, so that a file of any size needs the memory of one row.

mod charset;
mod detect;
mod dialect;
mod guard;
mod kinds;
mod sheet;
mod text;
mod unpack;

use std::ops::ControlFlow;
use std::path::Path;

use kernel::{Problem, Result, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use detect::{Detected, detect};
use guard::Meter;
pub use guard::{COLUMNS_MAX, UNPACKED_MAX};

text_enum! {
    /// How a file is packed (压缩方式).
    pub enum Packing { Plain = "none", Gzip = "gzip", Zip = "zip" }
}

text_enum! {
    /// What is inside (文件类型).
    pub enum Form {
        /// Lines of text with separators.
        Text = "text",
        /// An Excel workbook.
        Xlsx = "xlsx",
    }
}

text_enum! {
    /// Character encoding (字符编码).
    pub enum Charset {
        Utf8 = "utf-8",
        Utf16Le = "utf-16le",
        Utf16Be = "utf-16be",
        Gb18030 = "gb18030",
        Big5 = "big5",
        Windows1252 = "windows-1252",
    }
}

text_enum! {
    /// What stands between two cells (分隔符).
    pub enum Separator {
        Comma = "comma",
        Tab = "tab",
        Semicolon = "semicolon",
        Pipe = "pipe",
        /// One blank or several.
        Blanks = "blanks",
    }
}

/// Layout (文件格式): how the cells of a file are found; detected, and a person may correct it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// How it is packed.
    pub packing: Packing,
    /// What is inside.
    pub form: Form,
    /// Encoding of text.
    pub charset: Option<Charset>,
    /// What separates cells of text.
    pub separator: Option<Separator>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// True where the first row holds titles.
    pub header: bool,
}

/// Row of a file before anybody knows what its cells mean.
#[derive(Clone, Debug, Default)]
pub struct RawRow {
    /// Its number in the file, from 1, the header included.
    pub number: u64,
    /// True for the row of titles.
    pub header: bool,
    /// Its cells.
    pub cells: csv::StringRecord,
    /// Bytes of the packed file that were read so far.
    pub bytes: u64,
}

impl RawRow {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Receives rows; says when it has seen enough.
pub type Visit<'v> = dyn FnMut(&RawRow) -> Result<ControlFlow<()>> + 'v;

/// Hands every row that is not blank to `visit`, in order.
pub fn rows(path: &Path, layout: &Layout, visit: &mut Visit<'_>) -> Result<()> {
    let mut first = true;
    let mut visit = |row: &mut RawRow| {
        if row.is_blank() {
            return Ok(ControlFlow::Continue(()));
        }
        row.header = std::mem::take(&mut first) && layout.header;
        visit(row)
    };
    let meter = Meter::default();
    match layout.form {
        Form::Xlsx => sheet::rows(path, layout, &meter, &mut visit),
        Form::Text => {
            let charset = layout.charset.unwrap_or(Charset::Utf8);
            let separator = layout.separator.unwrap_or(Separator::Comma);
            unpack::with_text(path, layout.packing, &meter, |packed| {
                text::rows(charset::decoded(packed, charset), separator, &meter, &mut visit)
            })
        }
    }
}

/// Returns the first rows of a file, the header included.
pub fn head(path: &Path, layout: &Layout, rows_max: usize) -> Result<Vec<RawRow>> {
    let mut head = Vec::new();
    rows(path, layout, &mut |row| {
        head.push(row.clone());
        Ok(if head.len() < rows_max { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(head)
}

/// Runs blocking work on a file; a parser that panics over it has met a damaged file.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|panic| {
        let mut problem = Problem::unprocessable("tabular.file.damaged");
        problem.source = Some(Box::new(panic));
        Err(problem)
    })
}

/// What goes wrong while a file is read is the file's fault, unless a guard or the disk spoke.
fn damaged(error: std::io::Error) -> Problem {
    use std::io::ErrorKind::{NotFound, PermissionDenied, StorageFull};
    match error.kind() {
        NotFound | PermissionDenied => {
            return Problem::unprocessable("tabular.file.unreadable").with("reason", error.to_string());
        }
        StorageFull => return Problem::new(507, "store.disk_full"),
        _ => {}
    }
    match error.downcast::<Problem>() {
        Ok(problem) => problem,
        Err(error) => {
            let mut problem = Problem::unprocessable("tabular.file.damaged");
            problem.source = Some(Box::new(error));
            problem
        }
    }
}
