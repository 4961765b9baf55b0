//! Jumps (指标跳变): a value far from what the last ones were opens a record, once until it is back.

use http_kit::App;
use kernel::{Language, Result};
use serde_json::{Map, Value as Json, json};
use store::args;

use super::prove::Metric;
use super::{Found, Inputs, JumpSpec, rules, series, sql};
use crate::detection::{self, Detected};

/// Fewer earlier values than this are no measure of what is usual.
const SAMPLES_LEAST: usize = 3;

/// Looks whether the newest value of each series is far from the ones before.
pub async fn reconcile(app: &App, metric: &Metric, inputs: &Inputs, found: &[Found]) -> Result<()> {
    let Some(jump) = &metric.spec.jump else { return Ok(()) };
    let Some(limit) = rules::in_unit(jump.percent, jump.parameter.as_deref(), metric.spec.unit, inputs)
    else {
        return Ok(());
    };
    for sample in found.iter().filter(|sample| jump.each != sample.series.is_empty()) {
        let Some(value) = sample.value else { continue };
        let before: Vec<f64> = app
            .store
            .all(sql::BEFORE, args![&metric.spec.id, &sample.series, i64::from(jump.of_samples)])
            .await?;
        let Some(usual) = usual(&before) else { continue };
        let source = format!("jump/{}/{}", metric.spec.id, sample.series);
        match by_percent(usual, value) {
            Some(percent) if percent.abs() >= limit => {
                let facts = facts(app, metric, sample, (usual, value, percent)).await?;
                let reason = metric.spec.id.clone();
                let spec = &jump.opens;
                detection::begin(app, &Detected { source, spec, facts, reason }).await?;
            }
            _ => detection::over(app, &source).await?,
        }
    }
    Ok(())
}

async fn facts(
    app: &App,
    metric: &Metric,
    sample: &Found,
    (usual, value, percent): (f64, f64, f64),
) -> Result<Map<String, Json>> {
    let mut args: std::collections::BTreeMap<String, Json> = series::titled(app, metric, &sample.series)
        .await?
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v))
        .collect();
    args.insert("value".into(), json!(rules::said(value, metric.spec.unit)));
    args.insert("usual".into(), json!(rules::said(usual, metric.spec.unit)));
    args.insert("percent".into(), json!(format!("{percent:+.0}%")));
    let said = app.texts.say(Language::default(), "rulebook.metric.jumped", &args);
    let mut facts = Map::new();
    facts.insert("said".into(), json!(said));
    facts.insert("metric".into(), json!(metric.spec.id));
    facts.insert("series".into(), json!(sample.series));
    facts.insert("value".into(), json!(value));
    facts.insert("usual".into(), json!(usual));
    facts.insert("at".into(), json!(app.store.now()));
    if let (Some(by), false) = (metric.by(), sample.series.is_empty()) {
        facts.insert(by.to_owned(), json!(sample.series));
    }
    Ok(facts)
}

/// Returns the middle of the earlier values, newest first; nothing where there are too few.
fn usual(before: &[f64]) -> Option<f64> {
    if before.len() < SAMPLES_LEAST {
        return None;
    }
    let mut sorted = before.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// Returns by how many percent a value differs from what is usual; nothing where nothing is usual.
fn by_percent(usual: f64, value: f64) -> Option<f64> {
    (usual != 0.0).then(|| 100.0 * (value - usual) / usual.abs())
}

impl JumpSpec {
    /// Returns true where exactly one figure says how far is too far.
    pub fn has_one_limit(&self) -> bool {
        self.percent.is_some() != self.parameter.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_is_the_middle_of_enough_values() {
        assert_eq!(usual(&[1.0, 2.0]), None);
        assert_eq!(usual(&[100.0, 1.0, 2.0]), Some(2.0));
    }

    #[test]
    fn a_jump_is_told_in_percent_either_way() {
        assert_eq!(by_percent(10.0, 15.0), Some(50.0));
        assert_eq!(by_percent(10.0, 5.0), Some(-50.0));
        assert_eq!(by_percent(0.0, 5.0), None);
    }
}
