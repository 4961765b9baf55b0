//! Session (会话): somebody is signed in on one browser; the cookie is random, only its digest is kept.

pub mod api;
mod client;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Label, Labelled, Language, LocalText, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::secrecy::SessionSecrecy;

pub use client::Client;

text_enum! {
    /// Method (登录方式) by which a session began.
    pub enum Method {
        /// By password.
        Password = "password",
        /// By password and a second factor.
        Totp = "totp",
        /// By the first administrator's link.
        FirstAdmin = "first_admin",
        /// With one click, in the sample company on this machine.
        Sample = "sample",
    }
}

/// Session (会话) as its owner sees it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: Id,
    /// How it began.
    pub method: Method,
    /// True where a second factor was given.
    pub totp_used: bool,
    /// Browser and system, as they call themselves.
    pub device_name: String,
    /// Where it was last used from.
    pub address: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// True for the session that asks.
    #[serde(default)]
    pub current: bool,
}

impl Labelled for Session {
    const NOUN: &'static str = "identity.session";
}

/// Sign-in by password.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Address of the account.
    #[schema(max_length = 254, format = "email")]
    pub email: String,
    /// The password.
    #[schema(max_length = 128, format = "password")]
    pub password: String,
    /// Code of the authenticator, or a recovery code; asked for by `identity.session.totp_required`.
    #[schema(max_length = 20)]
    pub totp: Option<String>,
}

/// Who is signed in, and what they may do.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// The person.
    pub user: SessionUser,
    /// Codes of the permissions that they hold, in whatever scope.
    pub permissions: Vec<String>,
    /// Up to which confidentiality fields are shown.
    pub clearance: Label,
    /// True where signing in takes a second factor.
    pub totp_enabled: bool,
    /// True where this browser is on a registered, encrypted and checked device.
    pub device_registered: bool,
    /// Codes of permissions that the person holds but that only such a device may use.
    pub withheld: Vec<String>,
    /// What the person has to acknowledge before permissions that they hold take effect.
    pub unacknowledged: Vec<SessionDuty>,
    /// What the session owes to secrecy.
    pub secrecy: SessionSecrecy,
    /// True for somebody from outside, who sees what they were invited to.
    pub guest: bool,
    /// True in the sample company.
    pub sample: bool,
    /// The company's time zone.
    pub time_zone: String,
    /// The company's currency.
    pub currency: String,
    /// When the session ends whatever happens; absent for a token.
    pub expires_at: Option<Timestamp>,
}

impl Labelled for SessionView {
    const NOUN: &'static str = "identity.session";
}

/// Rules that somebody has to acknowledge before permissions of theirs take effect (待确认的制度).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionDuty {
    /// Code of the document.
    pub document: String,
    /// Its title, in the caller's language.
    pub title: String,
    /// Page where it is read and acknowledged.
    pub link: String,
    /// Codes of the permissions that wait for it.
    pub permissions: Vec<String>,
}

/// The person who is signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionUser {
    /// The id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The language that the person chose.
    pub language: Option<Language>,
    /// The department.
    pub department_id: Option<Id>,
    /// The department's name.
    pub department_name: Option<LocalText>,
    /// The position.
    pub position_id: Option<Id>,
    /// The position's name.
    pub position_name: Option<LocalText>,
    /// The manager.
    pub manager_id: Option<Id>,
    /// Counts the changes of the account.
    pub version: i64,
}
