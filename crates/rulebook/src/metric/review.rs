use std::sync::Arc;

use http_kit::App;
use kernel::{DAY_MS, Id, MINUTE_MS, Result, Timestamp};
use serde_json::{Map, Value as Json, json};
use store::{Query, args};

use super::prove::Metric;
use super::{Inputs, Limits, limits, rules, service, sql};
use crate::Rulebook;
use crate::control::Operator;
use crate::parameter;
use crate::record::{self, Row};
use crate::record_type::intern::intern;
use crate::record_type::{AlertSpec, FieldSpec, RecordType};

/// How long before an incident an alert still counts as having warned of it.
const WARNED_DAYS: i64 = 7;
/// Most alerts of one metric in a period.
const ALERTS_MAX: i64 = 1_000;
/// Days of samples on which proposed limits are replayed.
const REPLAY_DAYS: i64 = 90;
/// From this share of false alarms on, in percent, another limit is proposed.
const FALSE_SHARE: usize = 30;

/// What became of the alerts of one metric in a period.
struct Outcome {
    /// Value and whether it was false, of each alert.
    alerts: Vec<(Option<f64>, bool)>,
    /// When incidents happened of which no alert warned.
    missed: Vec<Timestamp>,
    answered_minutes: Vec<i64>,
}

/// Returns a row for each metric with limits: firings, false alarms, misses, response time, and a limit that would have
/// done better, with what it would have raised. Only columns that the table has are filled.
pub async fn alert_rows(app: &App, table: &FieldSpec, from: Timestamp, to: Timestamp) -> Result<Vec<Json>> {
    let book = app.part::<Rulebook>()?.snapshot();
    let inputs = parameter::inputs(&app.store).await?;
    let mut rows = Vec::new();
    for metric in book.metrics() {
        let Some(declared) = &metric.spec.limits else { continue };
        let record_type = record::record_type(app, &declared.opens.record)?;
        let Some(alert) = record_type.spec.alert.clone() else { continue };
        let outcome = outcome(app, metric, &record_type, &alert, (from, to)).await?;
        let mut row = figures(metric, &outcome);
        row.extend(proposal(app, metric, &inputs, &outcome).await?);
        row.retain(|key, value| !value.is_null() && table.fields.iter().any(|column| column.key == *key));
        rows.push(Json::Object(row));
    }
    Ok(rows)
}

fn figures(metric: &Metric, outcome: &Outcome) -> Map<String, Json> {
    let title = metric.spec.title.get(kernel::Language::default());
    let false_alarms = outcome.alerts.iter().filter(|(_, is_false)| *is_false).count();
    let middle = {
        let mut minutes = outcome.answered_minutes.clone();
        minutes.sort_unstable();
        minutes.get(minutes.len() / 2).copied()
    };
    let row = json!({
        "metric": metric.spec.id, "rule_name": title, "firings": outcome.alerts.len(),
        "false_alarms": false_alarms, "misses": outcome.missed.len(), "response_minutes": middle,
    });
    row.as_object().cloned().unwrap_or_default()
}

async fn outcome(
    app: &App,
    metric: &Metric,
    record_type: &Arc<RecordType>,
    alert: &AlertSpec,
    (from, to): (Timestamp, Timestamp),
) -> Result<Outcome> {
    let mut found = Outcome { alerts: Vec::new(), missed: Vec::new(), answered_minutes: Vec::new() };
    let Some(at) = &alert.at else { return Ok(found) };
    let since = from.plus_days(-WARNED_DAYS);
    let rows = naming(app, record_type, (&alert.metric, at), &metric.spec.id, (since, to)).await?;
    let mut raised = Vec::new();
    for row in &rows {
        let facts = record::facts_of(app, record_type, row);
        let time = |key: &String| facts.get(key)?.as_str()?.parse::<Timestamp>().ok();
        let Some(fired) = time(at) else { continue };
        raised.push(fired);
        if fired < from {
            continue;
        }
        let value = alert.value.as_ref().and_then(|key| facts.get(key)?.as_f64());
        let is_false = alert.false_alarm.as_ref().and_then(|key| facts.get(key)?.as_bool());
        found.alerts.push((value, is_false.unwrap_or(false)));
        if let Some(answered) = alert.answered_at.as_ref().and_then(time) {
            found.answered_minutes.push((answered.ms() - fired.ms()) / MINUTE_MS);
        }
    }
    if let Some(missed) = &alert.missed {
        let other = record::record_type(app, &missed.record)?;
        let rows = naming(app, &other, (&missed.metric, &missed.at), &metric.spec.id, (from, to)).await?;
        for row in rows {
            let facts = record::facts_of(app, &other, &row);
            let happened = facts.get(&missed.at).and_then(Json::as_str).and_then(|text| text.parse().ok());
            let Some(happened): Option<Timestamp> = happened else { continue };
            let warned =
                |fired: &Timestamp| *fired <= happened && happened.ms() - fired.ms() <= WARNED_DAYS * DAY_MS;
            if !raised.iter().any(warned) {
                found.missed.push(happened);
            }
        }
    }
    Ok(found)
}

/// Returns the records of a type that name a metric, with a time in a period.
async fn naming(
    app: &App,
    record_type: &RecordType,
    (metric, at): (&str, &str),
    metric_id: &str,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Row>> {
    let mut query = Query::new(sql::RECORDS, args![]);
    query.push(record_type.view.name).push(" WHERE ").push(intern(metric)).push(" = ").bind(metric_id);
    query.push(" AND ").push(intern(at)).push(" >= ").bind(from);
    query.push(" AND ").push(intern(at)).push(" < ").bind(to);
    query.push(" ORDER BY id LIMIT ").bind(ALERTS_MAX);
    let ids: Vec<Id> = app.store.list(query).await?;
    record::rows(app, &ids).await
}

/// Proposes a limit where many alarms were false or something was missed, and says what it would have raised.
async fn proposal(
    app: &App,
    metric: &Metric,
    inputs: &Inputs,
    outcome: &Outcome,
) -> Result<Map<String, Json>> {
    let mut row = Map::new();
    let Some(today) = rules::limits(&metric.spec, inputs) else { return Ok(row) };
    let samples = service::history(app, &metric.spec.id, "").await?;
    let since = app.store.now().plus_days(-REPLAY_DAYS);
    let values: Vec<(Timestamp, Option<f64>)> =
        samples.iter().filter(|sample| sample.at >= since).map(|s| (s.at, s.value)).collect();
    let Some(limit) = better_limit(&today, outcome, &values) else { return Ok(row) };
    let with = |known: Option<(Operator, f64)>| known.map(|(op, _)| (op, limit));
    let proposed = match today.near {
        Some(_) => Limits { near: with(today.near), ..today },
        None => Limits { over: with(today.over), ..today },
    };
    let replayed = limits::replay(&proposed, &values);
    row.insert("proposed_limit".into(), json!(limit));
    row.insert("replayed_firings".into(), json!(replayed.firings));
    Ok(row)
}

/// Returns a limit under which the false alarms would not have been raised but the true ones would, or under which what
/// was missed would have been seen.
fn better_limit(today: &Limits, outcome: &Outcome, samples: &[(Timestamp, Option<f64>)]) -> Option<f64> {
    let (op, _) = today.near.or(today.over)?;
    let upward = matches!(op, Operator::AtLeast | Operator::More);
    let worst =
        |values: &mut dyn Iterator<Item = f64>| values.reduce(|a, b| if (a > b) == upward { a } else { b });
    let rounded = |value: f64| (value * 1e4).round() / 1e4;
    if let Some(happened) = outcome.missed.first() {
        let before = |(at, _): &&(Timestamp, Option<f64>)| {
            at <= happened && happened.ms() - at.ms() <= WARNED_DAYS * DAY_MS
        };
        return worst(&mut samples.iter().filter(before).filter_map(|(_, value)| *value)).map(rounded);
    }
    let (false_ones, true_ones): (Vec<_>, Vec<_>) =
        outcome.alerts.iter().partition(|(_, is_false)| *is_false);
    if false_ones.is_empty() || false_ones.len() * 100 < outcome.alerts.len() * FALSE_SHARE {
        return None;
    }
    let edge = worst(&mut false_ones.iter().filter_map(|(value, _)| *value))?;
    // A hundredth beyond the worst false alarm: that one no longer fires.
    let step = (edge.abs() / 100.0).max(1e-4);
    let limit = if upward { edge + step } else { edge - step };
    let seen = |value: f64| if upward { value >= limit } else { value <= limit };
    true_ones.iter().filter_map(|(value, _)| *value).all(seen).then(|| rounded(limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits { near: Some((Operator::AtLeast, 10.0)), over: None, clears_by: 0.0, for_samples: 1 }
    }

    fn outcome(alerts: &[(f64, bool)], missed: &[i64]) -> Outcome {
        Outcome {
            alerts: alerts.iter().map(|(value, is_false)| (Some(*value), *is_false)).collect(),
            missed: missed.iter().map(|day| Timestamp::from_ms(0).plus_days(*day)).collect(),
            answered_minutes: Vec::new(),
        }
    }

    #[test]
    fn a_limit_is_proposed_that_tells_true_alarms_from_false_ones() {
        let found = better_limit(&limits(), &outcome(&[(11.0, true), (12.0, true), (20.0, false)], &[]), &[]);
        assert_eq!(found, Some(12.12));
        // Where the true ones lie among the false ones no limit helps, and few false ones are borne.
        assert_eq!(better_limit(&limits(), &outcome(&[(11.0, false), (12.0, true)], &[]), &[]), None);
        assert_eq!(better_limit(&limits(), &outcome(&[(20.0, false), (21.0, false)], &[]), &[]), None);
    }

    #[test]
    fn what_was_missed_would_have_been_seen() {
        let samples: Vec<_> =
            (0..10).map(|day| (Timestamp::from_ms(0).plus_days(day), Some(day as f64))).collect();
        assert_eq!(better_limit(&limits(), &outcome(&[], &[8]), &samples), Some(8.0));
    }
}
