//! Notification (通知): tells people of what concerns them, in the UI, by mail and by webhook.
//!
//! A domain calls [`tell`] in the transaction that makes it necessary. What leaves is in a ledger with the rules of
//! sends: a delivery is `attempting` before anything is on the wire, and what was under way when its worker vanished
//! is `unknown` and never sent again by itself.

pub mod api;
pub(crate) mod choice;
pub(crate) mod deliver;
pub mod jobs;
mod mail;
pub(crate) mod plain;
pub mod rules;
mod service;
pub(crate) mod sql;

use std::collections::BTreeMap;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

pub use choice::{choices, choose};
pub use deliver::{claim_mail, deliver};
pub use service::{count, list, read, read_all, tell, tell_without_mail, withdraw};

use crate::task::Sentence;

text_enum! {
    /// Kind (类别) of a notification, by which people choose.
    pub enum NoticeKind {
        /// Work that waits for the person.
        Task = "task",
        /// A decision that is asked for, or was made.
        Approval = "approval",
        /// A time that comes near or has passed.
        Deadline = "deadline",
        /// Something that cannot wait; passes quiet hours and digests.
        Alert = "alert",
        /// Something that happened to a record.
        Record = "record",
    }
}

text_enum! {
    /// Digest (汇总): how often what is not urgent comes by mail.
    pub enum Digest {
        /// Each by itself, at once.
        None = "none",
        /// Once a day.
        Daily = "daily",
        /// Once a week, on Monday.
        Weekly = "weekly",
    }
}

text_enum! {
    /// Channel (渠道) of a delivery.
    pub enum Channel {
        /// E-mail.
        Mail = "mail",
        /// A program of somebody else.
        Webhook = "webhook",
    }
}

text_enum! {
    /// State (状态) of a delivery.
    pub enum DeliveryState {
        /// Will be tried when it is due.
        Intent = "intent",
        /// Is being tried; stands there before anything is on the wire.
        Attempting = "attempting",
        /// Was taken by the other side.
        Sent = "sent",
        /// Was refused for good, or too often.
        Failed = "failed",
        /// May have arrived or not; never tried again by itself.
        Unknown = "unknown",
        /// Was no longer needed.
        Suppressed = "suppressed",
    }
}

/// Something to tell people.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// Noun of the thing.
    pub subject_noun: &'static str,
    /// The thing.
    pub subject_id: Id,
    /// Page of the thing in the UI.
    pub link: String,
    /// What it says.
    pub title: Sentence,
    /// The same for every time that the same thing is said: nobody is told twice.
    pub group_key: String,
    /// True where the mail brings the record along, as a document.
    pub document: bool,
}

/// Notification (通知) as its reader sees it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    /// Its id.
    pub id: Id,
    /// What it is about.
    pub kind: NoticeKind,
    /// Noun of the thing.
    pub subject_noun: String,
    /// The thing.
    pub subject_id: Id,
    /// Page of the thing in the UI.
    pub link: String,
    /// What it says, in the caller's language.
    #[serde(default)]
    pub title: String,
    /// Key of the text.
    pub title_code: String,
    /// Values that the text names.
    #[schema(value_type = Object)]
    pub title_args: BTreeMap<String, Json>,
    /// When it was said.
    pub created_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

impl Labelled for Notification {
    const NOUN: &'static str = "rulebook.notification";
}

/// Which notifications to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NotificationFilter {
    /// True: only those that were not read yet.
    pub unread: Option<bool>,
    /// Only of this kind.
    pub kind: Option<NoticeKind>,
}

/// How many notifications were not read yet (未读数).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NotificationCount {
    /// Unread ones.
    pub unread: i64,
}

impl Labelled for NotificationCount {
    const NOUN: &'static str = "rulebook.notification_count";
}

/// How a person wants to be told of one kind (通知方式).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationChoice {
    /// The kind.
    pub kind: NoticeKind,
    /// In the UI.
    pub in_app: bool,
    /// By mail.
    pub mail: bool,
    /// To the company's webhooks, where others did not ask for it anyway.
    pub webhook: bool,
    /// How often it comes by mail.
    pub digest: Digest,
}

/// Times of day between which nobody is disturbed (免打扰时段), in minutes since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationQuietHours)]
pub struct QuietHours {
    /// First minute of quiet.
    #[schema(minimum = 0, maximum = 1439)]
    pub from: i64,
    /// First minute after it; the same as `from` for no quiet at all.
    #[schema(minimum = 0, maximum = 1439)]
    pub to: i64,
}

/// How a person wants to be told (通知设置).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotificationChoices {
    /// One for every kind.
    pub choices: Vec<NotificationChoice>,
    /// The person's own quiet hours; the company's when absent.
    pub quiet_hours: Option<QuietHours>,
    /// The company's quiet hours.
    pub company_quiet_hours: QuietHours,
    /// Hour of the day at which the digest comes.
    pub digest_hour: i64,
}

impl Labelled for NotificationChoices {
    const NOUN: &'static str = "rulebook.notification_choices";
}

/// How a person wants to be told from now on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNotificationChoices {
    /// Kinds that are left out keep what they have.
    #[schema(max_items = 20)]
    pub choices: Vec<NotificationChoice>,
    /// The person's own quiet hours; the company's when absent.
    #[serde(default)]
    pub quiet_hours: Option<QuietHours>,
    /// Hour of the day at which the digest comes.
    #[schema(minimum = 0, maximum = 23)]
    pub digest_hour: i64,
}
