//! Due time (时限): until when something must be done, in the company's working time where the rule says so.

use http_kit::App;
use jiff::tz::TimeZone;
use kernel::{HOUR_MS, MINUTE_MS, Problem, Result, Timestamp};
use serde_json::{Map, Value as Json};
use store::Tx;

use crate::calendar::{self, Compiled};
use crate::machine::DueSpec;
use crate::parameter;

/// Farthest day that is looked at: bounds the walk over days that nobody works on.
const DAYS_MAX: i64 = 4_000;
/// Seconds of an hour.
const HOUR: i64 = 3_600;

/// Returns when something that began at `from` is due; `None` where the fact that says so is empty.
pub async fn after(
    app: &App,
    tx: &mut Tx,
    due: &DueSpec,
    facts: &Map<String, Json>,
    from: Timestamp,
) -> Result<Option<Timestamp>> {
    if let Some(hours) = due.working_hours {
        return calendar::working(app).await?.add_work(from, hours.max(0).saturating_mul(HOUR)).map(Some);
    }
    if let Some(days) = due.working_days {
        let calendar = calendar::working(app).await?;
        return plus_working_days(&calendar, from, days, &app.settings.time_zone).map(Some);
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

/// Returns the end of the working time of the day that is so many working days later.
fn plus_working_days(calendar: &Compiled, from: Timestamp, days: i64, zone: &TimeZone) -> Result<Timestamp> {
    let mut day = from.instant().to_zoned(zone.clone()).date();
    let mut left = days.max(0);
    for _ in 0..DAYS_MAX {
        let midnight = |day: jiff::civil::Date| -> Result<Timestamp> {
            day.to_zoned(zone.clone()).map(|at| at.timestamp().into()).map_err(Problem::internal)
        };
        let next = day.tomorrow().map_err(Problem::internal)?;
        let work = calendar.ms_between(midnight(day)?, midnight(next)?)?;
        let is_first = day == from.instant().to_zoned(zone.clone()).date();
        // The day itself does not count: what begins on Monday and may take one day is due on Tuesday.
        left -= i64::from(work > 0 && !is_first && left > 0);
        if left == 0 && work > 0 && (!is_first || days == 0) {
            return calendar.add_ms(midnight(day)?, work);
        }
        day = next;
    }
    Ok(from.plus_days(DAYS_MAX))
}
