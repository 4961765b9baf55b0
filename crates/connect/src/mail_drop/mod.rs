//! Mail drop (本地邮件箱): keeps messages as .eml files instead of sending them.

mod api;
mod drop;
mod sql;

use kernel::{Id, Label, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use api::routes;
pub use drop::MailDrop;
pub(crate) use drop::{Opened, open};
pub(crate) use sql::{mark_simulated, waiting};

/// A message that the mail drop kept (邮件).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DroppedMail {
    /// Id.
    pub id: Id,
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// Address of the sender.
    pub sender: String,
    /// Address of the receiver.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub recipient: String,
    /// Subject line.
    pub subject: String,
    /// File below the mail drop's directory.
    pub file: String,
    /// Size in bytes.
    pub size_bytes: i64,
    /// When it was kept.
    pub received_at: Timestamp,
    /// When the recipient simulator treated it.
    pub simulated_at: Option<Timestamp>,
    /// What the simulated recipient did, in words separated by commas.
    pub behaviour: Option<String>,
}

impl Labelled for DroppedMail {
    const NOUN: &'static str = "connect.mail_drop";
    const FIELDS: &'static [(&'static str, Label)] = &[("recipient", Label::Personal)];
}

/// A kept message, opened.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DroppedMailBody {
    /// Id.
    pub id: Id,
    /// HTML part.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub html: String,
    /// Plain text part.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub text: String,
    /// Headers in order, as `Name: value`.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub headers: Vec<String>,
}

impl Labelled for DroppedMailBody {
    const NOUN: &'static str = "connect.mail_drop_body";
    const FIELDS: &'static [(&'static str, Label)] =
        &[("html", Label::Personal), ("text", Label::Personal), ("headers", Label::Personal)];
}
