use std::cmp::Ordering;
use std::collections::BTreeMap;

use kernel::Timestamp;
use serde_json::{Map, Value};

use super::{Comparison, Constant, Kind, RowsFigure, Term, Test};

/// Facts (事实) of which a condition is asked.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'f> {
    /// Fields by name; times are RFC 3339, lengths of time are milliseconds.
    pub fields: &'f Map<String, Value>,
    /// Values of policy parameters, by key.
    pub parameters: &'f BTreeMap<String, Constant>,
    /// What `now` means.
    pub now: Timestamp,
}

pub(super) fn test(node: &Test, facts: &Facts<'_>) -> bool {
    match node {
        Test::Constant(value) => *value,
        Test::Holds(term) => value(term, facts) == Some(Constant::Boolean(true)),
        Test::All(tests) => tests.iter().all(|t| test(t, facts)),
        Test::Any(tests) => tests.iter().any(|t| test(t, facts)),
        Test::Not(inner) => !test(inner, facts),
        Test::Compare(comparison, a, b) => match (value(a, facts), value(b, facts)) {
            (Some(a), Some(b)) => order(&a, &b).is_some_and(|found| fits(*comparison, found)),
            _ => false,
        },
        Test::OneOf(term, values) => value(term, facts).is_some_and(|v| values.contains(&v)),
        Test::Has(name) => facts.fields.get(name).is_some_and(|v| !v.is_null()),
        Test::Within(minute, range) => match (value(minute, facts), value(range, facts)) {
            (Some(Constant::Integer(minute)), Some(Constant::TimeRange(from, to))) => {
                if from <= to {
                    (from..to).contains(&minute)
                } else {
                    minute >= from || minute < to
                }
            }
            _ => false,
        },
        Test::StartsWith(term, prefix) => {
            matches!(value(term, facts), Some(Constant::Text(text)) if text.starts_with(prefix))
        }
    }
}

pub(super) fn value(term: &Term, facts: &Facts<'_>) -> Option<Constant> {
    match term {
        Term::Constant(constant) => Some(constant.clone()),
        Term::Field { name, kind } => read(facts.fields.get(name)?, *kind),
        Term::Parameter { key, .. } => facts.parameters.get(key).cloned(),
        Term::Now => Some(Constant::Time(facts.now.ms())),
        Term::Span { unit_ms, count } => match value(count, facts)? {
            Constant::Integer(count) => Some(Constant::Duration(count.saturating_mul(*unit_ms))),
            _ => None,
        },
        Term::Plus(a, b, kind) => sum(&value(a, facts)?, &value(b, facts)?, 1, *kind),
        Term::Minus(a, b, kind) => sum(&value(a, facts)?, &value(b, facts)?, -1, *kind),
        Term::Times(a, b, kind) => product(&value(a, facts)?, &value(b, facts)?, *kind),
        Term::Over(a, b) => {
            let (a, b) = (length(&value(a, facts)?)?, length(&value(b, facts)?)?);
            (b != 0.0).then(|| Constant::Real(a / b))
        }
        Term::Choose(condition, a, b, kind) => {
            let chosen = value(if test(condition, facts) { a } else { b }, facts)?;
            if *kind == Kind::Real { real(&chosen).map(Constant::Real) } else { Some(chosen) }
        }
        Term::Rows { table, figure } => over_rows(facts.fields.get(table), figure, facts),
        Term::Truth(condition) => Some(Constant::Boolean(test(condition, facts))),
    }
}

fn product(a: &Constant, b: &Constant, kind: Kind) -> Option<Constant> {
    if kind == Kind::Real {
        return Some(Constant::Real(real(a)? * real(b)?));
    }
    Some(Constant::Integer(whole(a)?.saturating_mul(whole(b)?)))
}

/// Computes a figure over the rows of a child table; a table that is not there has no rows.
fn over_rows(table: Option<&Value>, figure: &RowsFigure, facts: &Facts<'_>) -> Option<Constant> {
    let rows = table.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let fields = rows.iter().filter_map(Value::as_object);
    let each = |term: &Term| -> Vec<Constant> {
        fields.clone().filter_map(|fields| value(term, &Facts { fields, ..*facts })).collect()
    };
    match figure {
        RowsFigure::Count(condition) => {
            let count = fields.clone().filter(|fields| test(condition, &Facts { fields, ..*facts })).count();
            i64::try_from(count).ok().map(Constant::Integer)
        }
        RowsFigure::Sum(term, kind) => {
            let zero = if *kind == Kind::Real { Constant::Real(0.0) } else { Constant::Integer(0) };
            each(term).iter().try_fold(zero, |total, value| sum(&total, value, 1, *kind))
        }
        RowsFigure::Least(term, _) => each(term).into_iter().reduce(|a, b| pick(a, b, Ordering::Less)),
        RowsFigure::Greatest(term, _) => each(term).into_iter().reduce(|a, b| pick(a, b, Ordering::Greater)),
        RowsFigure::Mean(term) => {
            let values: Vec<f64> = each(term).iter().filter_map(real).collect();
            #[expect(clippy::cast_precision_loss, reason = "a number of rows")]
            let count = values.len() as f64;
            (count > 0.0).then(|| Constant::Real(values.iter().sum::<f64>() / count))
        }
    }
}

fn pick(a: Constant, b: Constant, wanted: Ordering) -> Constant {
    if order(&b, &a) == Some(wanted) { b } else { a }
}

/// Returns a number, or the milliseconds of a length of time.
#[expect(clippy::cast_precision_loss, reason = "lengths of time stay far below 2^53 milliseconds")]
fn length(value: &Constant) -> Option<f64> {
    match value {
        Constant::Duration(v) => Some(*v as f64),
        other => real(other),
    }
}

fn read(value: &Value, kind: Kind) -> Option<Constant> {
    match kind {
        Kind::Boolean => value.as_bool().map(Constant::Boolean),
        // A child table, or a list of files, counts as the number of its rows.
        Kind::Integer => match value {
            Value::Array(rows) => i64::try_from(rows.len()).ok().map(Constant::Integer),
            other => other.as_i64().map(Constant::Integer),
        },
        Kind::Real => value.as_f64().map(Constant::Real),
        Kind::Text => value.as_str().map(|text| Constant::Text(text.to_owned())),
        Kind::Time => value.as_str()?.parse::<Timestamp>().ok().map(|at| Constant::Time(at.ms())),
        Kind::Duration => value.as_i64().map(Constant::Duration),
        // No fact is a time range: they are figures of the company.
        Kind::TimeRange => None,
    }
}

fn sum(a: &Constant, b: &Constant, sign: i64, kind: Kind) -> Option<Constant> {
    if kind == Kind::Real {
        #[expect(clippy::cast_precision_loss, reason = "the sign is 1 or -1")]
        return Some(Constant::Real(real(a)? + real(b)? * sign as f64));
    }
    let total = whole(a)?.saturating_add(whole(b)?.saturating_mul(sign));
    Some(match kind {
        Kind::Time => Constant::Time(total),
        Kind::Duration => Constant::Duration(total),
        _ => Constant::Integer(total),
    })
}

fn whole(value: &Constant) -> Option<i64> {
    match value {
        Constant::Integer(v) | Constant::Time(v) | Constant::Duration(v) => Some(*v),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "what is counted here stays far below 2^53")]
fn real(value: &Constant) -> Option<f64> {
    match value {
        Constant::Integer(v) => Some(*v as f64),
        Constant::Real(v) => Some(*v),
        _ => None,
    }
}

fn order(a: &Constant, b: &Constant) -> Option<Ordering> {
    match (a, b) {
        (Constant::Boolean(a), Constant::Boolean(b)) => Some(a.cmp(b)),
        (Constant::Text(a), Constant::Text(b)) => Some(a.cmp(b)),
        (Constant::Real(_), _) | (_, Constant::Real(_)) => real(a)?.partial_cmp(&real(b)?),
        _ => Some(whole(a)?.cmp(&whole(b)?)),
    }
}

fn fits(comparison: Comparison, found: Ordering) -> bool {
    match comparison {
        Comparison::Equal => found == Ordering::Equal,
        Comparison::Less => found == Ordering::Less,
        Comparison::AtMost => found != Ordering::Greater,
        Comparison::More => found == Ordering::Greater,
        Comparison::AtLeast => found != Ordering::Less,
    }
}
