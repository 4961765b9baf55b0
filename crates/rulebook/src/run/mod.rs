//! Evidence run (佐证记录): what a control found, in which window, from which figures and rows.

pub mod api;
pub(crate) mod jobs;
pub(crate) mod rules;
pub(crate) mod service;
pub(crate) mod sql;

use std::collections::BTreeMap;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::{IntoParams, ToSchema};

pub use jobs::after_change;
pub(crate) use jobs::{after_new_edition, after_parameter_change};
pub(crate) use service::{Found, latest, measure_all, of_control, points, said};
pub use service::{evaluate, evaluate_all, rows, turns};

use crate::control::{EvidenceKind, Operator};
use crate::parameter::Input;

text_enum! {
    /// Verdict (结论) of a run.
    pub enum Verdict {
        /// The value is as it must be.
        Followed = "followed",
        /// It is not.
        Broken = "broken",
        /// Too few rows to say.
        Insufficient = "insufficient",
        /// A person signed that it is so.
        Attested = "attested",
    }
}

text_enum! {
    /// Which rows of a measurement are meant.
    pub enum RowSet {
        /// All that it was about.
        All = "all",
        /// Those that counted.
        Counted = "counted",
        /// Those that did not.
        Others = "others",
    }
}

/// An evidence run (佐证记录).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Run {
    /// Its id.
    pub id: Id,
    /// The control.
    pub control_id: String,
    /// Digest of the measurement, so that a changed control is told apart.
    pub spec_hash: String,
    /// Kind of the evidence.
    pub kind: EvidenceKind,
    /// What it found.
    pub verdict: Verdict,
    /// The count, or the share in percent; absent where there are too few rows.
    pub value: Option<f64>,
    /// How the value is compared.
    pub operator: Operator,
    /// With what.
    pub threshold: f64,
    /// Rows that it was about.
    pub population: i64,
    /// Rows that counted.
    pub counted: i64,
    /// Days that it looked back; absent: for ever.
    pub window_days: Option<i64>,
    /// Since when rows were looked at.
    pub window_from: Option<Timestamp>,
    /// Until when.
    pub window_to: Timestamp,
    /// Policy parameters as they were then.
    pub inputs: BTreeMap<String, Input>,
    /// Which rows prove the verdict.
    pub row_set: RowSet,
    /// The newest of these rows, by id.
    pub row_ids: Vec<String>,
    /// When this was first found.
    pub evaluated_at: Timestamp,
    /// When it was last found the same.
    pub confirmed_at: Timestamp,
    /// The verdict in one sentence, in the caller's language.
    #[serde(default)]
    pub why: String,
}

impl Labelled for Run {
    const NOUN: &'static str = "rulebook.evidence_run";
}

/// Which runs to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RunFilter {
    /// Only of this control.
    #[param(max_length = 200)]
    pub control: Option<String>,
    /// Only with this verdict.
    pub verdict: Option<Verdict>,
}

/// Which rows of a run to open.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RowFilter {
    /// Which of them; those that prove the verdict when absent.
    pub set: Option<RowSet>,
}

/// A row behind a run, as the caller may see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EvidenceRow {
    /// Its id.
    pub id: String,
    /// Its page in the UI.
    pub link: String,
    /// When the fact happened.
    pub at: Option<Timestamp>,
    /// Its columns, in the order of the view.
    #[schema(value_type = Object)]
    pub columns: Map<String, Json>,
    /// Columns that the caller may not see.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
}

impl Labelled for EvidenceRow {
    // The columns were masked by the view's own marks before this is made.
    const NOUN: &'static str = "rulebook.evidence_row";
}

/// A control whose verdict changed (变化).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Turn {
    /// The run that found it.
    pub run_id: Id,
    /// The control.
    pub control_id: String,
    /// Its name, in the caller's language.
    #[serde(default)]
    pub title: String,
    /// The clauses that it proves.
    #[serde(default)]
    pub clauses: Vec<String>,
    /// The verdict before.
    pub before: Verdict,
    /// The verdict from then on.
    pub after: Verdict,
    /// When.
    pub at: Timestamp,
}

impl Labelled for Turn {
    const NOUN: &'static str = "rulebook.turn";
}

/// A verdict over a stretch of time, for trends.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Point {
    pub control_id: String,
    pub verdict: Verdict,
    pub evaluated_at: Timestamp,
    pub confirmed_at: Timestamp,
}
