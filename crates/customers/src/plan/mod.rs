//! Tracking plan (埋点方案): which events are to come, with which properties, and what happens with those that differ.

mod api;
mod cache;
mod judge;
mod report;
pub mod rules;
mod service;
mod sql;
mod tally;
mod types;

pub use api::routes;
pub use cache::EventPlan;
pub(crate) use judge::{require, sort};
pub use report::{PlanBreach, UnplannedName, breaches, unplanned};
pub(crate) use rules::data_kind;
pub use service::{change, create, find, list, try_out};
pub(crate) use tally::Noted;
pub use tally::{EventTally, FlushTally, keep_days};
pub use types::*;
