//! Intake (外部来件): a source of others that sends JSON or mail, each of which becomes a record.
//!
//! The secret in its address is all that a sender shows, so it is kept only as a digest, lets its holder add records of
//! one type and read nothing. What is sent twice under one key becomes one record; what is refused says why.

pub mod api;
mod rules;
mod service;
pub(crate) mod sql;
mod take;

use std::collections::BTreeMap;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::{IntoParams, ToSchema};

pub use service::{change, create, entries, list, new_secret};
pub use take::{Sent, take};
pub(crate) use take::{known_before, settle_in};

text_enum! {
    /// Kind (来件形式) of what was sent.
    pub enum IntakeKind {
        /// JSON.
        Json = "json",
        /// A mail, as it stands on the wire.
        Mail = "mail",
    }
}

text_enum! {
    /// Outcome (处理结果) of what was sent.
    pub enum IntakeOutcome {
        /// It became a record.
        Opened = "opened",
        /// It had been sent before.
        Known = "known",
        /// It was refused.
        Refused = "refused",
    }
}

/// Intake (外部来件).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Intake {
    /// Its id.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// Type of the records that it opens; `comment` where it takes replies to the mails of comments.
    pub opens: String,
    /// Values of such a record: `/a/b` is a place in what is sent, `$today` and `$now` are the time, all else is meant as
    /// it stands.
    #[schema(value_type = Object)]
    pub mapping: Map<String, Json>,
    /// The place in what is sent that tells one from another; by its digest when absent.
    pub key_path: Option<String>,
    /// Most that it takes in a minute.
    pub per_minute: i64,
    /// Whose the records are.
    pub owner_id: Id,
    /// Department of the records.
    pub department_id: Option<Id>,
    /// False: it takes nothing.
    pub active: bool,
    /// Its address, once, when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When something last came.
    pub used_at: Option<Timestamp>,
    /// Names of the people that it names, by id.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for Intake {
    const NOUN: &'static str = "rulebook.intake";
}

/// An intake that is to be opened.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIntake {
    /// What people call it.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Type of the records that it opens; `comment` takes replies to the mails of comments.
    #[schema(min_length = 1, max_length = 60)]
    pub opens: String,
    /// Values of such a record: `/a/b` is a place in what is sent, `$today` and `$now` are the time, all else is meant as
    /// it stands. A mail has `/subject`, `/text`, `/from`, `/from_name`, `/date` and `/message_id`.
    #[schema(value_type = Object)]
    pub mapping: Map<String, Json>,
    /// The place in what is sent that tells one from another; by its digest when absent.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub key_path: Option<String>,
    /// Most that it takes in a minute.
    #[serde(default = "sixty")]
    #[schema(minimum = 1, maximum = 6000)]
    pub per_minute: i64,
    /// Whose the records are; the caller's when absent.
    #[serde(default)]
    pub owner_id: Option<Id>,
    /// False: it takes nothing.
    #[serde(default = "yes")]
    pub active: bool,
}

fn sixty() -> i64 {
    60
}

fn yes() -> bool {
    true
}

/// What came to an intake (来件记录), and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IntakeEntry {
    /// Its id.
    pub id: Id,
    /// Where it came.
    pub intake_id: Id,
    /// When.
    pub at: Timestamp,
    /// What it was.
    pub kind: IntakeKind,
    /// What became of it.
    pub outcome: IntakeOutcome,
    /// Key of the text that says why it was refused.
    pub code: Option<String>,
    /// Fields at fault.
    pub fields: Vec<String>,
    /// The record.
    pub record_id: Option<Id>,
}

impl Labelled for IntakeEntry {
    const NOUN: &'static str = "rulebook.intake_entry";
}

/// What a sender is told (回执).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IntakeReceipt {
    /// Whether it became a record, or had become one before.
    pub outcome: IntakeOutcome,
    /// Number of the record.
    pub number: Option<String>,
}

/// Which entries to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IntakeEntryFilter {
    /// Only of this intake.
    pub intake_id: Option<Id>,
    /// Only with this outcome.
    #[param(inline)]
    pub outcome: Option<IntakeOutcome>,
}
