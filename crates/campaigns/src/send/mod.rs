//! Send ledger (发送台账): one row per planned message, and the worker that settles them.
//!
//! `intent -> attempting` (durable before the wire) `-> sent | failed | unknown`; the contact door
//! may make it `suppressed`, or keep it `intent` until a later hour.

mod api;
mod claim;
mod expand;
mod jobs;
mod links;
pub(crate) mod render;
mod rules;
mod settle;
mod sql;
mod worker;

use kernel::{Id, Label, Labelled, Language, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::tracking::EventKind;

pub(crate) use api::routes;
pub(crate) use jobs::{expand_later, register, wake};
pub(crate) use links::Links;
pub(crate) use sql::{all_settled, links as numbered_links, unsettled};

kernel::text_enum! {
    /// State (状态) of a planned message.
    pub enum SendState {
        /// Planned.
        Intent = "intent",
        /// Durable, and perhaps on the wire.
        Attempting = "attempting",
        /// The server took it.
        Sent = "sent",
        /// The server refused it for good, or too often.
        Failed = "failed",
        /// It may have arrived; never sent again by itself.
        Unknown = "unknown",
        /// The contact door refused it.
        Suppressed = "suppressed",
    }
}

/// A planned message (发送).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Send {
    /// Id.
    pub id: Id,
    /// The campaign.
    pub campaign_id: Id,
    /// The person, as matched when it was planned.
    pub profile_id: Id,
    /// The contact point.
    pub node_id: Id,
    /// The address now.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub address: Option<String>,
    /// `email`.
    pub channel: String,
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// Language of the variant.
    pub language: Option<Language>,
    /// State.
    pub state: SendState,
    /// Why it was refused, deferred or failed, by code.
    pub reason: Option<String>,
    /// Tries so far.
    pub attempts: i64,
    /// Not before this time.
    pub not_before: Timestamp,
    /// When it last went towards the wire.
    pub attempted_at: Option<Timestamp>,
    /// When the server took it.
    pub sent_at: Option<Timestamp>,
    /// The server's words.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub reply: Option<String>,
    /// When it was planned.
    pub created_at: Timestamp,
}

impl Labelled for Send {
    const NOUN: &'static str = "campaigns.send";
    const FIELDS: &'static [(&'static str, Label)] =
        &[("address", Label::Personal), ("reply", Label::Personal)];
}

/// Which sends are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SendFilter {
    /// Only in this state.
    pub state: Option<SendState>,
    /// Only to this person.
    pub profile_id: Option<Id>,
    /// Only in this language.
    pub language: Option<Language>,
    /// True: only those that are not settled yet.
    pub open: Option<bool>,
    /// True: only those that were sent and did not come back.
    pub delivered: Option<bool>,
    /// Only those of which this was seen, by a person.
    pub seen: Option<EventKind>,
    /// True: seen by anybody, scanners included.
    pub raw: Option<bool>,
    /// With `seen=clicked`: only by this link.
    pub link: Option<i64>,
}

/// How a person settles a send whose fate is unknown.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleInput {
    /// `sent` when it is known to have arrived, `failed` when it is known not to have.
    pub state: SendState,
    /// How that is known.
    pub reason: String,
}
