//! TOTP (动态验证码, RFC 6238): the second factor, with recovery codes for a lost phone.

pub mod api;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::Labelled;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Code of the refusal that asks for the second factor.
pub const REQUIRED: &str = "identity.session.totp_required";

/// What an authenticator app needs, shown once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TotpSetup {
    /// The key in Base32, to be typed in.
    pub secret: String,
    /// The same as an `otpauth:` address, to be shown as a QR code.
    pub uri: String,
}

impl Labelled for TotpSetup {
    const NOUN: &'static str = "identity.totp";
}

/// A code of the authenticator.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpCode {
    /// Six digits.
    #[schema(max_length = 20)]
    pub code: String,
}

/// The password once more, before something that protects the account changes.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordAgain {
    /// The password.
    #[schema(max_length = 128, format = "password")]
    pub password: String,
}

/// Recovery codes (恢复码), shown once; each works once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// The codes.
    pub recovery_codes: Vec<String>,
}

impl Labelled for RecoveryCodes {
    const NOUN: &'static str = "identity.totp";
}
