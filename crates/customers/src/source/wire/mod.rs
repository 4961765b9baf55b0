//! Wire formats (采集协议): what the programs of others send, read into events. Pure: no IO, no clock.

pub mod access_log;
mod draft;
mod field;
pub mod matomo;
pub mod posthog;
pub mod segment;
pub mod snowplow;

use kernel::{Timestamp, text_enum};
use lake::Event;

text_enum! {
    /// Fault (隔离原因) for which an event is kept apart instead of being counted.
    pub enum Fault {
        /// It is not JSON, or no object.
        Malformed = "malformed",
        /// It is longer than 32 KiB.
        TooLarge = "too_large",
        /// Its type is none that is known.
        UnknownKind = "unknown_kind",
        /// It names nobody: neither a user nor an anonymous id.
        Nobody = "nobody",
        /// A track call without the event's name.
        Nameless = "nameless",
        /// A field has another type than the specification says.
        WrongType = "wrong_type",
        /// It says to have happened more than a day after it arrived.
        TimeAhead = "time_ahead",
        /// It says to have happened before the year 2000.
        TimeBefore = "time_before",
        /// Its time cannot be read.
        TimeUnreadable = "time_unreadable",
        /// An identifier or name is longer than 200 characters.
        TooLong = "too_long",
        /// It breaks the tracking plan.
        Plan = "plan",
    }
}

/// Event that is kept apart (隔离事件), with why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// What the source calls it, where that could be read.
    pub message_id: Option<String>,
    /// Why.
    pub fault: Fault,
    /// The field at fault, where it is one.
    pub field: Option<&'static str>,
    /// The event as it was sent.
    pub body: String,
}

/// What a request brought (读取结果): read = events + rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Sound events.
    pub events: Vec<Event>,
    /// Those that are kept apart.
    pub rejected: Vec<Rejected>,
}

/// Why nothing of a request could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not what the format says.
    Malformed,
    /// It is longer than [`lake::BATCH_MAX`].
    TooLarge,
}

/// Longest identifier or name, in characters.
pub const TEXT_MAX: usize = 200;
/// How far ahead of its arrival an event may say to have happened.
const AHEAD_MAX_MS: i64 = kernel::DAY_MS;
/// 2000-01-01T00:00:00Z.
const EARLIEST: Timestamp = Timestamp::from_ms(946_684_800_000);

/// Returns when something happened: what the source says, less how wrong its clock was when it sent.
///
/// Source: the Segment specification, common fields: `timestamp = receivedAt - (sentAt - originalTimestamp)`.
pub fn corrected(said: Timestamp, sent_at: Option<Timestamp>, received_at: Timestamp) -> Timestamp {
    sent_at.map_or(said, |sent| received_at.plus_ms(said.ms().saturating_sub(sent.ms())))
}

/// Says whether an event may have happened then.
pub fn plausible(at: Timestamp, received_at: Timestamp) -> Result<(), Fault> {
    match at {
        at if at.ms() > received_at.ms().saturating_add(AHEAD_MAX_MS) => Err(Fault::TimeAhead),
        at if at < EARLIEST => Err(Fault::TimeBefore),
        _ => Ok(()),
    }
}
