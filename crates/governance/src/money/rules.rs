//! What the money door refuses before it looks at the balance.

use http_kit::Spend;
use kernel::Problem;

use crate::budget::{Budget, BudgetState};
use crate::check::amount_text;
use crate::ledger::Balance;
use crate::line::Line;

/// Refuses what no balance could allow.
pub(crate) fn decide(budget: &Budget, line: &Line, spend: &Spend, month_closed: bool) -> Result<(), Problem> {
    let refuse = |code: &'static str| Err(named(Problem::unprocessable(code), line, spend));
    let currency = budget.currency.as_str();
    match () {
        () if spend.amount.amount_minor <= 0 => refuse("governance.money.amount"),
        () if budget.state != BudgetState::Approved => refuse("governance.money.not_approved"),
        () if spend.amount.currency != budget.currency => {
            Err(named(Problem::unprocessable("governance.money.currency"), line, spend)
                .with("currency", currency))
        }
        () if i64::from(spend.on.0.year()) != budget.year => refuse("governance.money.year"),
        () if line.contingency => refuse("governance.money.contingency"),
        () if month_closed => refuse("governance.money.month_closed"),
        () => Ok(()),
    }
}

/// Says what is left, where, and what to do.
pub(crate) fn exceeded(budget: &Budget, line: &Line, spend: &Spend, balance: &Balance) -> Problem {
    let currency = budget.currency.as_str();
    named(Problem::unprocessable("governance.money.exceeded"), line, spend)
        .with("rest", amount_text(balance.rest(), currency))
        .with("rest_minor", balance.rest())
        .with("asked", amount_text(spend.amount.amount_minor, currency))
}

fn named(problem: Problem, line: &Line, spend: &Spend) -> Problem {
    problem
        .with("line", &line.code)
        .with("month", spend.on.0.month())
        .with("line_id", line.id)
        .with("asked_minor", spend.amount.amount_minor)
}
