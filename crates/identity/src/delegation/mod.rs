//! Delegation (代理): who stands in for whom, and from when until when.
//!
//! A window begins at its first moment and ends before its last. Chains are bounded and never close a circle; what
//! somebody decides for somebody else bears both names.

pub mod api;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

text_enum! {
    /// Why somebody stands in (代理类型).
    pub enum DelegationKind {
        /// The work is shared.
        Delegation = "delegation",
        /// The person is away.
        Absence = "absence",
    }
}

/// Delegation (代理) of somebody's decisions.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Delegation {
    /// Its id.
    pub id: Id,
    /// Why.
    pub kind: DelegationKind,
    /// For whom.
    pub from_user_id: Id,
    /// Their name.
    pub from_name: String,
    /// Who stands in.
    pub to_user_id: Id,
    /// Their name.
    pub to_name: String,
    /// Kinds of tasks; all of them where the list is empty.
    pub task_kinds: Vec<String>,
    /// Its first moment.
    pub valid_from: Timestamp,
    /// The moment before which it ends.
    pub valid_to: Timestamp,
    /// Why.
    pub reason: String,
    /// When it was ended early.
    pub ended_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: Option<Id>,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for Delegation {
    const NOUN: &'static str = "identity.delegation";
}

/// Delegation to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDelegation {
    /// For whom; the caller when absent. Others need `identity.user.manage`.
    pub from_user_id: Option<Id>,
    /// Who stands in; an absence needs one, too.
    pub to_user_id: Id,
    /// Why.
    pub kind: DelegationKind,
    /// Kinds of tasks; all of them where the list is empty.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub task_kinds: Vec<String>,
    /// Its first moment.
    pub valid_from: Timestamp,
    /// The moment before which it ends.
    pub valid_to: Timestamp,
    /// Why.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// Somebody who can stand in, as whoever looks for one sees them.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeputyChoice {
    /// The user's id.
    pub id: Id,
    /// Their name.
    pub name: String,
}

impl Labelled for DeputyChoice {
    const NOUN: &'static str = "identity.deputy_choice";
}

/// Which delegations to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DelegationFilter {
    /// True: those of everybody whom the caller manages; otherwise those that name the caller.
    pub everybody: Option<bool>,
    /// True: only those that are not over.
    pub open: Option<bool>,
}
