use jiff::civil::{Date, Weekday as Day7};
use jiff::tz::TimeZone;
use kernel::{Problem, Result};

use super::{CalendarSpec, DayKind, DayRule, ExceptionSpec, HolidaySet, Hours, Weekday, china};

/// Most hours of one week, and most exceptions: far above what people write by hand.
const WEEKLY_MAX: usize = 100;
/// Most exceptions of one calendar.
pub const EXCEPTIONS_MAX: usize = 2_000;
/// Most hours of one day.
const INTERVALS_MAX: usize = 24;
/// Longest code.
const CODE_MAX: usize = 50;
/// Minutes of a day by the clock on the wall.
const DAY_MINUTES: u32 = 24 * 60;
/// Most characters of the name of an exception.
pub const NAME_MAX: usize = 100;

/// How one day is worked: its kind, why, and its hours in minutes from its midnight; an end above 1440 lies
/// on the day after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayPlan {
    pub kind: DayKind,
    pub name: Option<PlanName>,
    pub hours: Vec<(u32, u32)>,
}

/// Why a day is not like others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanName {
    Holiday(china::Holiday),
    Given(String),
}

impl Weekday {
    /// Returns the weekday of a date.
    pub fn of(date: Date) -> Self {
        match date.weekday() {
            Day7::Monday => Self::Monday,
            Day7::Tuesday => Self::Tuesday,
            Day7::Wednesday => Self::Wednesday,
            Day7::Thursday => Self::Thursday,
            Day7::Friday => Self::Friday,
            Day7::Saturday => Self::Saturday,
            Day7::Sunday => Self::Sunday,
        }
    }
}

/// Checks what somebody wants a calendar to be; one that would never open is refused here, so that no
/// search for open time can run for ever.
pub fn check(spec: &CalendarSpec) -> Result<()> {
    let mut problem = Problem::unprocessable("rulebook.calendar.invalid");
    if zone(&spec.time_zone).is_none() {
        problem = problem.with_field("time_zone", "rulebook.calendar.unknown_time_zone");
    }
    if spec.weekly.is_empty() {
        problem = problem.with_field("weekly", "rulebook.calendar.never_open");
    }
    if spec.weekly.len() > WEEKLY_MAX {
        problem = problem.with_field("weekly", "rulebook.calendar.too_many");
    }
    if spec.exceptions.len() > EXCEPTIONS_MAX {
        problem = problem.with_field("exceptions", "rulebook.calendar.too_many");
    }
    for (place, hours) in spec.weekly.iter().enumerate() {
        if span(&hours.from, &hours.to).is_none() {
            problem = problem.with_field(format!("weekly.{place}"), "rulebook.calendar.bad_hours");
        }
    }
    for (place, exception) in spec.exceptions.iter().enumerate() {
        if let Some(code) = exception_fault(spec, place, exception) {
            problem = problem.with_field(format!("exceptions.{place}"), code);
        }
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Checks the code of a new calendar.
pub fn check_code(code: &str) -> Result<()> {
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let first = code.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    if first && code.len() <= CODE_MAX && code.chars().all(rest) {
        return Ok(());
    }
    Err(Problem::unprocessable("rulebook.calendar.invalid").with_field("code", "rulebook.calendar.bad_code"))
}

fn exception_fault(spec: &CalendarSpec, place: usize, exception: &ExceptionSpec) -> Option<&'static str> {
    if exception.name.chars().count() > NAME_MAX {
        return Some("rulebook.calendar.name_too_long");
    }
    if spec.exceptions[..place].iter().any(|earlier| earlier.date == exception.date) {
        return Some("rulebook.calendar.date_twice");
    }
    match &exception.rule {
        DayRule::Closed => None,
        DayRule::Hours { hours } if hours.is_empty() || hours.len() > INTERVALS_MAX => {
            Some("rulebook.calendar.bad_hours")
        }
        DayRule::Hours { hours } => {
            hours.iter().any(|h| span(&h.from, &h.to).is_none()).then_some("rulebook.calendar.bad_hours")
        }
        DayRule::MakeUp { weekday } => {
            let open = spec.weekly.iter().any(|hours| hours.weekday == *weekday);
            (!open).then_some("rulebook.calendar.make_up_of_closed_day")
        }
    }
}

/// Returns a time zone by its IANA name.
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// Returns hours in minutes of their day; an end that is not after the start is on the day after.
pub fn span(from: &str, to: &str) -> Option<(u32, u32)> {
    let (from, to) = (minute_of_day(from)?, minute_of_day(to)?);
    if from >= DAY_MINUTES {
        return None;
    }
    Some((from, if to <= from { to + DAY_MINUTES } else { to }))
}

/// Reads `HH:MM`; `24:00` is the end of a day.
fn minute_of_day(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= DAY_MINUTES).then_some(minutes)
}

/// Returns how a day is worked: an exception goes before the public holidays, those before the week.
pub fn plan(spec: &CalendarSpec, exception: Option<&ExceptionSpec>, date: Date) -> DayPlan {
    if let Some(exception) = exception {
        return excepted(spec, exception);
    }
    let weekday = Weekday::of(date);
    let own = weekly(spec, weekday);
    match spec.holidays.and_then(|HolidaySet::China| china::ruling(date)) {
        Some(china::Ruling::Off(name)) => {
            DayPlan { kind: DayKind::Holiday, name: Some(PlanName::Holiday(name)), hours: vec![] }
        }
        Some(china::Ruling::MadeUp) => {
            DayPlan { kind: DayKind::MakeUp, name: None, hours: made_up(spec, own) }
        }
        None if own.is_empty() => DayPlan { kind: DayKind::Closed, name: None, hours: own },
        None => DayPlan { kind: DayKind::Open, name: None, hours: own },
    }
}

fn excepted(spec: &CalendarSpec, exception: &ExceptionSpec) -> DayPlan {
    let name = (!exception.name.is_empty()).then(|| PlanName::Given(exception.name.clone()));
    match &exception.rule {
        DayRule::Closed => DayPlan { kind: DayKind::Holiday, name, hours: vec![] },
        DayRule::Hours { hours } => DayPlan { kind: DayKind::Special, name, hours: spans(hours) },
        DayRule::MakeUp { weekday } => DayPlan { kind: DayKind::MakeUp, name, hours: weekly(spec, *weekday) },
    }
}

/// The notices do not say by the hours of which weekday one makes up: the day's own if it has some, else
/// those of the first weekday that has.
fn made_up(spec: &CalendarSpec, own: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    if !own.is_empty() {
        return own;
    }
    Weekday::ALL.iter().map(|day| weekly(spec, *day)).find(|hours| !hours.is_empty()).unwrap_or_default()
}

fn weekly(spec: &CalendarSpec, weekday: Weekday) -> Vec<(u32, u32)> {
    let own = spec.weekly.iter().filter(|hours| hours.weekday == weekday);
    own.filter_map(|hours| span(&hours.from, &hours.to)).collect()
}

fn spans(hours: &[Hours]) -> Vec<(u32, u32)> {
    hours.iter().filter_map(|hours| span(&hours.from, &hours.to)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_run_past_midnight_where_they_end_before_they_begin() {
        assert_eq!(span("09:00", "18:00"), Some((540, 1080)));
        assert_eq!(span("22:00", "06:00"), Some((1320, 1800)));
        assert_eq!(span("00:00", "24:00"), Some((0, 1440)));
        assert_eq!(span("00:00", "00:00"), Some((0, 1440)));
        for (from, to) in
            [("24:00", "01:00"), ("9:00", "10:00"), ("09:60", "10:00"), ("", "10:00"), ("24:01", "10:00")]
        {
            assert_eq!(span(from, to), None, "{from}-{to}");
        }
    }
}
