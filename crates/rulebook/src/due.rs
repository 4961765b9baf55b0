//! Due time (时限): until when something must be done, in working time where the rule says so.
//!
//! The one place that knows working time; today Monday to Friday, 9 to 18 o'clock in the company's time zone.

use http_kit::App;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use kernel::{HOUR_MS, MINUTE_MS, Problem, Result, Timestamp};
use serde_json::{Map, Value as Json};
use store::Tx;

use crate::machine::DueSpec;
use crate::parameter;

const OPENS: Time = Time::constant(9, 0, 0, 0);
const CLOSES: Time = Time::constant(18, 0, 0, 0);
/// Farthest day that is looked at: bounds the walk over days that nobody works on.
const DAYS_MAX: i64 = 4_000;

/// Returns when something that began at `from` is due; `None` where the fact that says so is empty.
pub async fn after(
    app: &App,
    tx: &mut Tx,
    due: &DueSpec,
    facts: &Map<String, Json>,
    from: Timestamp,
) -> Result<Option<Timestamp>> {
    let zone = &app.settings.time_zone;
    if let Some(hours) = due.working_hours {
        return Ok(Some(plus_working_hours(from, hours, zone)));
    }
    if let Some(days) = due.working_days {
        return Ok(Some(plus_working_days(from, days, zone)));
    }
    if let Some(days) = due.days {
        return Ok(Some(from.plus_days(days)));
    }
    if let Some(field) = &due.field {
        return Ok(facts.get(field).and_then(Json::as_str).and_then(|text| text.parse().ok()));
    }
    let Some(key) = &due.parameter else { return Ok(None) };
    match parameter::get_in(tx, key).await? {
        parameter::Value::Days(days) => Ok(Some(from.plus_days(days))),
        parameter::Value::Minutes(minutes) => Ok(Some(from.plus_ms(minutes.saturating_mul(MINUTE_MS)))),
        parameter::Value::Integer(hours) => Ok(Some(from.plus_ms(hours.saturating_mul(HOUR_MS)))),
        other => Err(Problem::internal(format!("policy parameter {key} is no length of time: {other:?}"))),
    }
}

fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Returns the working time of a day, or nothing.
fn hours_of(day: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let at = |time| day.to_datetime(time).to_zoned(zone.clone()).ok().map(|z| z.timestamp().into());
    if is_working_day(day) { Some((at(OPENS)?, at(CLOSES)?)) } else { None }
}

/// Returns the time after so many hours of working time.
pub fn plus_working_hours(from: Timestamp, hours: i64, zone: &TimeZone) -> Timestamp {
    let mut left = hours.max(0).saturating_mul(HOUR_MS);
    let mut day = from.instant().to_zoned(zone.clone()).date();
    for _ in 0..DAYS_MAX {
        if let Some((opens, closes)) = hours_of(day, zone) {
            let begins = opens.max(from);
            let room = (closes.ms() - begins.ms()).max(0);
            if left <= room {
                return begins.plus_ms(left);
            }
            left -= room;
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    from.plus_days(DAYS_MAX)
}

/// Returns the end of the working time of the day that is so many working days later.
pub fn plus_working_days(from: Timestamp, days: i64, zone: &TimeZone) -> Timestamp {
    let mut day = from.instant().to_zoned(zone.clone()).date();
    let mut left = days.max(0);
    for _ in 0..DAYS_MAX {
        if let (0, Some((_, closes))) = (left, hours_of(day, zone)) {
            return closes;
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
        left -= i64::from(left > 0 && is_working_day(day));
    }
    from.plus_days(DAYS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Shanghai").expect("a zone")
    }

    fn at(text: &str) -> Timestamp {
        format!("{text}:00+08:00").parse().expect("a time")
    }

    #[test]
    fn hours_are_counted_only_while_people_work() {
        let zone = zone();
        // 2026-11-27 is a Friday.
        for (from, hours, due) in [
            ("2026-11-27T10:00", 4, "2026-11-27T14:00"),
            ("2026-11-27T16:00", 4, "2026-11-30T11:00"),
            ("2026-11-27T16:00", 2, "2026-11-27T18:00"),
            ("2026-11-28T12:00", 1, "2026-11-30T10:00"),
            ("2026-11-26T20:00", 9, "2026-11-27T18:00"),
            ("2026-11-26T07:00", 10, "2026-11-27T10:00"),
        ] {
            assert_eq!(plus_working_hours(at(from), hours, &zone), at(due), "{from} + {hours}");
        }
    }

    #[test]
    fn days_end_with_the_working_time_and_skip_the_weekend() {
        let zone = zone();
        for (from, days, due) in [
            ("2026-11-26T10:00", 1, "2026-11-27T18:00"),
            ("2026-11-27T10:00", 1, "2026-11-30T18:00"),
            ("2026-11-28T10:00", 2, "2026-12-01T18:00"),
            ("2026-11-27T10:00", 5, "2026-12-04T18:00"),
        ] {
            assert_eq!(plus_working_days(at(from), days, &zone), at(due), "{from} + {days}");
        }
    }
}
