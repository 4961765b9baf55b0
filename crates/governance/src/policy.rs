//! Policy parameters (政策参数) of budgets; the rulebook has them, with their clauses.

use kernel::Result;
use rulebook::parameter;
use store::Tx;

/// Shares of a month's plan whose use raises an alert, lowest first.
pub(crate) async fn thresholds(tx: &mut Tx) -> Result<Vec<f64>> {
    let mut found = Vec::new();
    for key in ["budget.alert_first", "budget.alert_second", "budget.alert_third"] {
        found.push(parameter::get_in(tx, key).await?.percent()?);
    }
    found.sort_by(f64::total_cmp);
    found.dedup();
    Ok(found)
}

/// Deviation from plan, in percent, beyond which an explanation is asked for.
pub(crate) async fn tolerance(tx: &mut Tx) -> Result<f64> {
    parameter::get_in(tx, "budget.tolerance").await?.percent()
}

/// Days within which an alert is answered.
pub(crate) async fn answer_days(tx: &mut Tx) -> Result<i64> {
    parameter::get_in(tx, "budget.answer_days").await?.days()
}

/// Days within which the report of a month is issued after its close.
pub(crate) async fn report_days(tx: &mut Tx) -> Result<i64> {
    parameter::get_in(tx, "budget.report_days").await?.days()
}
