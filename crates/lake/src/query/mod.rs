//! Query (查询): typed questions about events, many of which are answered in one pass.
//!
//! What a question means does not depend on how events lie in files: equal times have no order among themselves.

mod answer;
mod check;
mod filter;
mod question;
mod schema;

pub use answer::{Answer, Found, FunnelRow, RetentionRow, RfmRow, TotalRow};
pub use check::check_all;
pub use filter::{Column, Condition, EventFilter, Operator, Span, Value};
pub use question::{
    Bounds, Every, Funnel, Measure, PerPerson, PersonTest, Question, Retention, Rfm, Total, Unit,
};

/// Most questions of one pass.
pub const QUESTIONS_MAX: usize = 100;
/// Most steps of a funnel.
pub const STEPS_MAX: usize = 20;
/// Most groups that `top` leaves.
pub const TOP_MAX: u32 = 1_000;
/// Most periods that a retention looks at.
pub const PERIODS_MAX: u32 = 400;
/// Most tests of a person beside the first.
pub const TESTS_MAX: usize = 10;
/// Most groups by recency, by frequency and by value.
pub const RFM_GROUPS_MAX: u32 = 10;
/// Most people that are named.
pub const NODES_MAX: u32 = 1_000_000;
/// Most values that a filter lists of a kind, and most conditions of it.
pub const VALUES_MAX: usize = 1_000;
/// Longest text that is compared, in bytes.
pub const TEXT_MAX: usize = 2_000;
