use kernel::{HOUR_MS, Timestamp};

use super::{
    Inputs, LimitSpec, Limits, LimitsSpec, MetricBetter, MetricPace, MetricSpec, MetricUnit, ReplayLimits,
};
use crate::control::Operator;
use crate::parameter::Kind;

/// Most samples of a detail page.
pub const SAMPLES_SHOWN: usize = 400;

/// Returns the limits of a metric with today's policy parameters.
pub fn limits(spec: &MetricSpec, inputs: &Inputs) -> Option<Limits> {
    let limits = spec.limits.as_ref()?;
    let one = |limit: &Option<LimitSpec>| limit.as_ref().and_then(|limit| resolved(limit, spec.unit, inputs));
    Some(Limits {
        near: one(&limits.near),
        over: one(&limits.over),
        clears_by: limits.clears_by,
        for_samples: limits.for_samples,
    })
}

/// Returns a limit in the metric's unit.
pub fn resolved(limit: &LimitSpec, unit: MetricUnit, inputs: &Inputs) -> Option<(Operator, f64)> {
    in_unit(limit.value, limit.parameter.as_deref(), unit, inputs).map(|value| (limit.op, value))
}

/// Returns a number, or what a policy parameter says in the metric's unit.
pub fn in_unit(
    value: Option<f64>,
    parameter: Option<&str>,
    unit: MetricUnit,
    inputs: &Inputs,
) -> Option<f64> {
    if value.is_some() {
        return value;
    }
    let input = inputs.get(parameter?)?;
    let value = input.value.as_f64()?;
    let minutes = match input.kind {
        Kind::Minutes => value,
        Kind::Days => value * 1440.0,
        _ => return Some(value),
    };
    Some(match unit {
        MetricUnit::Hours => minutes / 60.0,
        MetricUnit::Days => minutes / 1440.0,
        _ => minutes,
    })
}

/// Returns the limits that somebody proposes; what they do not say is as it is today.
pub fn proposed(spec: &MetricSpec, today: Option<Limits>, wanted: &ReplayLimits) -> Option<Limits> {
    let upward = spec.better == MetricBetter::Lower;
    let usual = if upward { Operator::AtLeast } else { Operator::AtMost };
    let known = today.unwrap_or(Limits { near: None, over: None, clears_by: 0.0, for_samples: 1 });
    let with = |known: Option<(Operator, f64)>, value: Option<f64>| match value {
        Some(value) => Some((known.map_or(usual, |(op, _)| op), value)),
        None => known,
    };
    let limits = Limits {
        near: with(known.near, wanted.near),
        over: with(known.over, wanted.over),
        clears_by: wanted.clears_by.unwrap_or(known.clears_by).max(0.0),
        for_samples: wanted.for_samples.unwrap_or(known.for_samples).clamp(1, 100),
    };
    (limits.near.is_some() || limits.over.is_some()).then_some(limits)
}

/// Returns true where the limits are asked of this series.
pub fn judged(limits: &LimitsSpec, series: &str) -> bool {
    limits.each != series.is_empty()
}

/// Returns true where a metric is to be measured again: once in each hour, once in each day of the company.
pub fn is_due(
    pace: MetricPace,
    measured: Option<Timestamp>,
    now: Timestamp,
    zone: &jiff::tz::TimeZone,
) -> bool {
    let Some(measured) = measured else { return true };
    match pace {
        MetricPace::Hourly => measured.ms().div_euclid(HOUR_MS) < now.ms().div_euclid(HOUR_MS),
        MetricPace::Daily => {
            let day = |at: Timestamp| at.instant().to_zoned(zone.clone()).date();
            day(measured) < day(now)
        }
    }
}

/// Thins samples out evenly; the newest always stays.
pub fn thinned<T: Clone>(samples: &[T], most: usize) -> Vec<T> {
    if samples.len() <= most || most == 0 {
        return samples.to_vec();
    }
    let last = samples.len() - 1;
    (0..most).map(|place| samples[place * last / (most - 1).max(1)].clone()).collect()
}

/// Returns what a unit is called in a record, which is written once for readers of every language.
pub fn sign(unit: MetricUnit) -> &'static str {
    match unit {
        MetricUnit::Percent => "%",
        MetricUnit::Hours => " h",
        MetricUnit::Days => " d",
        MetricUnit::Minutes => " min",
        MetricUnit::Money | MetricUnit::Count | MetricUnit::Score | MetricUnit::People => "",
    }
}

/// Writes a value as people read it: money in major units, at most two places.
pub fn said(value: f64, unit: MetricUnit) -> String {
    let value = if unit == MetricUnit::Money { value / 100.0 } else { value };
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{}", sign(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_due_once_in_each_hour_or_day_of_the_company() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").expect("a zone");
        let due = |pace, measured: &str, now: &str| is_due(pace, Some(at(measured)), at(now), &zone);
        assert!(is_due(MetricPace::Daily, None, at("2026-11-28T00:00:00Z"), &zone));
        assert!(!due(MetricPace::Hourly, "2026-11-28T09:01:00Z", "2026-11-28T09:59:00Z"));
        assert!(due(MetricPace::Hourly, "2026-11-28T09:59:00Z", "2026-11-28T10:00:00Z"));
        // Midnight in Shanghai is 16:00 UTC.
        assert!(!due(MetricPace::Daily, "2026-11-27T16:01:00Z", "2026-11-28T15:59:00Z"));
        assert!(due(MetricPace::Daily, "2026-11-28T15:59:00Z", "2026-11-28T16:00:00Z"));
    }

    #[test]
    fn samples_are_thinned_out_and_the_newest_stays() {
        let samples: Vec<i32> = (0..1000).collect();
        let few = thinned(&samples, 400);
        assert_eq!((few.len(), few[0], few[399]), (400, 0, 999));
        assert_eq!(thinned(&samples[..3], 400), [0, 1, 2]);
    }

    #[test]
    fn values_are_said_as_people_read_them() {
        assert_eq!(said(12.5, MetricUnit::Percent), "12.5%");
        assert_eq!(said(123_456.0, MetricUnit::Money), "1234.56");
        assert_eq!(said(3.0, MetricUnit::Count), "3");
    }
}
