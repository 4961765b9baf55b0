//! Floor 1: the event lake's interface (事件湖): what an event is, how it is kept, what can be asked.
//!
//! Architecture invariant: nothing here knows how events are stored; `lake-engine` does, and is put in by `server`.

mod event;
mod port;
pub mod query;
mod read;
pub mod sql;

pub use event::{Batch, Event, EventKind};
pub use port::{EventLake, Lake, LakeSearch, LakeStats, RecentEvent};
pub use query::{Answer, Question};
pub use read::{Cut, Each, Follower, ReadEvent, Selection};

/// Longest event, in bytes of its JSON.
pub const EVENT_MAX: usize = 32 * 1024;
/// Longest batch, in bytes of its JSON.
pub const BATCH_MAX: usize = 500 * 1024;

/// File below the lake's directory that is there while a backup is taken: as long, no file of the lake is removed.
pub const KEPT_FOR_BACKUP: &str = "kept-for-backup";
