//! What a budget must be before it may go on.

use kernel::{Problem, Result};
use serde_json::{Value as Json, json};

use super::{Budget, BudgetState};
use crate::line::Line;
use crate::line::rules::sums_up;

/// Refuses to change what was handed in or approved.
pub(crate) fn require_open(budget: &Budget) -> Result<()> {
    match budget.state {
        BudgetState::Draft | BudgetState::Returned => Ok(()),
        state => Err(Problem::conflict("governance.budget.locked").with("state", state)),
    }
}

/// Refuses to spend or move money of a budget that nobody approved.
pub(crate) fn require_approved(budget: &Budget) -> Result<()> {
    match budget.state {
        BudgetState::Approved => Ok(()),
        state => Err(Problem::conflict("governance.budget.not_approved").with("state", state)),
    }
}

/// Returns what the machine's guards may ask about a budget.
pub(crate) fn facts(lines: &[Line], reason: Option<&str>) -> Json {
    let unbalanced = lines.iter().filter(|line| !sums_up(line.annual_minor, &line.months)).count();
    let mut facts = json!({ "lines": lines.len(), "unbalanced": unbalanced });
    if let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) {
        facts["reason"] = Json::from(reason);
    }
    facts
}
