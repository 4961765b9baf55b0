//! Merge (客户合并): two people who turned out to be one, and how that is undone.

mod api;
mod service;
mod sql;

use kernel::{Caller, Id, Label, Labelled, Masked, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::node::{MatchRule, NodeKind};

pub use api::routes;
pub(crate) use service::{Decision, check_reason, merge_in, require_both};
pub use service::{merge, of_profile, undo};

/// Merge (客户合并) of two people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileMerge {
    /// Its id.
    pub id: Id,
    /// Who stayed.
    pub kept_id: Id,
    /// Who became the other.
    pub merged_id: Id,
    /// By which rule.
    pub rule: MatchRule,
    /// What told it.
    pub source: String,
    /// How sure that was, up to 1.
    pub score: f64,
    /// When.
    pub happened_at: Timestamp,
    /// Who decided; absent where a rule did.
    pub decided_by: Option<Id>,
    /// Their name.
    pub decided_by_name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Identifiers that came with it.
    pub nodes: Vec<Masked<MergedNode>>,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
    /// Who undid it.
    pub undone_by: Option<Id>,
    /// Their name.
    pub undone_by_name: Option<String>,
    /// Why.
    pub undo_reason: Option<String>,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for ProfileMerge {
    const NOUN: &'static str = "customers.profile_merge";
    const FIELDS: &'static [(&'static str, Label)] = &[];
}

/// Identifier (标识) that came with a merge.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MergedNode {
    /// Its node.
    pub id: Id,
    /// What it is.
    pub kind: NodeKind,
    /// The value, normalised.
    pub value: Option<String>,
}

impl Labelled for MergedNode {
    const NOUN: &'static str = "customers.node";
    const FIELDS: &'static [(&'static str, Label)] = &[("value", Label::Personal)];
}

impl MergedNode {
    /// Returns it as a caller may see it.
    fn shown(mut self, caller: &Caller) -> Masked<Self> {
        let hidden = caller.clearance < Label::Personal && self.value.take().is_some();
        Masked { row: self, masked: if hidden { vec!["value".to_owned()] } else { Vec::new() } }
    }
}

/// Somebody who is the same person.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeProfile {
    /// The other profile.
    pub with: Id,
    /// Why they are one.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// Why a merge was wrong.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoMerge {
    /// Why they are two.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// What became of a merge that was undone.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Undone {
    /// The merge.
    pub id: Id,
    /// Who stays.
    pub kept_id: Id,
    /// Who is there again.
    pub restored_id: Id,
    /// Decisions that were retracted.
    pub retracted: i64,
}

impl Labelled for Undone {
    const NOUN: &'static str = "customers.profile_merge";
    const FIELDS: &'static [(&'static str, Label)] = &[];
}
