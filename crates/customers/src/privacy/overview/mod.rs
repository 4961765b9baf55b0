//! Overview (总览): how the privacy desk stands.

mod api;
mod service;
mod sql;

use kernel::Labelled;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use api::routes;
pub use service::get;

/// How the privacy desk stands (个人信息保护总览).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PrivacyOverview {
    /// Requests of which it is not proven who asks.
    pub open: i64,
    /// Requests that wait to be carried out.
    pub verified: i64,
    /// Requests whose time is nearly over.
    pub due_soon: i64,
    /// Requests whose time is over.
    pub overdue: i64,
    /// Requests that were carried out in the last 30 days.
    pub done_30d: i64,
    /// Requests that were refused in the last 30 days.
    pub refused_30d: i64,
    /// Leaks that are not closed.
    pub leaks_open: i64,
    /// Leaks of which the authority should know by now.
    pub leaks_overdue: i64,
    /// Days of unusual access that nobody explained.
    pub access_alerts_open: i64,
    /// Times that somebody used a decoy in the last 30 days.
    pub decoy_hits_30d: i64,
    /// People who were erased.
    pub erased_total: i64,
    /// Retention rules that run.
    pub retention_rules_active: i64,
    /// Events that arrived about people who had been erased.
    #[serde(default)]
    pub late_events_refused: i64,
}

impl Labelled for PrivacyOverview {
    const NOUN: &'static str = "customers.privacy_overview";
}
