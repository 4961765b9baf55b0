//! Policy parameters (政策参数) that the access door reads; the rulebook has them, with their clauses.

use http_kit::App;
use kernel::Result;

/// Days without being seen after which an account is flagged.
pub async fn idle_days(_app: &App) -> Result<i64> {
    Ok(crate::user::rules::IDLE_DAYS)
}

/// Days for which the check of a device holds.
pub async fn device_check_days(_app: &App) -> Result<i64> {
    Ok(crate::device::rules::CHECK_DAYS)
}
