//! Consent (同意): what a person said about being contacted, with the proof.

mod api;
mod port;
pub mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use api::routes;
pub use port::Consents;
pub use service::{history, of_profile, record, record_for_profile};
pub(crate) use service::{known_keys, statements, text_id, withdraw_import};

use crate::node::NodeKind;

text_enum! {
    /// Channel (渠道) on which a person is contacted.
    pub enum Channel {
        /// E-mail.
        Email = "email",
        /// Text message.
        Sms = "sms",
        /// A call.
        Phone = "phone",
    }
}

impl Channel {
    /// Returns the kind of identifier that is its address.
    pub const fn address(self) -> NodeKind {
        match self {
            Self::Email => NodeKind::Email,
            Self::Sms | Self::Phone => NodeKind::Mobile,
        }
    }
}

text_enum! {
    /// Purpose (目的) of a contact.
    pub enum Purpose {
        /// Offers and news.
        Marketing = "marketing",
        /// Points, benefits and care of members.
        Loyalty = "loyalty",
        /// Surveys and interviews.
        Research = "research",
    }
}

text_enum! {
    /// State (状态) of a consent; whoever never said anything has not agreed.
    pub enum ConsentState {
        /// They agreed.
        Granted = "granted",
        /// They agreed once and took it back, or refused.
        Withdrawn = "withdrawn",
        /// They never said anything.
        Never = "never",
    }
}

text_enum! {
    /// Who (提供方) reported a consent.
    pub enum GivenBy {
        /// The person, on a form or a preference page.
        Person = "person",
        /// A member of staff, on the person's word.
        Staff = "staff",
        /// A file from another system.
        Import = "import",
        /// The product, such as after an import was taken back.
        System = "system",
    }
}

/// The sentence that a person agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownText {
    /// Its version, such as `2026-03`.
    #[schema(min_length = 1, max_length = 60)]
    pub version: String,
    /// The sentence itself.
    #[schema(min_length = 1, max_length = 5000)]
    pub body: String,
}

/// One statement of a person, on its way into the history.
#[derive(Clone, Debug)]
pub struct NewConsent {
    /// The contact point.
    pub node_id: Id,
    /// For this brand.
    pub brand_id: Id,
    /// For this purpose.
    pub purpose: Purpose,
    /// On this channel.
    pub channel: Channel,
    /// What they said; never [`ConsentState::Never`].
    pub state: ConsentState,
    /// When they said it.
    pub happened_at: Timestamp,
    /// Who reported it.
    pub given_by: GivenBy,
    /// Where, such as `preference_page` or `store_form`.
    pub source: String,
    /// What they were shown; needed to grant.
    pub text: Option<ShownText>,
    /// Keyed digest of the address that it came from.
    pub ip_hash: Option<String>,
    /// Why, in their words.
    pub reason: Option<String>,
    /// The import that it came with.
    pub import_id: Option<Id>,
}

/// Consent (同意) as it stands: the latest statement per contact point, brand, purpose and channel.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Consent {
    /// Its id.
    pub id: Id,
    /// The contact point.
    pub node_id: Id,
    /// For this brand.
    pub brand_id: Id,
    /// For this purpose.
    pub purpose: Purpose,
    /// On this channel.
    pub channel: Channel,
    /// What they said.
    pub state: ConsentState,
    /// The statement that decides.
    pub event_id: Id,
    /// When they made it.
    pub happened_at: Timestamp,
}

impl Labelled for Consent {
    const NOUN: &'static str = "customers.consent";
}

/// Statement (同意记录) in the history, with its proof.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConsentEvent {
    /// Its id.
    pub id: Id,
    /// The contact point.
    pub node_id: Id,
    /// For this brand.
    pub brand_id: Id,
    /// For this purpose.
    pub purpose: Purpose,
    /// On this channel.
    pub channel: Channel,
    /// What they said.
    pub state: ConsentState,
    /// When they said it.
    pub happened_at: Timestamp,
    /// When we learned it.
    pub recorded_at: Timestamp,
    /// The user who recorded it, where one did.
    pub recorded_by: Option<Id>,
    /// Who reported it.
    pub given_by: GivenBy,
    /// Where.
    pub source: String,
    /// The text that they were shown.
    pub text_id: Option<Id>,
    /// Version of the sentence that they were shown.
    pub text_version: Option<String>,
    /// The sentence.
    pub text: Option<String>,
    /// Keyed digest of the address that it came from.
    pub ip_hash: Option<String>,
    /// Why, in their words.
    pub reason: Option<String>,
}

impl Labelled for ConsentEvent {
    const NOUN: &'static str = "customers.consent_event";
}

/// A statement that a member of staff records.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordConsent {
    /// The contact point; the one used first on the channel when absent.
    #[serde(default)]
    pub node_id: Option<Id>,
    /// For this brand.
    pub brand_id: Id,
    /// For this purpose.
    pub purpose: Purpose,
    /// On this channel.
    pub channel: Channel,
    /// What they said: `granted` or `withdrawn`.
    pub state: ConsentState,
    /// When they said it; now when absent.
    #[serde(default)]
    pub happened_at: Option<Timestamp>,
    /// Where, such as `store_form` or `call`.
    #[schema(min_length = 1, max_length = 100)]
    pub source: String,
    /// What they were shown; this or `text_id` is needed to grant.
    #[serde(default)]
    pub text: Option<ShownText>,
    /// The published text that they were shown.
    #[serde(default)]
    pub text_id: Option<Id>,
    /// Why, in their words.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}
