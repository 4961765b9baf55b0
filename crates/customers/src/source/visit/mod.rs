//! Visits (访问): who comes, from where, and who is no person. Pure: no IO, no clock.

pub mod agent;
mod arrival;
pub mod channel;
mod places;

pub use agent::is_bot;
pub use arrival::arrival;
pub use channel::{Campaign, Channel, channel};
