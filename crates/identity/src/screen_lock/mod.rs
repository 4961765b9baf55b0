//! Screen lock (锁屏): nobody reads or does anything with a session whose screen is locked, until its owner proves
//! to be there.

pub mod api;
mod service;
pub(crate) mod sql;

use kernel::Labelled;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use service::{lock, state, unlock};

/// Whether the screen of this browser's session is locked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScreenLock {
    /// True: it is.
    pub locked: bool,
    /// Whose session it is.
    pub name: Option<String>,
    /// True where a code of the authenticator unlocks it too.
    pub by_code: bool,
    /// True in the sample company, whose people have no passwords.
    pub by_click: bool,
}

impl Labelled for ScreenLock {
    const NOUN: &'static str = "identity.screen_lock";
}

/// What unlocks a screen: the password or a code; neither in the sample company.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// The password.
    #[schema(max_length = 128, format = "password")]
    pub password: Option<String>,
    /// Code of the authenticator, or a recovery code.
    #[schema(max_length = 20)]
    pub code: Option<String>,
}
