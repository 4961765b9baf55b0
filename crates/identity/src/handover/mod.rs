//! Hand-over (离职交接): what somebody who left owned, and whether it went to somebody else.

pub mod api;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

text_enum! {
    /// State (状态) of a hand-over.
    pub enum HandoverState {
        /// Something may still belong to the leaver.
        Open = "open",
        /// The manager said that it is done.
        Done = "done",
    }
}

/// Hand-over (离职交接) of one leaver.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Handover {
    /// Its id.
    pub id: Id,
    /// Who left.
    pub user_id: Id,
    /// Their name.
    pub user_name: String,
    /// Their department.
    pub department_id: Option<Id>,
    /// Who sees to it.
    pub manager_id: Option<Id>,
    /// Their name.
    pub manager_name: Option<String>,
    /// Where it stands.
    pub state: HandoverState,
    /// What the manager noted.
    pub note: Option<String>,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// Who said so.
    pub done_by: Option<Id>,
    /// What the leaver still owns, by noun.
    #[serde(default)]
    pub owned: Vec<Owned>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for Handover {
    const NOUN: &'static str = "identity.handover";
}

/// What a leaver owns of one noun.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Owned {
    /// The published view that shows it.
    pub view: String,
    /// How many rows.
    pub count: i64,
    /// Addresses of the first rows in the UI.
    pub links: Vec<String>,
}

/// The manager's word that a hand-over is done.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// To whom everything went, and what was not.
    #[schema(min_length = 2, max_length = 500)]
    pub note: String,
}
