//! Consent text (同意文本): the sentences that people are shown, version by version; each consent points at its own.

mod api;
mod service;
mod sql;

use kernel::{Id, Labelled, Language, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::consent::{Channel, Purpose};

pub use api::routes;
pub(crate) use service::shown;
pub use service::{create, list};

/// Version of a consent text (同意文本版本).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConsentTextVersion {
    /// Its id: a digest of version and sentence.
    pub id: Id,
    /// The brand that asks; absent: all.
    pub brand_id: Option<Id>,
    /// What for.
    pub purpose: Purpose,
    /// On which channel.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
    /// Its version.
    pub version: String,
    /// The sentence.
    pub text: String,
    /// Since when it is shown.
    pub valid_from: Timestamp,
    /// Until when: the next version took its place.
    pub valid_until: Option<Timestamp>,
    /// Statements that were made under it.
    pub consents: i64,
    /// When it was written down.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id>,
}

impl Labelled for ConsentTextVersion {
    const NOUN: &'static str = "customers.consent_text";
}

/// Which texts are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConsentTextFilter {
    /// Only for this purpose.
    #[param(inline)]
    pub purpose: Option<Purpose>,
    /// Only on this channel.
    #[param(inline)]
    pub channel: Option<Channel>,
    /// Only in this language.
    pub language: Option<Language>,
    /// True: only those that are shown now.
    pub current: Option<bool>,
}

/// A new version of a text.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConsentText {
    /// The brand that asks; absent: all.
    #[serde(default)]
    pub brand_id: Option<Id>,
    /// What for.
    pub purpose: Purpose,
    /// On which channel.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
    /// Its version.
    #[schema(min_length = 1, max_length = 60)]
    pub version: String,
    /// The sentence.
    #[schema(min_length = 1, max_length = 5000)]
    pub text: String,
    /// Since when it is shown; now when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
}
