//! Flags (使用限制): what somebody does not want to be done with their data.

mod api;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use api::routes;
pub(crate) use service::set;
pub use service::{get, put};

text_enum! {
    /// Flag (限制种类).
    #[schema(as = PrivacyFlag)]
    pub enum Flag {
        /// Programs alone decide nothing about them: no scores, no tiers.
        NoAutomated = "no_automated_decisions",
        /// Their data are kept and not used.
        Restricted = "restricted",
    }
}

/// What somebody does not want to be done with their data (使用限制).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PrivacyFlags {
    /// The person.
    pub profile_id: Id,
    /// Since when programs alone decide nothing about them.
    pub no_automated_since: Option<Timestamp>,
    /// Since when their data are kept and not used.
    pub restricted_since: Option<Timestamp>,
    /// When they were erased.
    pub erased_at: Option<Timestamp>,
    /// Counts the changes of the profile.
    pub version: i64,
}

impl Labelled for PrivacyFlags {
    const NOUN: &'static str = "customers.privacy_flags";
}

/// Flags that are set or lifted; an absent one stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetFlags {
    /// Programs alone decide nothing about them.
    #[serde(default)]
    pub no_automated: Option<bool>,
    /// Their data are kept and not used.
    #[serde(default)]
    pub restricted: Option<bool>,
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}
