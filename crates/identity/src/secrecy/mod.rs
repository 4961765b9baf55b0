//! Reminder of secrecy (保密提醒): the rules about what is confidential, shown again and again and confirmed each time.

pub mod api;
mod rules;
mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use service::{confirm, of_session, remind, sample};

text_enum! {
    /// Occasion (提醒时机) of a reminder.
    #[schema(as = SecrecyOccasion)]
    pub enum Occasion {
        /// So many days have passed since the last one.
        Period = "period",
        /// The first confidential record of a session was opened.
        Record = "record",
    }
}

/// Reminder of secrecy that was shown to somebody.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SecrecyReminder {
    /// Its id.
    pub id: Id,
    /// Why it was shown.
    pub occasion: Occasion,
    /// When it was shown.
    pub shown_at: Timestamp,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// The rules that it reminds of, in the reader's language.
    #[serde(default)]
    pub rules: Vec<SecrecyRule>,
}

impl Labelled for SecrecyReminder {
    const NOUN: &'static str = "identity.secrecy_reminder";
}

/// Rule of which people are reminded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SecrecyRule {
    /// The clause.
    pub clause_id: String,
    /// Its title.
    pub title: String,
    /// What it says.
    pub text: String,
}

/// Why somebody is to be reminded.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSecrecyReminder {
    /// Why.
    pub occasion: Occasion,
}

/// What a session owes to secrecy.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionSecrecy {
    /// True where a reminder is due.
    pub reminder_due: bool,
    /// True where the person confirmed one in this session.
    pub confirmed: bool,
    /// Minutes without a sign of life after which the screen is locked.
    pub idle_lock_minutes: i64,
}
