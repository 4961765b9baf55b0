//! Monthly report (预算执行月报): what was planned, spent and is to be expected, and why it differs.

mod api;
mod issue;
pub(crate) mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;

use crate::line::CostGroup;

/// Monthly report (预算执行月报) of a budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = BudgetReport)]
pub struct Report {
    /// Its id.
    pub id: Id,
    /// Version, for If-Match.
    pub version: i64,
    /// The budget.
    pub budget_id: Id,
    /// The month that was closed.
    pub month: i64,
    /// What might be spent in the month.
    pub plan_minor: i64,
    /// What was spent in it.
    pub actual_minor: i64,
    /// What was still reserved for it.
    pub committed_minor: i64,
    /// What the whole year is expected to cost.
    pub forecast_minor: i64,
    /// Difference of actual from plan in percent; absent where nothing was planned.
    pub variance_percent: Option<f64>,
    /// The deviation beyond which lines are to be explained, as it was at the close.
    pub tolerance_percent: f64,
    /// When the month was closed.
    pub closed_at: Timestamp,
    /// Until when it is to be issued.
    pub due_at: Timestamp,
    /// When it was issued.
    pub issued_at: Option<Timestamp>,
    /// Who issued it.
    pub issued_by: Option<Id>,
    /// What they say about it.
    pub comment: Option<String>,
}

impl Labelled for Report {
    const NOUN: &'static str = "governance.report";
}

/// Line of a monthly report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = BudgetReportLine)]
pub struct ReportLine {
    /// The report.
    pub report_id: Id,
    /// The line.
    pub line_id: Id,
    /// Its short name.
    pub code: String,
    /// Its name.
    pub names: LocalText,
    /// Its cost group.
    pub cost_group: CostGroup,
    /// Who answered for it.
    pub owner_id: Option<Id>,
    /// What might be spent in the month.
    pub plan_minor: i64,
    /// What was spent in it.
    pub actual_minor: i64,
    /// What was still reserved for it.
    pub committed_minor: i64,
    /// What the whole year is expected to cost.
    pub forecast_minor: i64,
    /// Difference of actual from plan in percent; absent where nothing was planned.
    pub variance_percent: Option<f64>,
    /// True where it must be explained.
    pub over_tolerance: bool,
    /// Why it differs.
    pub cause: Option<String>,
    /// What is done about it.
    pub measure: Option<String>,
    /// When it was explained.
    pub explained_at: Option<Timestamp>,
    /// Who explained it.
    pub explained_by: Option<Id>,
    /// When the measure was done.
    pub measure_done_at: Option<Timestamp>,
    /// Who did it.
    pub measure_done_by: Option<Id>,
}

/// Report with its lines.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BudgetReportDetail)]
pub struct ReportDetail {
    /// The report.
    pub report: Report,
    /// Its lines, by short name.
    pub lines: Vec<ReportLine>,
    /// The report as it was issued; it never changes.
    #[schema(value_type = Option<Object>)]
    pub frozen: Option<Json>,
}

impl Labelled for ReportDetail {
    const NOUN: &'static str = "governance.report";
}

/// What is said about a report when it is issued.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueInput {
    /// The comment, 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    pub comment: String,
}

/// Which reports are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportFilter {
    /// Only of this budget.
    pub budget_id: Option<Id>,
    /// Only those that were issued, or not yet.
    pub issued: Option<bool>,
}
