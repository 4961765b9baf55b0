use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Day, Language, Problem, Result, TextBook, Timestamp};

use super::rules::{DayPlan, PlanName};
use super::{CalendarDay, CalendarMonth, CalendarYear, Compiled, HolidaySet, china};

/// First and last year that can be looked at.
const YEARS: std::ops::RangeInclusive<i16> = 1971..=2198;

/// Returns how a year of a calendar is worked.
pub fn view(
    compiled: &Compiled,
    holidays: Option<HolidaySet>,
    zone: &TimeZone,
    year: i16,
    (texts, language): (&TextBook, Language),
) -> Result<CalendarYear> {
    if !YEARS.contains(&year) {
        let problem = Problem::unprocessable("rulebook.calendar.out_of_range");
        return Err(problem.with("from", YEARS.start()).with("to", YEARS.end()));
    }
    let mut days = Vec::with_capacity(366);
    let mut date = Date::constant(year, 1, 1);
    while date.year() == year {
        let plan = compiled.plan(date).ok_or_else(|| Problem::internal("a calendar without versions"))?;
        days.push(day(date, plan, texts, language));
        date = date.tomorrow().map_err(Problem::internal)?;
    }
    let months: Result<Vec<CalendarMonth>> =
        (1..=12).map(|month| month_of(compiled, &days, zone, year, month)).collect();
    let holidays_known = holidays.is_some_and(|HolidaySet::China| china::knows(year));
    Ok(CalendarYear { year: i64::from(year), holidays_known, months: months?, days })
}

fn day(date: Date, plan: DayPlan, texts: &TextBook, language: Language) -> CalendarDay {
    let name = plan.name.map(|name| match name {
        PlanName::Given(name) => name,
        PlanName::Holiday(holiday) => {
            texts.say(language, &format!("rulebook.holiday.{holiday}"), &std::collections::BTreeMap::new())
        }
    });
    let minutes = worked(plan.hours);
    CalendarDay { date: Day(date), kind: plan.kind, name, minutes }
}

/// Counts minutes that lie in several hours once.
fn worked(mut hours: Vec<(u32, u32)>) -> i64 {
    hours.sort_unstable();
    let (mut total, mut reached) = (0, 0);
    for (from, to) in hours {
        total += to.saturating_sub(from.max(reached));
        reached = reached.max(to);
    }
    i64::from(total)
}

fn month_of(
    compiled: &Compiled,
    days: &[CalendarDay],
    zone: &TimeZone,
    year: i16,
    month: i8,
) -> Result<CalendarMonth> {
    let first = Date::new(year, month, 1).map_err(Problem::internal)?;
    let after = first.last_of_month().tomorrow().map_err(Problem::internal)?;
    let midnight = |date: Date| -> Result<Timestamp> {
        Ok(date.to_zoned(zone.clone()).map_err(Problem::internal)?.timestamp().into())
    };
    let minutes = compiled.ms_between(midnight(first)?, midnight(after)?)? / kernel::MINUTE_MS;
    let open_days = days.iter().filter(|day| day.date.0.month() == month && day.minutes > 0).count();
    Ok(CalendarMonth { month: i64::from(month), open_days: i64::try_from(open_days).unwrap_or(0), minutes })
}
