use kernel::{Problem, Result};
use serde_json::{Value as Json, json};

use super::{Kind, ParameterSpec, TimeRange, Value};
use crate::expr::Constant;

/// Fewest characters of a reason: "ok" explains nothing.
pub const REASON_MIN: usize = 5;
/// Most characters of a reason.
pub const REASON_MAX: usize = 500;
/// Most characters of a text value.
const TEXT_MAX: usize = 500;
/// Milliseconds of a day, as expressions count lengths of time.
const DAY_MS: i64 = kernel::DAY_MS;

/// Reads a value of a kind from JSON; `None` where it is none.
pub fn read(kind: Kind, json: &Json) -> Option<Value> {
    match kind {
        Kind::Integer => json.as_i64().map(Value::Integer),
        Kind::Decimal => json.as_f64().map(Value::Decimal),
        Kind::Percent => json.as_f64().map(Value::Percent),
        Kind::Minutes => json.as_i64().map(Value::Minutes),
        Kind::Days => json.as_i64().map(Value::Days),
        Kind::TimeRange => json.as_str().and_then(time_range).map(Value::TimeRange),
        Kind::Boolean => json.as_bool().map(Value::Boolean),
        Kind::Text => {
            json.as_str().filter(|t| t.chars().count() <= TEXT_MAX).map(|t| Value::Text(t.to_owned()))
        }
    }
}

/// Returns the value as JSON.
pub fn write(value: &Value) -> Json {
    match value {
        Value::Integer(v) | Value::Minutes(v) | Value::Days(v) => json!(v),
        Value::Decimal(v) | Value::Percent(v) => json!(v),
        Value::TimeRange(range) => json!(format!("{}-{}", clock(range.from), clock(range.to))),
        Value::Boolean(v) => json!(v),
        Value::Text(v) => json!(v),
    }
}

/// Returns the value as an expression sees it.
pub fn constant(value: &Value) -> Constant {
    match value {
        Value::Integer(v) => Constant::Integer(*v),
        Value::Decimal(v) | Value::Percent(v) => Constant::Real(*v),
        Value::Minutes(v) => Constant::Duration(v.saturating_mul(kernel::MINUTE_MS)),
        Value::Days(v) => Constant::Duration(v.saturating_mul(DAY_MS)),
        Value::Boolean(v) => Constant::Boolean(*v),
        Value::Text(v) => Constant::Text(v.clone()),
        Value::TimeRange(range) => Constant::TimeRange(i64::from(range.from), i64::from(range.to)),
    }
}

/// Reads and bounds a value that somebody wants.
pub fn accept(spec: &ParameterSpec, json: &Json) -> Result<Value> {
    let refused = || Problem::unprocessable("rulebook.parameter.invalid");
    let Some(value) = read(spec.kind, json) else {
        return Err(refused().with("kind", spec.kind).with_field("value", "rulebook.parameter.wrong_kind"));
    };
    if within(spec, &value) {
        return Ok(value);
    }
    let mut problem = refused().with_field("value", "rulebook.parameter.out_of_bounds");
    for field in &mut problem.fields {
        field.args.insert("minimum".to_owned(), json!(spec.minimum));
        field.args.insert("maximum".to_owned(), json!(spec.maximum));
    }
    Err(problem)
}

/// Returns whether a reason explains anything.
pub fn reason_fits(reason: &str) -> bool {
    (REASON_MIN..=REASON_MAX).contains(&reason.trim().chars().count())
}

/// Checks what a pack states; returns the code of what is wrong.
pub fn check_default(spec: &ParameterSpec) -> Option<&'static str> {
    match read(spec.kind, &spec.default) {
        None => Some("rulebook.pack.parameter_wrong_kind"),
        Some(value) if !within(spec, &value) => Some("rulebook.pack.parameter_out_of_bounds"),
        Some(_) => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "bounds are small numbers")]
fn within(spec: &ParameterSpec, value: &Value) -> bool {
    let number = match value {
        Value::Integer(v) | Value::Minutes(v) | Value::Days(v) => *v as f64,
        Value::Decimal(v) | Value::Percent(v) => *v,
        Value::TimeRange(_) | Value::Boolean(_) | Value::Text(_) => return true,
    };
    // Times and shares below nothing make no sense, whatever the pack says.
    let floor = if matches!(value, Value::Decimal(_) | Value::Integer(_)) { f64::MIN } else { 0.0 };
    let ceiling = if matches!(value, Value::Percent(_)) { 100.0 } else { f64::MAX };
    number >= spec.minimum.unwrap_or(floor).max(floor)
        && number <= spec.maximum.unwrap_or(ceiling).min(ceiling)
}

fn time_range(text: &str) -> Option<TimeRange> {
    let (from, to) = text.split_once('-')?;
    Some(TimeRange { from: minute_of_day(from)?, to: minute_of_day(to)? })
}

fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

fn clock(minute_of_day: u16) -> String {
    format!("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(kind: Kind) -> ParameterSpec {
        ParameterSpec {
            key: "k".into(),
            kind,
            default: json!(1),
            unit: Default::default(),
            minimum: None,
            maximum: Some(10.0),
            clauses: vec![],
            title: Default::default(),
            text: Default::default(),
        }
    }

    #[test]
    fn quiet_hours_run_past_midnight() {
        let Some(Value::TimeRange(night)) = read(Kind::TimeRange, &json!("21:00-09:00")) else {
            panic!("a range")
        };
        assert!(night.contains(21 * 60) && night.contains(0) && night.contains(8 * 60 + 59));
        assert!(!night.contains(9 * 60) && !night.contains(20 * 60 + 59));
        assert_eq!(write(&Value::TimeRange(night)), json!("21:00-09:00"));
        for wrong in ["24:00-09:00", "9:00-10:00", "21:00", "aa:bb-cc:dd", ""] {
            assert_eq!(read(Kind::TimeRange, &json!(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn a_value_keeps_its_kind_and_its_bounds() {
        assert_eq!(accept(&spec(Kind::Integer), &json!(3)).expect("inside"), Value::Integer(3));
        assert_eq!(accept(&spec(Kind::Integer), &json!("3")).expect_err("text").status, 422);
        assert_eq!(accept(&spec(Kind::Integer), &json!(11)).expect_err("too large").status, 422);
        assert_eq!(accept(&spec(Kind::Days), &json!(-1)).expect_err("negative").status, 422);
        let percent = ParameterSpec { maximum: None, ..spec(Kind::Percent) };
        assert_eq!(accept(&percent, &json!(101)).expect_err("more than all").status, 422);
    }
}
