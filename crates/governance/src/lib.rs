//! Floor 3: budgets, the money door and its ledger, month ends.
//!
//! Architecture invariants: money is reserved and spent through [`money`] only, in the transaction of whatever spends;
//! the ledger is only ever added to, and a balance is the sum of its entries; a plan changes by an approval alone; what
//! is refused is kept with its reason; a bill that already came is recorded even where it goes beyond the plan.

pub mod adjustment;
pub mod alert;
mod approval;
pub mod budget;
mod check;
pub mod expense;
mod jobs;
pub mod ledger;
pub mod line;
pub mod money;
pub mod permissions;
mod policy;
pub mod report;
pub mod sample;
mod views;

use http_kit::{AppState, Module};
use store::Migration;

pub use expense::ExpenseTarget;

/// The crate's tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration { id: "governance/0001_init", sql: include_str!("../migrations/0001_init.sql") },
    Migration { id: "governance/0010_line_period", sql: include_str!("../migrations/0010_line_period.sql") },
];

/// Returns what this crate adds to the product.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: include_str!("../texts.yaml"),
        routes: budget::routes()
            .merge(line::routes())
            .merge(ledger::routes())
            .merge(money::routes())
            .merge(expense::routes())
            .merge(adjustment::routes())
            .merge(alert::routes())
            .merge(report::routes()),
        views: views::ALL,
        jobs: jobs::register,
        ..Module::new("governance")
    }
}

/// Connects what other domains need of this one.
pub fn connect(app: &AppState) {
    app.money.connect(money::door(app));
}
