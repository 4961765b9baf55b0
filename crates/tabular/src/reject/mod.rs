//! Rejected row (拒绝的行): its number and the reason; the cells stay in the file.

mod api;
mod download;
mod service;
mod sql;

use std::collections::BTreeMap;

use kernel::{Id, Labelled};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::target::Reject;

pub(crate) use api::routes;
pub(crate) use service::store;

/// Rows next to each other that were rejected for the same reason.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RejectRun {
    pub first_row: i64,
    pub last_row: i64,
    pub reason: Reject,
}

impl RejectRun {
    pub(crate) fn new(number: u64, reason: Reject) -> Self {
        Self { first_row: number as i64, last_row: number as i64, reason }
    }
}

/// Rejected rows (拒绝的行) next to each other, with the reason that they share.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RejectRow {
    /// The import.
    pub import_id: Id,
    /// Number of the first row in the file.
    pub first_row: i64,
    /// Number of the last row.
    pub last_row: i64,
    /// Key of the reason's text.
    pub code: String,
    /// The field at fault.
    pub field: Option<String>,
    /// Values that the text names.
    #[schema(value_type = Object)]
    pub args: BTreeMap<String, Json>,
    /// The reason in the caller's language.
    #[serde(default)]
    pub text: String,
}

impl Labelled for RejectRow {
    const NOUN: &'static str = "tabular.reject";
}
