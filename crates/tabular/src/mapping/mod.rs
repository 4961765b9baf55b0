//! Mapping (列映射): which column fills which field. People save those that come again.

mod api;
mod reader;
pub(crate) mod rules;
pub(crate) mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::value::{DateOrder, DecimalMark};

pub(crate) use api::routes;
pub(crate) use reader::RowReader;

/// What fills one field: a column, or one value for all rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnUse {
    /// The field.
    #[schema(max_length = 60)]
    pub field: String,
    /// Place of the column, from 0.
    #[serde(default)]
    #[schema(maximum = 999)]
    pub column: Option<u32>,
    /// Title of the column, where the file has titles.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub title: Option<String>,
    /// The value for all rows, instead of a column.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub constant: Option<String>,
    /// Order of day and month in this column; decided over its values where absent.
    #[serde(default)]
    pub dates: Option<DateOrder>,
    /// Sign before the fraction in this column; decided over its values where absent.
    #[serde(default)]
    pub decimal: Option<DecimalMark>,
}

impl ColumnUse {
    /// Fills a field from a column.
    pub fn of_column(field: &str, column: u32) -> Self {
        let field = field.to_owned();
        Self { field, column: Some(column), title: None, constant: None, dates: None, decimal: None }
    }

    /// Fills a field with one value in all rows.
    pub fn of_constant(field: &str, value: &str) -> Self {
        let (field, constant) = (field.to_owned(), Some(value.to_owned()));
        Self { field, column: None, title: None, constant, dates: None, decimal: None }
    }
}

/// Saved mapping (已存映射): found again by the titles that it uses.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Mapping {
    /// Its id.
    pub id: Id,
    /// What such files hold.
    pub noun: String,
    /// What people call it.
    pub name: String,
    /// Source of the rows of such files.
    pub source: String,
    /// What fills each field.
    pub columns: Vec<ColumnUse>,
    /// Who saved it.
    pub created_by: Option<Id>,
    /// When it was saved.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// When it was put away.
    pub archived_at: Option<Timestamp>,
    /// For If-Match.
    pub version: i64,
}

impl Labelled for Mapping {
    const NOUN: &'static str = "tabular.mapping";
}

/// Mapping to be saved: that of an import.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMapping {
    /// The import whose mapping is saved.
    pub import_id: Id,
    /// What people call it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
}
