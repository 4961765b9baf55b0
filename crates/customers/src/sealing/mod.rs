//! Sealing (存量加密): rows from before personal values were sealed, and all of them after a new data key, a batch at a time.

mod jobs;
mod rules;
mod service;
mod sql;

pub use jobs::Seal;
pub use service::{Remaining, remaining, seal_all};
