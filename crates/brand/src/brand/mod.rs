//! Brand (品牌): under whose name the company speaks.

pub mod api;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

kernel::text_enum! {
    /// Whether a brand is in use (使用状态).
    pub enum BrandState {
        /// In use.
        Active = "active",
        /// No longer used; nothing new may be made for it.
        Archived = "archived",
    }
}

/// Brand (品牌): its names, and who its mails come from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Brand {
    /// Its id.
    pub id: Id,
    /// Short name for addresses and imports, such as `qinghe`.
    pub key: String,
    /// Its names.
    pub names: LocalText,
    /// Sender's name of mails that name none themselves.
    pub sender_names: LocalText,
    /// Sender's address of mails that name none themselves; others must be of the same domain.
    pub sender_address: String,
    /// Domains that links of its mails may lead to, with their subdomains; empty: any.
    pub link_domains: Vec<String>,
    /// Whether it is in use.
    pub state: BrandState,
    /// Who made it.
    pub created_by: Option<Id>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// For If-Match.
    pub version: i64,
}

impl Labelled for Brand {
    const NOUN: &'static str = "brand.brand";
}

/// What a new brand needs.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBrand {
    /// Short name: lower-case letters, digits and hyphens.
    #[schema(max_length = 64, pattern = "^[a-z0-9][a-z0-9-]*$")]
    pub key: String,
    /// Its names.
    pub names: LocalText,
    /// Sender's name of its mails.
    pub sender_names: LocalText,
    /// Sender's address of its mails.
    #[schema(max_length = 254)]
    pub sender_address: String,
    /// Domains that links may lead to; empty: any.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub link_domains: Vec<String>,
}

/// What to change; absent fields stay.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BrandPatch {
    /// Its names.
    pub names: Option<LocalText>,
    /// Sender's name of its mails.
    pub sender_names: Option<LocalText>,
    /// Sender's address of its mails.
    #[schema(max_length = 254)]
    pub sender_address: Option<String>,
    /// Domains that links may lead to.
    #[schema(max_items = 50)]
    pub link_domains: Option<Vec<String>>,
    /// Whether it is in use.
    pub state: Option<BrandState>,
}

/// Which brands are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BrandFilter {
    /// Only those in this state.
    pub state: Option<BrandState>,
}
