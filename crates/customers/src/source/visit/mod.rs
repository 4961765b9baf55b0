//! Visits (访问): who comes, from where, and who is no person. Pure: no IO, no clock.

pub mod agent;
pub mod channel;
mod places;

pub use agent::is_bot;
pub use channel::{Campaign, Channel, channel};
