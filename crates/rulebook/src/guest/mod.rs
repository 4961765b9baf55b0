//! Guest (外部协作者): somebody from outside who was invited to one record, for a time.
//!
//! What an invitation opens is decided at the access door: each request of a guest carries grants for the rows of that
//! moment and no others, so that an end, a withdrawal and a record that is done hold at once. A type says in its pack
//! whether guests may come, what they may do and which records of other types come with it.

pub mod api;
pub mod jobs;
mod rules;
mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Language, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Access;
use crate::record::Record;

pub(crate) use service::of_record;
pub use service::{end_over, grants, invite, list, mine, withdraw};

text_enum! {
    /// Why (结束原因) an invitation ended.
    pub enum GuestEnd {
        /// Its time was over.
        Over = "over",
        /// Somebody withdrew it.
        Withdrawn = "withdrawn",
        /// The record ended or was put away.
        RecordEnded = "record_ended",
    }
}

/// Invitation (邀请) of a guest to a record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordGuest {
    /// Its id.
    pub id: Id,
    /// The record.
    pub record_id: Id,
    /// The guest's account.
    pub user_id: Id,
    /// The guest's name.
    pub name: String,
    /// Where the guest works.
    pub organisation: String,
    /// When access ends at the latest.
    pub valid_until: Timestamp,
    /// Who invited.
    pub invited_by: Option<Id>,
    /// Their name.
    pub invited_by_name: String,
    /// When it ended; absent while it holds.
    pub ended_at: Option<Timestamp>,
    /// Why it ended.
    pub ended_because: Option<GuestEnd>,
    /// In whose words, where it was withdrawn.
    pub ended_reason: Option<String>,
    /// When the guest last looked at the record.
    pub last_access_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for RecordGuest {
    const NOUN: &'static str = "rulebook.guest";
}

/// The guests of a record (外部协作者).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordGuests {
    /// Invitations, newest first.
    pub items: Vec<RecordGuest>,
    /// What guests saw and took of the record and of what comes with it, newest first.
    pub accesses: Vec<Access>,
    /// True where the caller may invite and withdraw.
    pub can_invite: bool,
    /// Most days for which one may be invited.
    pub longest_days: i64,
}

impl Labelled for RecordGuests {
    const NOUN: &'static str = "rulebook.guest";
}

/// Somebody to be invited.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGuest {
    /// The name.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Where the invitation goes, and the name to sign in with.
    #[schema(max_length = 254, format = "email")]
    pub email: String,
    /// Where the guest works.
    #[schema(min_length = 1, max_length = 120)]
    pub organisation: String,
    /// Language of the mail and the pages.
    #[serde(default)]
    pub language: Option<Language>,
    /// When access ends.
    pub valid_until: Timestamp,
}

/// Why an invitation is withdrawn.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GuestWithdrawal)]
pub struct Withdrawal {
    /// Why.
    #[schema(min_length = 2, max_length = 500)]
    pub reason: String,
}

/// A record to which the caller was invited (我受邀的记录).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GuestRecord {
    /// The record.
    pub record: Record,
    /// Name of its type, in the caller's language.
    pub type_title: String,
    /// When access ends; absent for what comes with another record.
    pub valid_until: Option<Timestamp>,
    /// Who invited.
    pub invited_by_name: Option<String>,
}

impl Labelled for GuestRecord {
    const NOUN: &'static str = "rulebook.record";
}
