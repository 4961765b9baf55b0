//! Token (访问令牌): lets a program act for a user, with a part of the user's permissions, for a while.

pub mod api;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Beginning of every token, by which secret scanners find it.
pub const PREFIX: &str = "bw_";
/// Longest life of a token in days.
pub const DAYS_MAX: u32 = 366;

/// Token (访问令牌) without its secret.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Its id.
    pub id: Id,
    /// The user for whom it acts.
    pub user_id: Id,
    /// What it is for.
    pub name: String,
    /// The first characters of the secret, to tell tokens apart.
    pub hint: String,
    /// Codes and patterns of the permissions to which it is limited.
    pub scopes: Vec<String>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Labelled for Token {
    const NOUN: &'static str = "identity.token";
}

/// Token to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Codes and patterns of permissions; only those that one holds count, now and later.
    #[schema(min_items = 1, max_items = 2000)]
    pub scopes: Vec<String>,
    /// Days until it ends.
    #[schema(minimum = 1, maximum = 366)]
    pub days: u32,
}

/// A token that was just made: the only time that its secret is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MadeToken {
    /// The token.
    pub token: Token,
    /// Its secret, for `Authorization: Bearer`.
    pub secret: String,
}

impl Labelled for MadeToken {
    const NOUN: &'static str = "identity.token";
}
