//! Suppression list (禁发名单): addresses that nothing goes to, whatever anybody agreed to.

mod api;
mod jobs;
pub mod rules;
mod service;
mod sql;

use kernel::{Id, Label, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::consent::Channel;

pub use api::routes;
pub use jobs::LiftExpired;
pub use service::{add, lift, list, of_profile, suppress};

text_enum! {
    /// Reason (原因) why nothing goes to an address.
    pub enum SuppressionReason {
        /// The address does not exist.
        HardBounce = "hard_bounce",
        /// The person reported a message as unwanted.
        Complaint = "complaint",
        /// A member of staff decided so.
        Manual = "manual",
        /// The address is none that anybody can have.
        Invalid = "invalid",
    }
}

/// One entry on its way onto the list.
#[derive(Clone, Debug)]
pub struct NewSuppression {
    /// The address.
    pub node_id: Id,
    /// On this channel.
    pub channel: Channel,
    /// Why.
    pub reason: SuppressionReason,
    /// What the server or the person said.
    pub detail: Option<String>,
    /// Who reported it, such as `smtp` or `staff`.
    pub source: String,
    /// When it happened.
    pub happened_at: Timestamp,
    /// Until when; absent: for ever.
    pub expires_at: Option<Timestamp>,
}

/// Suppression (禁发): an address that nothing goes to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Suppression {
    /// Its id.
    pub id: Id,
    /// The contact point.
    pub node_id: Id,
    /// Whose it is now.
    pub profile_id: Id,
    /// The address itself; none where its person was erased.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub address: Option<String>,
    /// On this channel.
    pub channel: Channel,
    /// Why.
    pub reason: SuppressionReason,
    /// What the server or the person said; may repeat the address.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub detail: Option<String>,
    /// Who reported it.
    pub source: String,
    /// When it happened.
    pub happened_at: Timestamp,
    /// Until when; absent: for ever.
    pub expires_at: Option<Timestamp>,
    /// When it was taken off.
    pub lifted_at: Option<Timestamp>,
    /// Who took it off.
    pub lifted_by: Option<Id>,
    /// Why it was taken off.
    pub lifted_because: Option<String>,
    /// When it was put on.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: i64,
}

impl Labelled for Suppression {
    const NOUN: &'static str = "customers.suppression";
    const FIELDS: &'static [(&'static str, Label)] =
        &[("address", Label::Personal), ("detail", Label::Personal)];
}

/// Which entries to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SuppressionFilter {
    /// On this channel.
    pub channel: Option<Channel>,
    /// For this reason.
    pub reason: Option<SuppressionReason>,
    /// True: only those in force; false: only those taken off.
    pub active: Option<bool>,
}

/// An address that a member of staff puts on the list.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddSuppression {
    /// The contact point.
    pub node_id: Id,
    /// On this channel.
    pub channel: Channel,
    /// Why, in words.
    #[schema(min_length = 5, max_length = 500)]
    pub detail: String,
    /// Until when; absent: for ever.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// Why an address comes off the list.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftSuppression {
    /// The reason, for the audit log.
    #[schema(min_length = 5, max_length = 500)]
    pub because: String,
}
