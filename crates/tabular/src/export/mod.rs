//! Export (导出): any list as CSV or XLSX, as its caller may see it.

mod csv;
mod rules;
mod service;
mod xlsx;

use kernel::{LocalText, text_enum};
use serde::Deserialize;
use utoipa::IntoParams;

pub use rules::decimal;
pub(crate) use rules::neutral;
pub use service::{Exported, Sheet, attachment, export, export_rows};

/// Rows of one export.
pub const ROWS_MAX: u64 = 1_000_000;

text_enum! {
    /// Kind of the file (文件类型) that is written.
    pub enum ExportFormat { Csv = "csv", Xlsx = "xlsx" }
}

/// Which kind of file is wanted; the list's own filters stand beside it.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `csv` or `xlsx`.
    #[param(inline)]
    pub format: ExportFormat,
}

/// What an export is called and which fields of its rows it shows.
#[derive(Clone, Debug)]
pub struct ExportSpec {
    /// Name of the file without its ending, such as `orders`.
    pub name: &'static str,
    /// Its columns, in order.
    pub columns: &'static [ExportColumn],
}

/// Column of an export.
#[derive(Clone, Copy, Debug)]
pub struct ExportColumn {
    /// Field of the row, by its JSON name.
    pub field: &'static str,
    /// Key of the title's text.
    pub title: &'static str,
    /// How its values are written.
    pub cell: ExportCell,
}

impl ExportColumn {
    /// Declares a column.
    pub const fn new(field: &'static str, title: &'static str, cell: ExportCell) -> Self {
        Self { field, title, cell }
    }
}

/// How the values of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportCell {
    /// As they are.
    Text,
    /// Text in several languages: the caller's.
    Local,
    /// Whole numbers.
    Integer,
    /// Integers of 10^-places, with their fraction.
    Decimal(u8),
    /// Points in time, in the company's zone.
    Time,
}

/// Value ready to be written (单元格).
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// Nothing.
    Empty,
    /// Text; it never begins a formula where it arrives.
    Text(String),
    /// Number, as it is spelled.
    Number(String),
    /// Time in the company's zone.
    Time(jiff::civil::DateTime),
}

impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) | Self::Number(text) => f.write_str(text),
            Self::Time(at) => write!(f, "{}", at.strftime("%Y-%m-%d %H:%M")),
        }
    }
}

/// A text in several languages, as a row holds it.
type Local = LocalText;
