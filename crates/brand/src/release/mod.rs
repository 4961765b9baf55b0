//! Release (发布): the one door through which content leaves the company.
//!
//! Architecture invariant: [`service::Door`] is the only place that makes a [`kernel::ports::Released`];
//! every decision of it, refusals too, is a row written in the same transaction.

pub mod api;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use std::collections::BTreeMap;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

pub use service::door;

/// Decision of the release door (放行记录).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReleaseDecision {
    /// Its id; the release's, where it was allowed.
    pub id: Id,
    /// The item.
    pub content_id: Id,
    /// Its brand.
    pub brand_id: Option<Id>,
    /// Its department.
    pub department_id: Option<Id>,
    /// Who looks after it.
    pub owner_id: Option<Id>,
    /// The version that was current.
    pub version_id: Option<Id>,
    /// The approval that the token named.
    pub approval_id: Option<Id>,
    /// SHA-256 of the closure as it was then.
    pub closure_hash: Option<String>,
    /// True where it was let out.
    pub allowed: bool,
    /// Code of the reason where it was not.
    pub reason: Option<String>,
    /// Values that the reason's sentence names.
    #[schema(value_type = Object)]
    pub args: BTreeMap<String, Value>,
    /// The reason in the caller's language.
    #[serde(default)]
    pub message: String,
    /// True where the closure was the approved one.
    pub hash_matches: bool,
    /// True where a pre-flight of that closure held.
    pub had_preflight: bool,
    /// What it was for.
    pub used_by_kind: String,
    /// The row that it was for.
    pub used_by: Id,
    /// Who asked.
    pub decided_by: Option<Id>,
    /// Their name.
    pub decided_by_name: String,
    /// When.
    pub decided_at: Timestamp,
}

impl Labelled for ReleaseDecision {
    const NOUN: &'static str = "brand.release";
}

/// Which decisions are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReleaseFilter {
    /// Only those about this item.
    pub content_id: Option<Id>,
    /// Only those of this brand.
    pub brand_id: Option<Id>,
    /// Only what was let out, or only what was not.
    pub allowed: Option<bool>,
    /// Only those for this row.
    pub used_by: Option<Id>,
}
