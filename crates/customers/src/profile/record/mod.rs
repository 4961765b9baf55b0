//! Record (来源记录): what a source told about a person at one time. A profile is what its records come to.

mod rules;
mod service;
mod sql;

use kernel::{Id, Label, Labelled, Timestamp};
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::facts::Facts;

pub(crate) use rules::flat;
pub use service::of_profile;
pub(crate) use service::{Edit, forget_import, keep, note_edit, settle};

/// One record.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its id.
    pub id: Id,
    /// The identifier that it is about.
    pub node_id: Id,
    /// Who told it.
    pub source: String,
    /// When.
    pub told_at: Timestamp,
    /// What was told.
    pub facts: Facts,
    /// What was told to be nothing.
    pub cleared: Vec<String>,
}

/// Where a field of a profile came from (字段来源).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileFact {
    /// The field; further attributes begin with `attributes.`.
    pub field: String,
    /// What was told; absent: that there is nothing.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub value: Option<Json>,
    /// Who told it.
    pub source: String,
    /// When.
    pub told_at: Timestamp,
    /// The identifier that it was told about.
    pub node_id: Id,
    /// True where this is what the profile says now.
    pub is_current: bool,
}

impl Labelled for ProfileFact {
    const NOUN: &'static str = "customers.profile_fact";
    const FIELDS: &'static [(&'static str, Label)] = &[("value", Label::Personal)];
}
