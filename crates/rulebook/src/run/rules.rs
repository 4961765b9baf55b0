use std::collections::BTreeMap;

use kernel::{DAY_MS, Problem, Result, Timestamp};
use serde_json::{Value as Json, json};

use super::{Point, RowSet, Run, Verdict};
use crate::control::{EvidenceKind, Figure, Measure, Operator};
use crate::expr::Constant;
use crate::parameter::Input;

/// Weeks of a trend.
pub const TREND_WEEKS: i64 = 12;
/// A value that moved by less than this (a row, a percentage point) is the same finding.
const VALUE_STEP: f64 = 1.0;

/// The figures of one measurement, the parameters put in.
#[derive(Clone, Debug)]
pub struct Setting {
    pub window_days: Option<i64>,
    pub from: Option<Timestamp>,
    pub to: Timestamp,
    pub threshold: f64,
    pub inputs: BTreeMap<String, Input>,
    pub constants: BTreeMap<String, Constant>,
}

/// Puts the present parameters into a measurement.
pub fn setting(
    measure: &Measure,
    keys: &[&str],
    parameters: &BTreeMap<String, Input>,
    now: Timestamp,
) -> Result<Setting> {
    let mut inputs = BTreeMap::new();
    for key in keys {
        let input = parameters.get(*key).ok_or_else(|| missing(key))?;
        inputs.insert((*key).to_owned(), input.clone());
    }
    let number = |figure: &Figure| match figure {
        Figure::Fixed(value) => Some(*value),
        Figure::Parameter(key) => inputs.get(key).and_then(|input| input.value.as_f64()),
    };
    let threshold = number(&measure.threshold).ok_or_else(|| missing("threshold"))?;
    let window =
        measure.window.as_ref().map(|figure| number(figure).ok_or_else(|| missing("window"))).transpose()?;
    #[expect(clippy::cast_possible_truncation, reason = "a number of days, bounded by its parameter")]
    let window_days = window.map(|days| days as i64);
    let constants = inputs.iter().filter_map(|(key, input)| Some((key.clone(), input.constant()?))).collect();
    Ok(Setting {
        window_days,
        from: window_days.map(|days| now.plus_days(-days)),
        to: now,
        threshold,
        inputs,
        constants,
    })
}

fn missing(what: &str) -> Problem {
    Problem::internal(format!("no value for {what}"))
}

/// Returns the value and the verdict of counted rows.
#[expect(clippy::cast_precision_loss, reason = "row counts stay far below 2^53")]
pub fn judge(measure: &Measure, threshold: f64, population: i64, counted: i64) -> (Option<f64>, Verdict) {
    if population < measure.minimum_rows.max(1) {
        return (None, Verdict::Insufficient);
    }
    let value = match measure.kind {
        EvidenceKind::Query => counted as f64,
        EvidenceKind::Ratio | EvidenceKind::RecordState => 100.0 * counted as f64 / population as f64,
    };
    let followed = match measure.op {
        Operator::Equal => (value - threshold).abs() < f64::EPSILON,
        Operator::AtMost => value <= threshold,
        Operator::AtLeast => value >= threshold,
        Operator::Less => value < threshold,
        Operator::More => value > threshold,
    };
    (Some(value), if followed { Verdict::Followed } else { Verdict::Broken })
}

/// Returns which rows prove the verdict.
pub fn proving(kind: EvidenceKind, verdict: Verdict, counted: i64) -> RowSet {
    match (kind, verdict) {
        (_, Verdict::Insufficient) => RowSet::All,
        // No breach among all of them is what proves it.
        (EvidenceKind::Query, _) if counted == 0 => RowSet::All,
        (EvidenceKind::Query, _) | (_, Verdict::Followed) => RowSet::Counted,
        (_, Verdict::Broken) => RowSet::Others,
    }
}

/// Returns whether a measurement found the same as the run before, on the same day.
pub fn confirms(before: &Run, now: &Run) -> bool {
    let same_value = match (before.value, now.value) {
        (Some(a), Some(b)) => (a - b).abs() < VALUE_STEP,
        (a, b) => a == b,
    };
    before.spec_hash == now.spec_hash
        && before.verdict == now.verdict
        && before.inputs == now.inputs
        && same_value
        && before.evaluated_at.ms().div_euclid(DAY_MS) == now.evaluated_at.ms().div_euclid(DAY_MS)
}

/// Returns the code and arguments of the sentence that explains a run; `window` is said already.
pub fn why(run: &Run, window: String) -> (&'static str, BTreeMap<String, Json>) {
    let code = match (run.verdict, run.kind) {
        (Verdict::Insufficient, _) => "rulebook.run.why.insufficient",
        (_, EvidenceKind::Query) => "rulebook.run.why.query",
        (_, EvidenceKind::Ratio) => "rulebook.run.why.ratio",
        (_, EvidenceKind::RecordState) => "rulebook.run.why.record_state",
    };
    let args = [
        ("window", json!(window)),
        ("population", json!(run.population)),
        ("counted", json!(run.counted)),
        ("others", json!(run.population - run.counted)),
        ("value", json!(short(run.value.unwrap_or_default()))),
        ("operator", json!(run.operator.sign())),
        ("threshold", json!(short(run.threshold))),
    ];
    (code, args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Writes a number with at most one place.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Returns the beginnings of the weeks of a trend, oldest first; the last one ends now.
pub fn weeks(now: Timestamp) -> Vec<Timestamp> {
    (1..=TREND_WEEKS).rev().map(|back| now.plus_days(-7 * back)).collect()
}

/// Returns the verdict at the end of each week: the newest run that held in it.
pub fn trend(points: &[&Point], weeks: &[Timestamp]) -> Vec<Option<Verdict>> {
    weeks
        .iter()
        .map(|start| {
            let end = start.plus_days(7);
            let held = points.iter().filter(|p| p.evaluated_at <= end && p.confirmed_at >= *start);
            held.max_by_key(|p| p.evaluated_at).map(|p| p.verdict)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(verdict: Verdict, evaluated: i64, confirmed: i64) -> Point {
        let day = |n: i64| Timestamp::from_ms(0).plus_days(n);
        Point { control_id: "c".into(), verdict, evaluated_at: day(evaluated), confirmed_at: day(confirmed) }
    }

    #[test]
    fn a_week_shows_what_held_at_its_end() {
        let now = Timestamp::from_ms(0).plus_days(84);
        let (early, late) = (point(Verdict::Followed, 60, 71), point(Verdict::Broken, 72, 80));
        let trend = trend(&[&early, &late], &weeks(now));
        assert_eq!(trend.len(), 12);
        assert_eq!(trend[7], None);
        assert_eq!(trend[8], Some(Verdict::Followed));
        assert_eq!(trend[10], Some(Verdict::Broken));
        assert_eq!(trend[11], Some(Verdict::Broken));
    }

    #[test]
    fn numbers_are_said_shortly() {
        assert_eq!(short(100.0), "100");
        assert_eq!(short(97.36), "97.4");
    }
}
