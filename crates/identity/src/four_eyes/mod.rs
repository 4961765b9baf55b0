//! Four-eyes (双人复核): important deletes and bulk changes take a second person, show what they would
//! do, and can be taken back for 30 days.

pub mod api;
pub mod kinds;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use std::collections::BTreeMap;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

text_enum! {
    /// State (状态) of a request.
    pub enum DeletionState {
        /// Waits for the second person.
        Pending = "pending",
        /// Approved, and done in the same moment.
        Done = "done",
        /// The second person said no.
        Rejected = "rejected",
        /// The first person took it back.
        Withdrawn = "withdrawn",
        /// Done, and taken back.
        Restored = "restored",
    }
}

/// Request (重要更改申请) for an important delete or bulk change.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeletionRequest {
    /// Its id.
    pub id: Id,
    /// What kind of change.
    pub kind: String,
    /// To what.
    #[schema(value_type = Object)]
    pub target: Json,
    /// Brand of the data.
    pub brand_id: Option<Id>,
    /// Department of the data.
    pub department_id: Option<Id>,
    /// What it would do.
    pub preview: Preview,
    /// What it would do, in the caller's language.
    #[serde(default)]
    pub summary: String,
    /// How many rows.
    pub row_count: i64,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: DeletionState,
    /// The second person.
    pub decided_by: Option<Id>,
    /// Their name.
    pub decided_by_name: Option<String>,
    /// When they decided.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub decision_reason: Option<String>,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// Until when it can be taken back.
    pub restorable_until: Option<Timestamp>,
    /// When it was taken back.
    pub restored_at: Option<Timestamp>,
    /// By whom.
    pub restored_by: Option<Id>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
    /// The first person.
    pub created_by: Option<Id>,
    /// Their name.
    pub created_by_name: Option<String>,
}

impl Labelled for DeletionRequest {
    const NOUN: &'static str = "identity.deletion_request";
}

/// What a change would do, as it was when it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DeletionPreview)]
pub struct Preview {
    /// Key of the sentence.
    pub summary_code: String,
    /// Values that the sentence names.
    #[schema(value_type = Object)]
    pub summary_args: BTreeMap<String, Json>,
    /// Some of the rows.
    #[schema(value_type = Vec<Object>)]
    pub sample: Vec<Json>,
}

impl Labelled for Preview {
    const NOUN: &'static str = "identity.deletion_request";
}

/// What to preview.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeTarget {
    /// What kind of change.
    #[schema(max_length = 80)]
    pub kind: String,
    /// To what; its shape depends on the kind.
    #[schema(value_type = Object)]
    pub target: Json,
}

/// Change to be asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeletionRequest {
    /// What kind of change.
    #[schema(max_length = 80)]
    pub kind: String,
    /// To what; its shape depends on the kind.
    #[schema(value_type = Object)]
    pub target: Json,
    /// Why.
    #[schema(min_length = 2, max_length = 500)]
    pub reason: String,
}

/// What a change would do, before it is asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShownPreview {
    /// In the caller's language.
    pub summary: String,
    /// How many rows.
    pub row_count: i64,
    /// Some of them.
    #[schema(value_type = Vec<Object>)]
    pub sample: Vec<Json>,
}

impl Labelled for ShownPreview {
    const NOUN: &'static str = "identity.deletion_request";
}

/// Which requests to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeletionFilter {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<DeletionState>,
}
