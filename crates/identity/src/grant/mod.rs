//! Grant (授权): a user holds a role, within a scope.

pub mod api;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

text_enum! {
    /// Kind of scope (授权范围) of a grant.
    pub enum ScopeKind {
        /// Everything in the company.
        Company = "company",
        /// Rows of one brand.
        Brand = "brand",
        /// Rows of one department and those below it.
        Department = "department",
        /// Rows that the holder owns.
        Own = "own",
    }
}

/// Grant (授权) of a role to a user.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Grant {
    /// Its id.
    pub id: Id,
    /// Who holds it.
    pub user_id: Id,
    /// The role.
    pub role_id: Id,
    /// The role's short name.
    pub role_code: String,
    /// The role's name.
    pub role_names: LocalText,
    /// How far it reaches.
    pub scope: ScopeKind,
    /// The brand, where it reaches one.
    pub brand_id: Option<Id>,
    /// The department, where it reaches one.
    pub department_id: Option<Id>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Why it was given.
    pub reason: Option<String>,
    /// When it was given.
    pub created_at: Timestamp,
    /// Who gave it.
    pub created_by: Option<Id>,
}

impl Labelled for Grant {
    const NOUN: &'static str = "identity.grant";
}

/// Grant to be given.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// The role.
    pub role_id: Id,
    /// How far it reaches.
    pub scope: ScopeKind,
    /// The brand, where it reaches one.
    pub brand_id: Option<Id>,
    /// The department, where it reaches one.
    pub department_id: Option<Id>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Why it is given.
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}
