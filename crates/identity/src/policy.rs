//! Policy parameters (政策参数) that the access door reads; the rulebook has them, with their clauses.

use http_kit::App;
use kernel::Result;
use rulebook::parameter;

/// Days without being seen after which an account is flagged.
pub async fn idle_days(app: &App) -> Result<i64> {
    parameter::get(&app.store, "account.idle_days").await?.days()
}

/// Days for which the check of a device holds.
pub async fn device_check_days(app: &App) -> Result<i64> {
    parameter::get(&app.store, "device.check_days").await?.days()
}

/// Open tasks that one person can carry.
pub async fn tasks_per_person(app: &App) -> Result<i64> {
    parameter::get(&app.store, "workload.tasks_per_person").await?.integer()
}

/// Minutes without a sign of life after which a screen is locked.
pub async fn idle_lock_minutes(app: &App) -> Result<i64> {
    parameter::get(&app.store, "secret.idle_lock_minutes").await?.integer()
}

/// Days between two reminders of secrecy.
pub async fn reminder_days(app: &App) -> Result<i64> {
    parameter::get(&app.store, "secret.reminder_days").await?.days()
}

/// Months between two access reviews of a department.
pub async fn review_months(app: &App) -> Result<i64> {
    parameter::get(&app.store, "account.review_months").await?.integer()
}
