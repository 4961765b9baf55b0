use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use kernel::{DAY_MS, MINUTE_MS, Problem, Result, Timestamp};
use serde_json::{Value as Json, json};

use super::{Point, RowSet, Run, Verdict};
use crate::control::{EvidenceKind, Figure, Look, Measure, Operator, Period, Quantity};
use crate::expr::Constant;
use crate::parameter::{self, Input};

/// Weeks of a trend.
pub const TREND_WEEKS: i64 = 12;
/// A value that moved by less than this (a row, a percentage point) is the same finding.
const VALUE_STEP: f64 = 1.0;
/// Most periods of an event count.
const PERIODS_MAX: i64 = 60;

/// The figures of one measurement, the parameters put in.
#[derive(Clone, Debug)]
pub struct Setting {
    pub window_days: Option<i64>,
    pub from: Option<Timestamp>,
    pub to: Timestamp,
    pub threshold: f64,
    pub inputs: BTreeMap<String, Input>,
    pub constants: BTreeMap<String, Constant>,
    /// Beginnings of the periods of an event count, oldest first; the last one runs now.
    pub starts: Vec<Timestamp>,
    /// How many rows each period must have.
    pub at_least: i64,
}

/// Puts the present parameters into a measurement.
pub fn setting(
    measure: &Measure,
    keys: &[&str],
    parameters: &BTreeMap<String, Input>,
    (now, zone): (Timestamp, &TimeZone),
) -> Result<Setting> {
    let mut inputs = BTreeMap::new();
    for key in keys {
        let input = parameters.get(*key).ok_or_else(|| missing(key))?;
        inputs.insert((*key).to_owned(), input.clone());
    }
    let number = |figure: &Figure| figure_of(figure, &inputs);
    let threshold = number(&measure.threshold).ok_or_else(|| missing("threshold"))?;
    let threshold = in_unit_of(measure, threshold, &inputs);
    let (mut starts, mut at_least) = (Vec::new(), 0);
    if let Look::Periods { period, periods, at_least: rows } = &measure.look {
        let count = whole(number(periods).ok_or_else(|| missing("periods"))?);
        starts = period_starts(*period, now, zone, count.clamp(1, PERIODS_MAX))?;
        at_least = whole(number(rows).ok_or_else(|| missing("at_least"))?).max(1);
    }
    let window =
        measure.window.as_ref().map(|figure| number(figure).ok_or_else(|| missing("window"))).transpose()?;
    let window_days = window.map(whole);
    let constants = inputs.iter().filter_map(|(key, input)| Some((key.clone(), input.constant()?))).collect();
    Ok(Setting {
        window_days,
        from: starts.first().copied().or(window_days.map(|days| now.plus_days(-days))),
        to: now,
        threshold,
        inputs,
        constants,
        starts,
        at_least,
    })
}

/// Returns the number that a figure is now.
pub fn figure_of(figure: &Figure, inputs: &BTreeMap<String, Input>) -> Option<f64> {
    match figure {
        Figure::Fixed(value) => Some(*value),
        Figure::Parameter(key) => inputs.get(key).and_then(|input| input.value.as_f64()),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a small number, bounded by its parameter")]
fn whole(number: f64) -> i64 {
    number as i64
}

/// Turns a threshold that is a length of time into the unit in which the quantity is counted.
#[expect(clippy::cast_precision_loss, reason = "lengths of time stay far below 2^53 milliseconds")]
fn in_unit_of(measure: &Measure, threshold: f64, inputs: &BTreeMap<String, Input>) -> f64 {
    let Look::Quantity { of: Quantity::Between { unit, .. }, .. } = &measure.look else { return threshold };
    let Figure::Parameter(key) = &measure.threshold else { return threshold };
    let ms = match inputs.get(key).map(|input| input.kind) {
        Some(parameter::Kind::Minutes) => MINUTE_MS,
        Some(parameter::Kind::Days) => DAY_MS,
        _ => return threshold,
    };
    threshold * ms as f64 / unit.ms() as f64
}

/// Returns the beginnings of the `count` periods before the one that runs now, and of that one.
fn period_starts(period: Period, now: Timestamp, zone: &TimeZone, count: i64) -> Result<Vec<Timestamp>> {
    let today = now.instant().to_zoned(zone.clone()).date();
    let this: Date = match period {
        Period::Day => today,
        Period::Week => today
            .checked_sub(jiff::Span::new().days(today.weekday().since(Weekday::Monday)))
            .map_err(Problem::internal)?,
        Period::Month => today.first_of_month(),
    };
    let mut starts = Vec::new();
    for back in (0..=count).rev() {
        let span = match period {
            Period::Day => jiff::Span::new().days(back),
            Period::Week => jiff::Span::new().weeks(back),
            Period::Month => jiff::Span::new().months(back),
        };
        let start = this.checked_sub(span).and_then(|date| date.to_zoned(zone.clone()));
        starts.push(Timestamp::from_ms(start.map_err(Problem::internal)?.timestamp().as_millisecond()));
    }
    Ok(starts)
}

/// What an event count found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Periods that were asked for: none from before the first row ever.
    pub asked: i64,
    /// Those that have enough rows.
    pub kept: i64,
    /// When the first of them begins.
    pub from: Option<Timestamp>,
}

/// Judges periods by their rows. The one that runs now counts once it has enough, and is not held against anybody
/// before it is over.
pub fn periods_kept(setting: &Setting, counts: &[i64], first: Option<Timestamp>) -> Kept {
    let enough = |place: &usize| counts.get(*place).is_some_and(|count| *count >= setting.at_least);
    let last = setting.starts.len().saturating_sub(1);
    let looked = if enough(&last) { 1..=last } else { 0..=last.saturating_sub(1) };
    let asked: Vec<usize> = looked
        .filter(|place| {
            let end = setting.starts.get(place + 1).copied().unwrap_or(setting.to);
            first.is_some_and(|first| first < end || (*place == last && first <= end))
        })
        .collect();
    let count = |places: usize| i64::try_from(places).unwrap_or(i64::MAX);
    Kept {
        asked: count(asked.len()),
        kept: count(asked.iter().filter(|place| enough(place)).count()),
        from: asked.first().map(|place| setting.starts[*place]),
    }
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
        _ => 100.0 * counted as f64 / population as f64,
    };
    (Some(value), compare(measure.op, value, threshold))
}

/// Compares a value with its threshold.
pub fn compare(op: Operator, value: f64, threshold: f64) -> Verdict {
    let followed = match op {
        Operator::Equal => (value - threshold).abs() < f64::EPSILON,
        Operator::AtMost => value <= threshold,
        Operator::AtLeast => value >= threshold,
        Operator::Less => value < threshold,
        Operator::More => value > threshold,
    };
    if followed { Verdict::Followed } else { Verdict::Broken }
}

/// Returns which rows prove the verdict.
pub fn proving(kind: EvidenceKind, verdict: Verdict, counted: i64) -> RowSet {
    match (kind, verdict) {
        (_, Verdict::Insufficient | Verdict::Attested) => RowSet::All,
        // Every row has a part in the figure, and those of a missing event are not there.
        (EvidenceKind::EventCount | EvidenceKind::Figure, _) => RowSet::All,
        (EvidenceKind::Attestation | EvidenceKind::File, _) => RowSet::All,
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
        (Verdict::Insufficient, EvidenceKind::Attestation) => "rulebook.run.why.not_signed",
        (Verdict::Insufficient, EvidenceKind::File) => "rulebook.run.why.no_file",
        (Verdict::Broken, EvidenceKind::Attestation) => "rulebook.run.why.denied",
        (Verdict::Broken, EvidenceKind::File) => "rulebook.run.why.file_damaged",
        (Verdict::Insufficient, EvidenceKind::EventCount) => "rulebook.run.why.no_period",
        (Verdict::Insufficient, _) => "rulebook.run.why.insufficient",
        (_, EvidenceKind::Query) => "rulebook.run.why.query",
        (_, EvidenceKind::Ratio) => "rulebook.run.why.ratio",
        (_, EvidenceKind::RecordState) => "rulebook.run.why.record_state",
        (_, EvidenceKind::EventCount) => "rulebook.run.why.event_count",
        (_, EvidenceKind::Figure) => "rulebook.run.why.figure",
        (_, EvidenceKind::Attestation) => "rulebook.run.why.signed",
        (_, EvidenceKind::File) => "rulebook.run.why.file",
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
