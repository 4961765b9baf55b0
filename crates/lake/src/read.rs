use std::collections::BTreeSet;

use kernel::{Id, Timestamp};

use crate::EventKind;
use crate::query::Span;

/// Which events are read (读取范围). An empty selection is every event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Only events of these names; of any where there is none.
    pub names: BTreeSet<String>,
    /// Only those that happened in this time.
    pub span: Span,
    /// Only those of these people's identifier nodes.
    pub nodes: Option<BTreeSet<Id>>,
    /// Only of these kinds; of any where there is none.
    pub kinds: BTreeSet<EventKind>,
    /// Only those that arrived since this time.
    pub received_from: Option<Timestamp>,
    /// True: with everything; false: without ids of messages and people and without properties, which are most of it.
    pub whole: bool,
}

/// Event as it is read (读出的事件).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReadEvent<'a> {
    /// The identifier node of whoever did it.
    pub node: Id,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Where it came from.
    pub source_id: Id,
    /// What the source calls it; empty where events are not read whole.
    pub message_id: &'a str,
    /// The user's id at the source; none where events are not read whole.
    pub user_id: Option<&'a str>,
    /// The id of a device or browser; none where events are not read whole.
    pub anonymous_id: Option<&'a str>,
    /// Its kind.
    pub kind: EventKind,
    /// What was done.
    pub name: &'a str,
    /// What it was worth.
    pub value: Option<f64>,
    /// Currency of that.
    pub currency: Option<&'a str>,
    /// The product.
    pub product_id: Option<&'a str>,
    /// The order.
    pub order_id: Option<&'a str>,
    /// Path of the page.
    pub path: Option<&'a str>,
    /// By which channel somebody came to the page.
    pub channel: Option<&'a str>,
    /// JSON object: what the source says about it; empty where events are not read whole.
    pub properties: &'a str,
}

/// What is shown each event that is read.
pub type Each<'a> = Box<dyn FnMut(&ReadEvent<'_>) + Send + 'a>;

/// Who is told of events as they arrive (跟随者), soon after they were acknowledged and before they are in a file.
///
/// Each event has a number, which grows by one with each event that is told while the product runs. [`Cut`] says which
/// numbers are in files, so that whoever reads the files and follows counts every event once.
pub trait Follower: Send + Sync + std::fmt::Debug {
    /// Sees events, in the order of arrival, the first of them with this number. Must not take long: the lake waits.
    fn took(&self, first: u64, events: &[ReadEvent<'_>]);
}

/// Where the files end at one moment (分界).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Until when every event that arrived is in files.
    pub watermark: Option<Timestamp>,
    /// Every event that was told under a smaller number is in files; none with this number or a greater one is.
    pub filed: u64,
    /// Events in files.
    pub rows: i64,
    /// How often events were told that are told once more, because another process had put a part of them into files.
    pub again: u64,
}

impl Cut {
    /// Returns what stays the same as long as nothing but told events came into the files, and nothing left them.
    pub fn base(&self) -> (i64, u64) {
        (self.rows - i64::try_from(self.filed).unwrap_or(i64::MAX), self.again)
    }
}
