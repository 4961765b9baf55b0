//! Budget (预算): what may be spent in a year, by line and month.

mod api;
mod asked;
pub(crate) mod next;
pub(crate) mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Currency, Id, Labelled, Timestamp, text_enum};
use rulebook::machine::{Offer, StepRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ledger::Balance;
use crate::line::Line;

pub(crate) use api::routes;

text_enum! {
    /// State (状态) of a budget, as the machine `budget` moves it.
    pub enum BudgetState {
        /// Being written.
        Draft = "draft",
        /// Handed in; finance checks it.
        Submitted = "submitted",
        /// Checked; management decides.
        Checked = "checked",
        /// Approved and locked.
        Approved = "approved",
        /// Sent back to be mended.
        Returned = "returned",
    }
}

/// Budget (预算).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Budget {
    /// Its id.
    pub id: Id,
    /// Version, for If-Match.
    pub version: i64,
    /// The year that it is of.
    pub year: i64,
    /// Its name.
    pub name: String,
    /// Currency of its amounts.
    pub currency: Currency,
    /// The brand, where it is one brand's.
    pub brand_id: Option<Id>,
    /// The department that keeps it.
    pub department_id: Option<Id>,
    /// Who answers for it.
    pub owner_id: Option<Id>,
    /// Noun of what it is for, such as a project; absent for the company's marketing.
    pub scope_noun: Option<String>,
    /// What it is for.
    pub scope_id: Option<Id>,
    /// The budget of the year before.
    pub previous_id: Option<Id>,
    /// Its instance of the state machine.
    pub instance_id: Id,
    /// Where it stands.
    pub state: BudgetState,
    /// When it was handed in.
    pub submitted_at: Option<Timestamp>,
    /// By whom.
    pub submitted_by: Option<Id>,
    /// When finance checked it.
    pub checked_at: Option<Timestamp>,
    /// Who did.
    pub checked_by: Option<Id>,
    /// When management approved it.
    pub approved_at: Option<Timestamp>,
    /// Who did.
    pub approved_by: Option<Id>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Who made it; absent where the calendar did.
    pub created_by: Option<Id>,
}

impl Labelled for Budget {
    const NOUN: &'static str = "governance.budget";
}

/// Budget in a list, with its sums.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BudgetRow {
    /// Its id.
    pub id: Id,
    /// The year that it is of.
    pub year: i64,
    /// Its name.
    pub name: String,
    /// Currency of its amounts.
    pub currency: Currency,
    /// The brand, where it is one brand's.
    pub brand_id: Option<Id>,
    /// The department that keeps it.
    pub department_id: Option<Id>,
    /// Who answers for it.
    pub owner_id: Option<Id>,
    /// Noun of what it is for.
    pub scope_noun: Option<String>,
    /// Where it stands.
    pub state: BudgetState,
    /// How many lines it has.
    pub line_count: i64,
    /// What is planned for the year.
    pub annual_minor: i64,
    /// What is reserved.
    pub committed_minor: i64,
    /// What was spent.
    pub spent_minor: i64,
    /// Months of lines that bills took beyond the plan.
    pub overrun_count: i64,
}

impl Labelled for BudgetRow {
    const NOUN: &'static str = "governance.budget";
}

/// Budget with lines, months and what may be done next.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BudgetDetail {
    /// The budget.
    pub budget: Budget,
    /// Its lines, by code.
    pub lines: Vec<LineDetail>,
    /// Months that are closed.
    pub closed_months: Vec<i64>,
    /// Share of a month's plan, in percent, beyond which a deviation asks for an explanation.
    pub tolerance_percent: f64,
    /// What may be done next, and why not where it may not.
    pub actions: Vec<Offer>,
    /// How it came to stand where it stands.
    pub history: Vec<StepRow>,
}

impl Labelled for BudgetDetail {
    const NOUN: &'static str = "governance.budget";
}

/// Line with its twelve months.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BudgetLineDetail)]
pub struct LineDetail {
    /// The line.
    pub line: Line,
    /// January to December.
    pub months: Vec<Balance>,
}

/// Line with its months and what is to be known of its budget, for the pages of what it pays for (科目月度预算).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BudgetLineMonths {
    /// The line.
    pub line: Line,
    /// January to December: planned, adjusted, reserved, spent.
    pub months: Vec<Balance>,
    /// Months that are closed.
    pub closed_months: Vec<i64>,
    /// Year of the budget.
    pub year: i64,
    /// Currency of the budget.
    pub currency: Currency,
}

impl Labelled for BudgetLineMonths {
    const NOUN: &'static str = "governance.line";
}

/// Budget to be written.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBudget {
    /// The year that it is of.
    pub year: i64,
    /// Its name, 1 to 80 characters.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Currency of its amounts; the company's when absent.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// The brand, where it is one brand's.
    #[serde(default)]
    pub brand_id: Option<Id>,
    /// The department that keeps it.
    #[serde(default)]
    pub department_id: Option<Id>,
    /// Noun of what it is for, such as a project.
    #[serde(default)]
    #[schema(max_length = 80)]
    pub scope_noun: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub scope_id: Option<Id>,
    /// The budget of the year before, for its actuals.
    #[serde(default)]
    pub previous_id: Option<Id>,
}

/// Change of a budget; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetPatch {
    /// Its name, 1 to 80 characters.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 80)]
    pub name: Option<String>,
    /// Who answers for it.
    #[serde(default)]
    pub owner_id: Option<Id>,
}

/// Why something is sent back.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BudgetReasonInput)]
pub struct ReasonInput {
    /// The reason, 1 to 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

/// Which budgets are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BudgetFilter {
    /// Only of this year.
    pub year: Option<i64>,
    /// Only in this state.
    pub state: Option<BudgetState>,
    /// Only of this brand.
    pub brand_id: Option<Id>,
}
