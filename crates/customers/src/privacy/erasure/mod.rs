//! Erasure (删除): how somebody goes for good, what stays by law, and the proof that nothing else is left.

mod api;
mod jobs;
pub mod list_file;
mod proof;
pub mod rules;
mod service;
mod sql;
mod steps;

use kernel::{DomainEvent, Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

pub use api::routes;
pub use jobs::Finish;
pub use list_file::{ErasureLists, apply};
pub use proof::{Place, Verification};
pub use service::{Keys, accept, finish, list, of_request, readmit};
pub(crate) use steps::{Wish, erase};

/// Somebody is gone for good (客户已删除): whoever keeps copies makes them anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileErased {
    /// The empty place that is left.
    pub profile_id: Id,
}

impl DomainEvent for ProfileErased {
    const KIND: &'static str = "customers.profile.erased";
}

text_enum! {
    /// Cause (删除原因) of an erasure.
    #[schema(as = ErasureCause)]
    pub enum Cause {
        /// The person asked for it.
        Request = "request",
        /// They were kept long enough.
        Retention = "retention",
        /// A backup brought them back.
        Restore = "restore",
    }
}

text_enum! {
    /// Step (进度) of an erasure.
    #[schema(as = ErasureStep)]
    pub enum Step {
        /// Nothing of them is in the customer database; events and proof follow.
        Erased = "erased",
        /// Everything was searched, and nothing was found.
        Verified = "verified",
        /// Something was found elsewhere.
        HitsLeft = "hits_left",
        /// Something was found elsewhere and stays, with a reason.
        Accepted = "accepted",
    }
}

/// Erasure (删除记录) of somebody.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Erasure {
    /// Its id.
    pub id: Id,
    /// The empty place that is left of them.
    pub profile_id: Id,
    /// The request that asked for it.
    pub request_id: Option<Id>,
    /// Why it was done.
    pub cause: Cause,
    /// How far it is.
    pub step: Step,
    /// Identifiers that were erased.
    pub nodes: i64,
    /// Why, in words.
    pub reason: String,
    /// When.
    pub erased_at: Timestamp,
    /// By whom.
    pub erased_by: Option<Id>,
    /// When everything had been searched.
    pub finished_at: Option<Timestamp>,
    /// Events that went.
    pub lake_events: i64,
    /// What was done and what was found.
    #[schema(value_type = Object)]
    pub proof: Json,
    /// When they were let in again.
    pub readmitted_at: Option<Timestamp>,
    /// Why.
    pub readmitted_because: Option<String>,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for Erasure {
    const NOUN: &'static str = "customers.erasure";
}

/// Why somebody who was erased is let in again.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Readmit {
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
    /// What shows that they want it, such as the number of a new contract.
    #[schema(min_length = 5, max_length = 500)]
    pub proof: String,
}
