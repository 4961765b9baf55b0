//! Audience (人群快照): the members of a segment at the moment when somebody needed them.

mod service;
mod sql;

pub use service::Audiences;
