//! Reply (邮件回复): what somebody answers to the mail of a comment becomes a comment of theirs.
//!
//! The address to answer to is for one person and one record and ends by itself; only its digest is kept. Who answers is
//! judged anew when the reply arrives: the sender is that person, and they still see the record.

pub(crate) mod mail;
pub(crate) mod rules;
mod service;
pub(crate) mod sql;
mod words;

use kernel::{Id, Timestamp};
use serde::Deserialize;

pub(crate) use service::{issue, sweep, take};

/// What an intake opens that takes replies; no record type has this id.
pub const COMMENT: &str = "comment";

/// An address to which somebody answers (回复地址).
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ReplyAddress {
    pub user_id: Id,
    pub record_id: Id,
    pub expires_at: Timestamp,
}
