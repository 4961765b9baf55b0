//! Floor 1: live segments (实时分群): for whom conditions on events hold, kept true event by event.
//!
//! [`Live`] holds conditions (`Leaf`) and, of each person, only the events that some condition may still need: about ten
//! bytes each, however many conditions look at them. An event changes nothing but the conditions whose filter it fits,
//! and those are found by its name. What time alone changes (an event leaves a window, or one that was dated ahead
//! begins to count) wakes the person at that moment. [`evaluate`] says the same from scratch and shares no state, so
//! that one can be held against the other.
//!
//! How it is used:
//! - `Live::new`, then `add` for each leaf. A leaf of which `state` is `Loading` has no history yet: give each person's
//!   events to `load`, then call `ready`, and read `exceptions` for the first set of people. From then on the
//!   [`Change`]s in [`News`] keep that set.
//! - `feed` each new event once, in any order; `advance` about every second, so that time passes where nothing happens.
//! - `merge` when two people are found to be one; when they are parted, `load` both again.
//! - [`News::overloaded`] names leaves that were given up to stay within the limit, [`News::aside`] people with more
//!   events than fit: both must be computed in full elsewhere, and `holds` answers [`NotLive`] for them.
//! - `snapshot` and `restore` spare reading the lake again when the program starts; what came since is fed again.
//!
//! Architecture invariants: pure (no IO, no clock: `now` is passed in and never goes back); at every moment `holds` is
//! what `evaluate` says about the same events; memory stays below `Limits::bytes` between calls.

mod desk;
mod evaluate;
mod fit;
mod index;
mod judge;
mod keep;
mod leaf;
mod live;
mod members;
mod people;
mod plan;
mod record;
mod relief;
mod saved;
mod sequence;

pub use evaluate::evaluate;
pub use fit::matches;
pub use leaf::{EventView, Leaf, LeafTest, Window, micros};
pub use live::{Change, Limits, Live, News, NotLive};
pub use plan::{LeafId, LeafState, Refused};
pub use saved::{Pieces, Unusable};
