//! Remark (批注): said about an item, pinned on a place or on the whole.

pub mod api;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Language, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

kernel::text_enum! {
    /// Field that a remark is pinned on (批注字段).
    pub enum CommentField {
        /// The subject.
        Subject = "subject",
        /// The preheader.
        Preheader = "preheader",
        /// The sender's name.
        SenderName = "sender_name",
        /// The sender's address.
        SenderAddress = "sender_address",
        /// The body.
        Mjml = "mjml",
    }
}

/// Remark (批注).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Comment {
    /// Its id.
    pub id: Id,
    /// The item.
    pub content_id: Id,
    /// The version that it speaks of.
    pub version_id: Id,
    /// The review that it was made in.
    pub review_id: Option<Id>,
    /// The variant that it speaks of.
    pub language: Option<Language>,
    /// The field that it is pinned on.
    pub field: Option<CommentField>,
    /// The line that it is pinned on.
    pub line: Option<i64>,
    /// What it says.
    pub body: String,
    /// Who settled it.
    pub resolved_by: Option<Id>,
    /// When.
    pub resolved_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: Option<Id>,
    /// Their name.
    pub created_by_name: String,
    /// When.
    pub created_at: Timestamp,
}

impl Labelled for Comment {
    const NOUN: &'static str = "brand.comment";
}

/// A new remark.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// The variant that it speaks of.
    #[serde(default)]
    pub language: Option<Language>,
    /// The field that it is pinned on.
    #[serde(default)]
    pub field: Option<CommentField>,
    /// The line that it is pinned on, from 1.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100000)]
    pub line: Option<i64>,
    /// What it says.
    #[schema(min_length = 1, max_length = 2000)]
    pub body: String,
}
