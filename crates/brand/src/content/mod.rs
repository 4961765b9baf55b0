//! Content item (内容): what is said to customers, in immutable versions with a variant per language.

pub mod api;
pub mod diff;
mod links;
pub mod rules;
pub mod service;
pub(crate) mod sql;
pub mod version;

use kernel::{Id, Labelled, Language, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::approval::Approval;
use crate::preflight::PreflightRun;
use crate::review::Review;

kernel::text_enum! {
    /// Kind of content (内容类型).
    pub enum ContentKind {
        /// An e-mail.
        Email = "email",
    }
}

kernel::text_enum! {
    /// State of a content item (内容状态); moved by the state machine `content_review` alone.
    pub enum ContentState {
        /// Being written.
        Draft = "draft",
        /// Waiting for a reviewer.
        InReview = "in_review",
        /// May leave, exactly as approved.
        Approved = "approved",
        /// Sent back to its author.
        Returned = "returned",
        /// Put away.
        Archived = "archived",
    }
}

/// Content item (内容).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Content {
    /// Its id.
    pub id: Id,
    /// Its brand.
    pub brand_id: Id,
    /// The department that it belongs to.
    pub department_id: Option<Id>,
    /// Who looks after it.
    pub owner_id: Option<Id>,
    /// What it is.
    pub kind: ContentKind,
    /// Its title in the house.
    pub title: String,
    /// Languages that it is meant to have; the first is the fallback.
    pub languages: Vec<Language>,
    /// Its state.
    pub state: ContentState,
    /// Its instance of the state machine.
    pub instance_id: Id,
    /// The campaign that it is written for.
    pub campaign_id: Option<Id>,
    /// The plan that it carries out.
    pub plan_id: Option<Id>,
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

impl Labelled for Content {
    const NOUN: &'static str = "brand.content";
}

/// Language variant (语言版本) of an e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Its language.
    pub language: Language,
    /// Subject; Jinja may stand in it.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub subject: String,
    /// Words that inboxes show beside the subject.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub preheader: String,
    /// Sender's name; empty: the brand's.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub sender_name: String,
    /// Sender's address; empty: the brand's.
    #[serde(default)]
    #[schema(max_length = 254)]
    pub sender_address: String,
    /// Jinja in MJML.
    #[serde(default)]
    #[schema(max_length = 100000)]
    pub mjml: String,
}

/// Version of a content item (内容版本); immutable.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContentVersion {
    /// Its id.
    pub id: Id,
    /// The item.
    pub content_id: Id,
    /// 1, 2, 3, …
    pub number: i64,
    /// One per language.
    pub variants: Vec<Variant>,
    /// SHA-256 of the variants.
    pub digest: String,
    /// What its author noted.
    pub note: String,
    /// The number of the version that it repeats.
    pub restored_from: Option<i64>,
    /// Who wrote it.
    pub created_by: Option<Id>,
    /// When it was written.
    pub created_at: Timestamp,
}

impl Labelled for ContentVersion {
    const NOUN: &'static str = "brand.content_version";
}

/// What can be done next (下一步操作), and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Action {
    /// `save`, `submit`, `withdraw`, `approve`, `return`, `archive`, `release`.
    pub action: &'static str,
    /// True where the caller may do it now.
    pub allowed: bool,
    /// Code of the reason where not.
    pub reason: Option<&'static str>,
}

/// A content item with everything that its page shows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContentView {
    /// The item.
    #[serde(flatten)]
    pub content: Content,
    /// Its current version.
    pub current: ContentVersion,
    /// SHA-256 of everything that receivers would get now.
    pub closure_hash: String,
    /// The last pre-flight of exactly this closure.
    pub preflight: Option<PreflightRun>,
    /// The open review, or the last one.
    pub review: Option<Review>,
    /// The valid approval, or the last one.
    pub approval: Option<Approval>,
    /// What the caller can do next.
    pub actions: Vec<Action>,
}

impl Labelled for ContentView {
    const NOUN: &'static str = "brand.content";
}

/// What a new item needs.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContent {
    /// Its brand.
    pub brand_id: Id,
    /// The department that it belongs to.
    #[serde(default)]
    pub department_id: Option<Id>,
    /// What it is.
    pub kind: ContentKind,
    /// Its title in the house.
    #[schema(max_length = 120)]
    pub title: String,
    /// Languages that it is meant to have; the first is the fallback.
    #[schema(min_items = 1, max_items = 3)]
    pub languages: Vec<Language>,
    /// The campaign that it is written for.
    #[serde(default)]
    pub campaign_id: Option<Id>,
    /// The plan that it carries out: a record of type `plan`.
    #[serde(default)]
    pub plan_id: Option<Id>,
    /// Its first words.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub variants: Vec<Variant>,
}

/// What to change about the item itself; its words change by new versions, its state by verbs.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentPatch {
    /// Its title in the house.
    #[schema(max_length = 120)]
    pub title: Option<String>,
    /// Languages that it is meant to have.
    #[schema(min_items = 1, max_items = 3)]
    pub languages: Option<Vec<Language>>,
    /// Who looks after it.
    pub owner_id: Option<Id>,
    /// The department that it belongs to.
    pub department_id: Option<Id>,
    /// The campaign that it is written for.
    pub campaign_id: Option<Id>,
    /// The plan that it carries out: a record of type `plan`.
    pub plan_id: Option<Id>,
}

/// New words.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    /// All variants; one that is left out is gone from this version.
    #[schema(min_items = 1, max_items = 3)]
    pub variants: Vec<Variant>,
    /// What to remember about it.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub note: String,
}

/// Which items are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ContentFilter {
    /// Only those in this state.
    pub state: Option<ContentState>,
    /// Only those of this brand.
    pub brand_id: Option<Id>,
    /// Only those meant to have this language.
    pub language: Option<Language>,
    /// Only those that this user looks after.
    pub owner_id: Option<Id>,
    /// Only those whose title holds this.
    #[param(max_length = 120)]
    pub q: Option<String>,
}
