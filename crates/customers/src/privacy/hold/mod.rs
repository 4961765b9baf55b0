//! Legal hold (法定保留): why somebody's data have to stay for now.

mod api;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use api::routes;
pub(crate) use service::is_held;
pub use service::{create, lift, list};

/// Legal hold (法定保留).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LegalHold {
    /// Its id.
    pub id: Id,
    /// Whose data stay.
    pub profile_id: Id,
    /// Why.
    pub reason: String,
    /// Until when; absent: until it is lifted.
    pub until: Option<Timestamp>,
    /// When it was set.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id>,
    /// When it was lifted.
    pub lifted_at: Option<Timestamp>,
    /// Why.
    pub lifted_because: Option<String>,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for LegalHold {
    const NOUN: &'static str = "customers.legal_hold";
}

/// Which holds are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HoldFilter {
    /// True: only those in force.
    pub active: Option<bool>,
    /// Only of this person.
    pub profile_id: Option<Id>,
}

/// A hold that is set.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// Whose data stay.
    pub profile_id: Id,
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
    /// Until when; absent: until it is lifted.
    #[serde(default)]
    pub until: Option<Timestamp>,
}
