//! First administrator (首位管理员): made once, by a single-use link that the server prints.

pub mod api;
pub mod service;

use kernel::Language;
use serde::Deserialize;
use utoipa::ToSchema;

/// The first administrator, by the link.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAdmin {
    /// The secret of the link.
    #[schema(max_length = 100)]
    pub token: String,
    /// The person's name.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// The name to sign in with.
    #[schema(max_length = 254, format = "email")]
    pub email: String,
    /// The password.
    #[schema(min_length = 10, max_length = 128, format = "password")]
    pub password: String,
    /// Language of pages and mail.
    pub language: Option<Language>,
}
