//! Contact door (触达关口): whether this person may be contacted now, on this channel, for this purpose.
//!
//! Decided when a send is claimed, in that transaction, with the room under the cap reserved; every
//! decision is kept with its reason and the figures that decided.

mod api;
mod door;
mod rules;
mod sql;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;
pub(crate) use door::{Judged, Policy, judge};
pub(crate) use rules::Outcome;
pub(crate) use sql::release as release_reservations;

/// A decision of the contact door (触达决定).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContactDecision {
    /// Id.
    pub id: Id,
    /// The send that asked.
    pub send_id: Id,
    /// Its campaign.
    pub campaign_id: Id,
    /// The person.
    pub profile_id: Id,
    /// The channel.
    pub channel: String,
    /// The purpose.
    pub purpose: String,
    /// `allowed`, `refused` or `deferred`.
    pub outcome: String,
    /// By code.
    pub reason: String,
    /// The figures that decided.
    #[schema(value_type = Object)]
    pub facts: serde_json::Value,
    /// Minute of the day where the person lives.
    pub local_minute: Option<i64>,
    /// When.
    pub at: Timestamp,
}

impl Labelled for ContactDecision {
    const NOUN: &'static str = "campaigns.contact_decision";
}

/// Which decisions are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DecisionFilter {
    /// Only of this campaign.
    pub campaign_id: Option<Id>,
    /// Only about this person.
    pub profile_id: Option<Id>,
    /// `allowed`, `refused` or `deferred`.
    #[param(max_length = 16)]
    pub outcome: Option<String>,
    /// By code.
    #[param(max_length = 80)]
    pub reason: Option<String>,
}

/// How often a campaign's sends met one answer of the door.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReasonCount {
    /// `allowed`, `refused` or `deferred`.
    pub outcome: String,
    /// By code.
    pub reason: String,
    /// Decisions.
    pub count: i64,
}

impl Labelled for ReasonCount {
    const NOUN: &'static str = "campaigns.contact_reason";
}
