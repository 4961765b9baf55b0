//! Calendar feed (日历订阅): what waits for a person, for whatever calendar program they use.
//!
//! The secret in its address is all that the program shows, so it is kept only as a digest, tells whose calendar it is and
//! nothing else, and ends when a new one is made. What is above `Internal` never leaves this way.

pub mod api;
mod rules;
mod service;
pub(crate) mod sql;

use kernel::{Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use service::{create, end, find, read};

/// Calendar feed (日历订阅) of a person.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CalendarFeed {
    /// True where there is one.
    pub active: bool,
    /// Its address, once, when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When a program last read it; by the hour.
    pub read_at: Option<Timestamp>,
}

impl Labelled for CalendarFeed {
    const NOUN: &'static str = "rulebook.calendar_feed";
}
