//! Behaviour (行为条件): conditions on what people did, decided from the event lake and kept where segments find them.
//!
//! For each condition the database has the people of whom it is not as it is of people without any events; a segment
//! asks for those like for everything else. One pass over the lake decides all conditions together; those of segments in
//! use are kept true event by event where a process takes events ([`upkeep`]), and the pass leaves them alone.

mod identify;
mod jobs;
mod person;
mod rules;
mod service;
mod sql;
pub mod upkeep;

pub use identify::{IDENTIFY_SCHEDULE, Identify};
pub use jobs::Recompute;
pub use person::{Done, done_by, holds};
pub use rules::{holds_without_events, key};
pub use service::{decide, recompute};
