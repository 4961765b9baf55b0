//! Partial (片段): reusable parts of mails, such as a footer; content names them by key.

pub mod api;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

kernel::text_enum! {
    /// Whether a partial may be used (使用状态).
    pub enum PartialState {
        /// May be used in new content.
        Active = "active",
        /// Stays only where it is used already.
        Archived = "archived",
    }
}

/// Partial (片段): its key and title; its words are in its versions.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Partial {
    /// Its id.
    pub id: Id,
    /// Its brand.
    pub brand_id: Id,
    /// The department that looks after it.
    pub department_id: Option<Id>,
    /// Who looks after it.
    pub owner_id: Option<Id>,
    /// How content names it: `{% include "<key>" %}`.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Whether it may be used.
    pub state: PartialState,
    /// Number of its current version.
    pub number: i64,
    /// Its current version.
    pub version_id: Id,
    /// Who made it.
    pub created_by: Option<Id>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// For If-Match.
    pub version: i64,
}

impl Labelled for Partial {
    const NOUN: &'static str = "brand.partial";
}

/// Version of a partial (片段版本); immutable.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PartialVersion {
    /// Its id.
    pub id: Id,
    /// The partial.
    pub partial_id: Id,
    /// 1, 2, 3, …
    pub number: i64,
    /// MJML with Jinja, per language; an absent language falls back.
    pub sources: LocalText,
    /// SHA-256 of the sources.
    pub digest: String,
    /// Who wrote it.
    pub created_by: Option<Id>,
    /// When it was written.
    pub created_at: Timestamp,
}

impl Labelled for PartialVersion {
    const NOUN: &'static str = "brand.partial_version";
}

/// A partial together with its current words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartialView {
    /// The partial.
    #[serde(flatten)]
    pub partial: Partial,
    /// Its current version.
    pub current: PartialVersion,
    /// How many approved items hold it: their approvals fall with the next version.
    pub approved_uses: i64,
}

impl Labelled for PartialView {
    const NOUN: &'static str = "brand.partial";
}

/// What a new partial needs.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPartial {
    /// Its brand.
    pub brand_id: Id,
    /// The department that looks after it.
    #[serde(default)]
    pub department_id: Option<Id>,
    /// How content names it: lower-case letters, digits and hyphens.
    #[schema(max_length = 64, pattern = "^[a-z0-9][a-z0-9-]*$")]
    pub key: String,
    /// Its title.
    #[schema(max_length = 120)]
    pub title: String,
    /// MJML with Jinja, per language.
    pub sources: LocalText,
}

/// What to change; absent fields stay.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartialPatch {
    /// Its title.
    #[schema(max_length = 120)]
    pub title: Option<String>,
    /// MJML with Jinja, per language: makes a new version where it differs.
    pub sources: Option<LocalText>,
    /// Whether it may be used.
    pub state: Option<PartialState>,
}

/// Which partials are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PartialFilter {
    /// Only those of this brand.
    pub brand_id: Option<Id>,
    /// Only those in this state.
    pub state: Option<PartialState>,
    /// Only those whose title or key holds this.
    #[param(max_length = 120)]
    pub q: Option<String>,
}
