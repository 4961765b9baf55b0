//! Insight (客户洞察): something that was found out about customers, with what it came from; a department is asked to use
//! it, answers, and later it is measured whether the people concerned came back more often.
//!
//! The figure is the repeat-purchase rate: of those who bought at least once in a window, the percentage who bought at
//! least twice. Windows before and after are of the same length and do not overlap: the 30 and the 90 days that end
//! when the insight is sent, and those that begin there. The people are those who were in the group at that moment,
//! whatever they do afterwards. Everybody's rate in the same windows stands beside it, so that the season is not taken
//! for the insight's doing. (Orders and no returns, a day with two orders counts twice; the definition is that of
//! customers with two or more orders over customers with one or more, as retail analysts and shop platforms use it.)

mod api;
mod jobs;
mod lookup;
mod measure;
mod notice;
pub mod rules;
mod service;
pub(crate) mod sql;
mod types;

pub use api::routes;
pub use jobs::Measure;
pub use measure::measure;
pub use service::{accept, adopt, create, decline, get, list, send, standing, update};
pub use types::*;
