use http_kit::App;
use kernel::{Problem, Result};
use serde_json::{Value as Json, json};
use store::Tx;

use super::write::Row;
use crate::Rulebook;
use crate::metric::MetricSpec;
use crate::parameter::{self, Kind, NewValue};
use crate::permissions::PARAMETER_CHANGE;

/// Columns of the table of an alert review.
pub struct Columns<'a> {
    pub metric: &'a str,
    pub limit: &'a str,
    pub accepted: &'a str,
}

/// Puts the accepted limits in force: each becomes the value of the parameter by which its metric is judged, with the
/// review's number as the reason. Whoever accepts must be allowed to change parameters.
pub async fn accept_limits(
    tx: &mut Tx,
    app: &App,
    row: &Row,
    table: &str,
    columns: &Columns<'_>,
) -> Result<()> {
    let rows = row.document.get(table).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let book = app.part::<Rulebook>()?.snapshot();
    for accepted in rows.iter().filter(|row| row[columns.accepted] == true) {
        let (Some(id), Some(limit)) = (accepted[columns.metric].as_str(), accepted[columns.limit].as_f64())
        else {
            continue;
        };
        let caller = tx.caller();
        caller.require(PARAMETER_CHANGE)?;
        let metric = book.metric(id).ok_or_else(|| Problem::not_found("access.not_found"))?;
        let fixed = || {
            Problem::unprocessable("rulebook.metric.limit_fixed")
                .with("metric", metric.spec.title.get(caller.language))
        };
        let key = limit_parameter(&metric.spec).ok_or_else(fixed)?;
        let (_, spec) = book.parameter(key).ok_or_else(fixed)?;
        let value = as_parameter(spec.kind, limit).ok_or_else(fixed)?;
        let reason = format!("{} {}", row.number, row.title);
        parameter::change_in(tx, app, &caller, key, None, NewValue { value, reason }).await?;
    }
    Ok(())
}

/// The limit that a review proposes another for: the nearer one.
fn limit_parameter(spec: &MetricSpec) -> Option<&str> {
    let limits = spec.limits.as_ref()?;
    limits.near.as_ref().or(limits.over.as_ref())?.parameter.as_deref()
}

/// Returns a limit as a parameter of this kind holds it; lengths of time are changed by hand.
#[expect(clippy::cast_possible_truncation, reason = "limits are small numbers")]
fn as_parameter(kind: Kind, limit: f64) -> Option<Json> {
    match kind {
        Kind::Integer => Some(json!(limit.round() as i64)),
        Kind::Decimal | Kind::Percent => Some(json!(limit)),
        Kind::Minutes | Kind::Days | Kind::TimeRange | Kind::Boolean | Kind::Text => None,
    }
}
