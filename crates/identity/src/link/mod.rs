//! Link (一次性链接): works once, for a while, and only its digest is kept.

pub mod api;
pub mod jobs;
pub mod mail;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, text_enum};
use serde::Deserialize;
use utoipa::ToSchema;

text_enum! {
    /// Purpose (用途) of a link.
    pub enum Purpose {
        /// Makes the first administrator.
        FirstAdmin = "first_admin",
        /// Sets the first password of an invited user.
        Activation = "activation",
        /// Sets a new password.
        PasswordReset = "password_reset",
        /// Says that a sign-in was somebody else's.
        NotMe = "not_me",
    }
}

impl Purpose {
    /// Returns for how many minutes such a link works.
    pub const fn minutes(self) -> i64 {
        match self {
            Self::FirstAdmin | Self::PasswordReset => 30,
            Self::Activation => 3 * 24 * 60,
            Self::NotMe => 7 * 24 * 60,
        }
    }

    /// Returns the page of the UI that takes it; the secret stands behind `#`, which no server logs.
    pub const fn page(self) -> &'static str {
        match self {
            Self::FirstAdmin => "/first-admin",
            Self::Activation => "/activate",
            Self::PasswordReset => "/reset-password",
            Self::NotMe => "/not-me",
        }
    }
}

/// Link (一次性链接) as it stands.
#[derive(Clone, Debug, Deserialize)]
pub struct Link {
    /// Its id.
    pub id: Id,
    /// Whose account it is about.
    pub user_id: Option<Id>,
    /// The alert that it is about.
    pub about_id: Option<Id>,
}

/// Wish for a password reset.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetRequest {
    /// Address of the account.
    #[schema(max_length = 254, format = "email")]
    pub email: String,
}

/// New password, by a link.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The secret of the link.
    #[schema(max_length = 100)]
    pub token: String,
    /// The password.
    #[schema(min_length = 10, max_length = 128, format = "password")]
    pub password: String,
}

/// A link that is used as it is.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkUse {
    /// The secret of the link.
    #[schema(max_length = 100)]
    pub token: String,
}
