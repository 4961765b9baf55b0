//! Insight report (客户洞察月报): what a month was like for customers, written once at the beginning of the next month and
//! never changed; the departments that it goes to say whether they use it.

mod api;
mod figures;
mod jobs;
mod notice;
pub mod rules;
mod service;
pub(crate) mod sql;
mod types;

pub use api::routes;
pub use jobs::Write;
pub use service::{answer, export_file, get, list, write, write_month};
pub use types::*;
