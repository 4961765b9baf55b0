//! Department (部门): a tree; grants reach a department and those below it.

pub mod api;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::user::UserState;

/// Department (部门) of the company.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Department {
    /// Its id.
    pub id: Id,
    /// Its short name, such as `market`.
    pub code: String,
    /// Its name.
    pub names: LocalText,
    /// The department above it.
    pub parent_id: Option<Id>,
    /// Who heads it.
    pub head_id: Option<Id>,
    /// The head's name.
    pub head_name: Option<String>,
    #[serde(default, skip_serializing)]
    #[schema(ignore)]
    pub(crate) head_state: Option<UserState>,
    /// How many active users belong to it.
    pub people: i64,
    /// True where the rules bind it.
    pub in_scope: bool,
    /// How many clauses it answers for.
    pub clauses: i64,
    /// What keeps it from answering for the rules, where they bind it.
    #[serde(default)]
    pub gaps: Vec<ScopeGap>,
    /// Since when it is closed.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for Department {
    const NOUN: &'static str = "identity.department";
}

text_enum! {
    /// What keeps a department from answering for the rules (适用范围缺口).
    pub enum ScopeGap {
        /// Nobody in it has an active account.
        NoUser = "no_user",
        /// Nobody who may act heads it.
        NoHead = "no_head",
        /// No clause is assigned to it.
        NoClause = "no_clause",
    }
}

/// Department to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDepartment {
    /// Short name of lower-case letters, digits and underscores.
    #[schema(pattern = "^[a-z][a-z0-9_]{1,39}$")]
    pub code: String,
    /// Its name.
    pub names: LocalText,
    /// The department above it.
    pub parent_id: Option<Id>,
    /// Who heads it.
    pub head_id: Option<Id>,
    /// False where the rules do not bind it.
    pub in_scope: Option<bool>,
}

/// The whole of what can change of a department.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentChange {
    /// Its name.
    pub names: LocalText,
    /// The department above it.
    pub parent_id: Option<Id>,
    /// Who heads it.
    pub head_id: Option<Id>,
    /// Whether the rules bind it; as before where it is absent.
    pub in_scope: Option<bool>,
}
