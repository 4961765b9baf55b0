//! Import (导入): one file on its way into one noun, from upload to receipt, and back again.

mod api;
mod jobs;
mod preview;
mod rules;
mod run;
pub(crate) mod service;
pub(crate) mod sql;
mod upload;

use std::collections::BTreeMap;

use blob::Hash;
use http_kit::App;
use kernel::{Caller, Currency, DomainEvent, Id, Label, Labelled, Problem, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

use crate::file::Layout;
use crate::mapping::ColumnUse;
use crate::target::{ImportRef, Reject};

pub(crate) use api::routes;
pub(crate) use jobs::register;
pub use run::Progress;
pub(crate) use run::{Finished, fail, run};
pub(crate) use upload::{NewImport, create};

/// Every row of an import was read; tells the domains that compute something from its noun.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportFinished {
    /// The import.
    pub import_id: Id,
    /// What was imported, such as `orders`.
    pub noun: String,
    /// Rows stored.
    pub stored: i64,
}

impl DomainEvent for ImportFinished {
    const KIND: &'static str = "tabular.import.finished";
}

text_enum! {
    /// State (状态) of an import.
    pub enum ImportState {
        /// Uploaded and looked at; waits for its start.
        Ready = "ready",
        /// Rows are being stored.
        Running = "running",
        /// Every row was read.
        Done = "done",
        /// Stopped by a problem; what was stored stays, and starting again goes on from there.
        Failed = "failed",
        /// Rows are being taken back.
        Undoing = "undoing",
        /// Every row was taken back.
        Undone = "undone",
    }
}

/// Import (导入) with its receipt: `read_count = stored_count + rejected_count`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Import {
    /// Its id.
    pub id: Id,
    /// What the file holds: `orders`, `customers`, `products`.
    pub noun: String,
    /// Where the rows come from: part of their identity.
    pub source: String,
    /// The brand that the rows belong to.
    pub brand_id: Option<Id>,
    /// Currency of amounts whose row names none.
    pub currency: Currency,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_hash: Hash,
    /// Size of the file.
    pub file_bytes: i64,
    /// How its cells are found.
    pub layout: Layout,
    /// Sheets of a workbook.
    pub sheets: Vec<String>,
    /// Titles of the columns.
    pub titles: Vec<String>,
    /// What fills each field.
    pub columns: Vec<ColumnUse>,
    /// What was found out about the file and should be known.
    pub notes: Vec<Note>,
    /// Where it stands.
    pub state: ImportState,
    /// Rows read.
    pub read_count: i64,
    /// Rows stored.
    pub stored_count: i64,
    /// Rows rejected, those that were there already included.
    pub rejected_count: i64,
    /// Rows rejected because they were there already.
    pub present_count: i64,
    /// Rows taken back.
    pub undone_count: i64,
    /// Bytes of the file that were read.
    pub bytes_done: i64,
    /// Why it failed.
    pub failure: Option<Note>,
    /// Who uploaded it.
    pub created_by: Option<Id>,
    /// Their name at that time.
    pub created_by_name: String,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// For If-Match.
    pub version: i64,
}

impl Labelled for Import {
    const NOUN: &'static str = "tabular.import";
}

impl Import {
    /// Returns what a target needs to know of it.
    pub(crate) fn reference(&self) -> ImportRef {
        ImportRef {
            id: self.id,
            source: self.source.clone(),
            brand_id: self.brand_id,
            currency: self.currency.clone(),
            created_by: self.created_by,
        }
    }

    /// Writes its sentences in the caller's language.
    pub(crate) fn spoken(mut self, app: &App, caller: &Caller) -> Self {
        for note in self.notes.iter_mut().chain(&mut self.failure) {
            note.text = app.texts.say(caller.language, &note.code, &note.args);
        }
        self
    }
}

/// Sentence about an import (提示), by code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// Key of the text.
    pub code: String,
    /// Values that the text names.
    #[schema(value_type = Object)]
    pub args: BTreeMap<String, Json>,
    /// The sentence in the caller's language.
    #[serde(default)]
    pub text: String,
}

impl Note {
    /// Starts a sentence.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), args: BTreeMap::new(), text: String::new() }
    }

    /// Adds a value that the text names.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

impl From<&Problem> for Note {
    fn from(problem: &Problem) -> Self {
        Self { code: problem.code.to_string(), args: problem.args.clone(), text: String::new() }
    }
}

/// Which imports to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportFilter {
    /// Only of this noun.
    #[param(max_length = 60)]
    pub noun: Option<String>,
    /// Only in this state.
    pub state: Option<ImportState>,
}

/// Correction of an import before its start; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportPatch {
    /// Where the rows come from.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 60)]
    pub source: Option<String>,
    /// The brand that the rows belong to.
    #[serde(default)]
    pub brand_id: Option<Id>,
    /// Currency of amounts whose row names none.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// How the cells are found; the mapping is proposed anew unless it is given too.
    #[serde(default)]
    pub layout: Option<Layout>,
    /// What fills each field.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub columns: Option<Vec<ColumnUse>>,
}

/// First rows of a file as its mapping reads them (预览).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ImportPreview)]
pub struct Preview {
    /// Titles of the columns.
    pub titles: Vec<String>,
    /// Columns of the widest row.
    pub width: usize,
    /// Fields that every row needs and nothing fills yet.
    pub missing_fields: Vec<String>,
    /// The rows; hidden where they hold personal values that the caller may not see.
    pub rows: Option<Vec<PreviewRow>>,
}

/// One row of a preview.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PreviewRow {
    /// Its number in the file.
    pub number: u64,
    /// Its cells as they stand there.
    pub cells: Vec<String>,
    /// What would be stored, by field.
    #[schema(value_type = Object)]
    pub values: BTreeMap<String, Json>,
    /// Why it would be rejected.
    pub problem: Option<RowProblem>,
}

/// Why a row is rejected (拒绝原因).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RowProblem {
    /// Key of the text.
    pub code: String,
    /// The field at fault.
    pub field: Option<String>,
    /// Values that the text names.
    #[schema(value_type = Object)]
    pub args: BTreeMap<String, Json>,
    /// The sentence in the caller's language.
    #[serde(default)]
    pub text: String,
}

impl RowProblem {
    pub(crate) fn of(reject: Reject, app: &App, caller: &Caller) -> Self {
        let text = app.texts.say(caller.language, &reject.code, &reject.args);
        Self { code: reject.code, field: reject.field, args: reject.args, text }
    }
}

impl Labelled for Preview {
    const NOUN: &'static str = "tabular.preview";
}

/// Returns true where this caller may see the cells of files of a noun with this label.
pub(crate) fn sees_cells(caller: &Caller, label: Label) -> bool {
    label <= caller.clearance
}
