//! Expense (费用): what was spent, from a reservation or from a bill that was imported.

mod api;
mod import;
pub mod service;
pub(crate) mod sql;

use kernel::{Day, Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;
pub use import::ExpenseTarget;

/// Source of expenses that come from a reservation.
pub(crate) const INSIDE: &str = "commitment";

/// Expense (费用).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Expense {
    /// Its id.
    pub id: Id,
    /// The budget.
    pub budget_id: Id,
    /// The line.
    pub line_id: Id,
    /// The month.
    pub month: i64,
    /// When it was spent.
    pub happened_on: Day,
    /// How much; below nothing for a credit note.
    pub amount_minor: i64,
    /// Who was paid.
    pub supplier: Option<String>,
    /// What for.
    pub description: String,
    /// Where it comes from: `commitment`, or the name of an import's source.
    pub source: String,
    /// Its number there.
    pub external_id: String,
    /// The reservation that it comes from.
    pub commitment_id: Option<Id>,
    /// True where it went beyond what the line had left.
    pub over: bool,
    /// The import that brought it.
    pub import_id: Option<Id>,
    /// When we learned of it.
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub recorded_by: Option<Id>,
    /// When it was taken back.
    pub reversed_at: Option<Timestamp>,
}

impl Labelled for Expense {
    const NOUN: &'static str = "governance.expense";
}

/// An expense that is to be kept.
#[derive(Clone, Debug)]
pub(crate) struct NewEntry {
    pub id: Id,
    pub budget_id: Id,
    pub line_id: Id,
    pub month: i64,
    pub happened_on: Day,
    pub amount_minor: i64,
    pub supplier: Option<String>,
    pub description: String,
    pub source: String,
    pub external_id: String,
    pub commitment_id: Option<Id>,
    pub over: bool,
    pub import_id: Option<Id>,
}

/// Which expenses are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExpenseFilter {
    /// Only of this budget.
    pub budget_id: Option<Id>,
    /// Only of this line.
    pub line_id: Option<Id>,
    /// Only of this month.
    pub month: Option<i64>,
    /// Only those that went beyond what was left, or stayed within.
    pub over: Option<bool>,
}
