//! Alert (预算预警): a line nears or passes its plan; its owner answers with cause and measure.

mod api;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;

text_enum! {
    /// Kind (类型) of an alert.
    #[schema(as = BudgetAlertKind)]
    pub enum AlertKind {
        /// A share of the month's plan is used.
        Threshold = "threshold",
        /// A bill went beyond the plan.
        Overrun = "overrun",
        /// The forecast for the year goes beyond its plan.
        Deviation = "deviation",
    }
}

/// Alert (预算预警).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = BudgetAlert)]
pub struct Alert {
    /// Its id.
    pub id: Id,
    /// Version, for If-Match.
    pub version: i64,
    /// The budget.
    pub budget_id: Id,
    /// The line.
    pub line_id: Id,
    /// The month.
    pub month: i64,
    /// What it is about.
    pub kind: AlertKind,
    /// The share that was passed, in percent.
    pub threshold: i64,
    /// The share that was used then, in percent.
    pub used_percent: i64,
    /// When it was raised.
    pub opened_at: Timestamp,
    /// Until when it is to be answered.
    pub due_at: Timestamp,
    /// Why it came to that.
    pub cause: Option<String>,
    /// What is done about it.
    pub measure: Option<String>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// Who answered.
    pub answered_by: Option<Id>,
}

impl Labelled for Alert {
    const NOUN: &'static str = "governance.alert";
}

/// Why something deviates and what is done about it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BudgetExplanation)]
pub struct Explanation {
    /// Why it came to that, 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    pub cause: String,
    /// What is done about it, 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    pub measure: String,
}

/// Which alerts are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AlertFilter {
    /// Only of this budget.
    pub budget_id: Option<Id>,
    /// Only of this line.
    pub line_id: Option<Id>,
    /// Only those that wait for an answer, or have one.
    pub open: Option<bool>,
}
