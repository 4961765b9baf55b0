use kernel::{Id, Timestamp, text_enum};
use serde::{Deserialize, Serialize};

text_enum! {
    /// Kind (事件类别) of an event, as the Segment specification names its calls.
    #[schema(as = EventCall)]
    pub enum EventKind {
        /// Somebody said who they are, or something about themselves.
        Identify = "identify",
        /// Somebody did something that has a name.
        Track = "track",
        /// Somebody saw a page.
        Page = "page",
        /// Somebody saw a screen of an app.
        Screen = "screen",
        /// Somebody belongs to a group.
        Group = "group",
        /// Two identifiers are the same person's.
        Alias = "alias",
    }
}

/// Event (事件): something that a person did, as a source told it.
///
/// Who did it is an identifier node: profiles are a map over nodes, so that a wrong match can be taken back without
/// touching an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What the source calls this event; the same for every try to send it.
    pub message_id: String,
    /// Its kind.
    pub kind: EventKind,
    /// What was done: of a track call the event, of a page or screen its name; else empty.
    pub name: String,
    /// The identifier node of whoever did it: of the user where there is one, else of the anonymous id.
    pub node: Id,
    /// The user's id at the source.
    pub user_id: Option<String>,
    /// The id of a device or browser whose user is not known.
    pub anonymous_id: Option<String>,
    /// When it happened, corrected by how wrong the source's clock was when it sent.
    pub happened_at: Timestamp,
    /// Of a page: by which channel somebody came to it.
    pub channel: Option<String>,
    /// JSON object: what the source says about it; the traits of identify and group calls.
    pub properties: String,
    /// JSON object: page, device, campaign and whatever else surrounds it.
    pub context: String,
}

/// What arrived in one request (批次).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Where it came from.
    pub source_id: Id,
    /// When it arrived.
    pub received_at: Timestamp,
    /// The events, as they were sent.
    pub events: Vec<Event>,
}
