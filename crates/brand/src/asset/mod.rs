//! Asset (素材): pictures of the library, served to receivers by the digest of their bytes.

pub mod api;
pub mod public;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

kernel::text_enum! {
    /// Whether an asset may be used (使用状态).
    pub enum AssetState {
        /// May be used in new content.
        Active = "active",
        /// Stays only where it is used already.
        Archived = "archived",
    }
}

/// Asset (素材): a picture with its words and its rights.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Asset {
    /// Its id.
    pub id: Id,
    /// Its brand.
    pub brand_id: Id,
    /// The department that looks after it.
    pub department_id: Option<Id>,
    /// Who looks after it.
    pub owner_id: Option<Id>,
    /// How content names it: `asset:<key>`.
    pub key: String,
    /// Its title in the library.
    pub title: String,
    /// What receivers read who do not see it.
    pub alt_texts: LocalText,
    /// Until when the company may use it; absent: for ever.
    pub rights_until: Option<Timestamp>,
    /// Where the rights come from.
    pub rights_note: String,
    /// Whether it may be used.
    pub state: AssetState,
    /// Number of its current file.
    pub number: i64,
    /// Digest of the current file.
    pub blob_hash: String,
    /// Type of the current file, known from its bytes.
    pub content_type: String,
    /// Width in pixels.
    pub width: i64,
    /// Height in pixels.
    pub height: i64,
    /// Size in bytes.
    pub byte_size: i64,
    /// Who added it.
    pub created_by: Option<Id>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// For If-Match.
    pub version: i64,
}

impl Labelled for Asset {
    const NOUN: &'static str = "brand.asset";
}

/// What comes with a new picture.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAsset {
    /// Its brand.
    pub brand_id: Id,
    /// The department that looks after it.
    #[serde(default)]
    pub department_id: Option<Id>,
    /// How content names it: lower-case letters, digits and hyphens.
    #[schema(max_length = 64, pattern = "^[a-z0-9][a-z0-9-]*$")]
    pub key: String,
    /// Its title in the library.
    #[schema(max_length = 120)]
    pub title: String,
    /// What receivers read who do not see it.
    #[serde(default)]
    pub alt_texts: LocalText,
    /// Until when the company may use it.
    #[serde(default)]
    pub rights_until: Option<Timestamp>,
    /// Where the rights come from.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub rights_note: String,
}

/// What to change; absent fields stay, null ends `rights_until`.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetPatch {
    /// Its title in the library.
    #[schema(max_length = 120)]
    pub title: Option<String>,
    /// What receivers read who do not see it.
    pub alt_texts: Option<LocalText>,
    /// Until when the company may use it; null: for ever.
    #[serde(default, deserialize_with = "crate::patch::given")]
    pub rights_until: Option<Option<Timestamp>>,
    /// Where the rights come from.
    #[schema(max_length = 2000)]
    pub rights_note: Option<String>,
    /// Whether it may be used.
    pub state: Option<AssetState>,
}

/// Which assets are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AssetFilter {
    /// Only those of this brand.
    pub brand_id: Option<Id>,
    /// Only those in this state.
    pub state: Option<AssetState>,
    /// Only those whose title or key holds this.
    #[param(max_length = 120)]
    pub q: Option<String>,
}

/// A picture as it comes in by a form: its words as JSON, and the file.
#[derive(Debug, ToSchema)]
pub struct AssetForm {
    /// What comes with it.
    pub asset: NewAsset,
    /// The file: PNG, JPEG, GIF or WebP, at most 1.5 MB.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}

/// A file that takes the place of the present one.
#[derive(Debug, ToSchema)]
pub struct AssetFileForm {
    /// The file: PNG, JPEG, GIF or WebP, at most 1.5 MB.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}
