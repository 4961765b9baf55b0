use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use kernel::{Problem, Result, Timestamp};

use super::{CadenceSpec, Weekday, WhenSpec};
use crate::expr::Condition;
use crate::record_type::{FieldKind, RecordType};

/// How far back an occurrence is still opened: what the product slept through for longer is history.
pub const REACH_DAYS: i64 = 35;

/// A cadence that was proven.
#[derive(Clone, Debug)]
pub struct Cadence {
    pub spec: CadenceSpec,
    pub filter: Option<Condition>,
}

/// What is wrong with a cadence: the keys that lead to it, the code, its arguments.
#[derive(Debug)]
pub struct Flaw {
    pub path: Vec<&'static str>,
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

fn flaw(path: &[&'static str], code: &'static str, args: &[(&'static str, &str)]) -> Flaw {
    let args = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Flaw { path: path.to_vec(), code, args }
}

/// Proves a cadence: its types, fields and times are there.
pub fn prove(spec: &CadenceSpec, types: &BTreeMap<String, Arc<RecordType>>) -> Result<Cadence, Vec<Flaw>> {
    let mut flaws = Vec::new();
    match types.get(&spec.opens.record) {
        None => {
            let args = [("type", spec.opens.record.as_str())];
            flaws.push(flaw(&["opens", "record"], "rulebook.pack.unknown_record_type", &args));
        }
        Some(opened) => {
            let own = ["owner_id", "department_id", "brand_id"];
            for key in spec
                .opens
                .values
                .keys()
                .filter(|key| opened.field(key).is_none() && !own.contains(&key.as_str()))
            {
                flaws.push(flaw(&["opens", "values"], "rulebook.pack.unknown_field", &[("field", key)]));
            }
            let is_table = |key: &str| opened.field(key).is_some_and(|f| f.kind == FieldKind::Table);
            for key in spec.opens.fills.keys().filter(|key| !is_table(key)) {
                flaws.push(flaw(&["opens", "fills"], "rulebook.pack.unknown_field", &[("field", key)]));
            }
        }
    }
    flaws.extend(when_at_fault(spec, types));
    let filter = match &spec.for_each {
        None => None,
        Some(each) => match types.get(&each.record) {
            None => {
                let args = [("type", each.record.as_str())];
                flaws.push(flaw(&["for_each", "record"], "rulebook.pack.unknown_record_type", &args));
                None
            }
            Some(found) => match each
                .filter
                .as_ref()
                .map(|text| Condition::parse(text, &found.names))
                .transpose()
            {
                Ok(filter) => filter,
                Err(fault) => {
                    flaws.push(Flaw { path: vec!["for_each", "filter"], code: fault.code, args: fault.args });
                    None
                }
            },
        },
    };
    if flaws.is_empty() { Ok(Cadence { spec: spec.clone(), filter }) } else { Err(flaws) }
}

fn when_at_fault(spec: &CadenceSpec, types: &BTreeMap<String, Arc<RecordType>>) -> Option<Flaw> {
    let bad = |what: &str| Some(flaw(&["when"], "rulebook.pack.bad_cadence", &[("what", what)]));
    match &spec.when {
        WhenSpec::Weekly { time, every, .. } if time.parse::<Time>().is_err() || *every == 0 => bad(time),
        WhenSpec::Weekly { .. } => None,
        WhenSpec::Monthly { day, weekday, week, time, months } => {
            let by_day =
                day.is_some_and(|day| (1..=31).contains(&day)) && weekday.is_none() && week.is_none();
            let by_week =
                day.is_none() && weekday.is_some() && week.is_some_and(|week| (1..=5).contains(&week));
            let sound = (by_day || by_week) && months.iter().all(|month| (1..=12).contains(month));
            if sound && time.parse::<Time>().is_ok() { None } else { bad(time) }
        }
        WhenSpec::After { field, .. } | WhenSpec::Before { field, .. } => {
            let of = spec.for_each.as_ref().and_then(|each| types.get(&each.record));
            let is_time = |found: &&Arc<RecordType>| {
                found.field(field).is_some_and(|f| matches!(f.kind, FieldKind::Date | FieldKind::Time))
                    || matches!(field.as_str(), "created_at" | "closed_at" | "updated_at")
            };
            if of.filter(is_time).is_some() { None } else { bad(field) }
        }
    }
}

/// One time at which a cadence opens (一次触发).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// When.
    pub at: Timestamp,
    /// Its day, in the company's zone.
    pub day: Date,
}

impl Weekday {
    fn of(self) -> jiff::civil::Weekday {
        use jiff::civil::Weekday as W;
        match self {
            Self::Monday => W::Monday,
            Self::Tuesday => W::Tuesday,
            Self::Wednesday => W::Wednesday,
            Self::Thursday => W::Thursday,
            Self::Friday => W::Friday,
            Self::Saturday => W::Saturday,
            Self::Sunday => W::Sunday,
        }
    }
}

/// Returns the occurrences of a calendar rule after `from`, up to `to`.
pub fn occurrences(when: &WhenSpec, zone: &TimeZone, from: Timestamp, to: Timestamp) -> Vec<Occurrence> {
    let day_of = |at: Timestamp| at.instant().to_zoned(zone.clone()).date();
    let (mut day, last) = (day_of(from), day_of(to));
    let mut found = Vec::new();
    while day <= last {
        if let Some(time) = falls_on(when, day)
            && let Ok(at) = day.to_datetime(time).to_zoned(zone.clone())
        {
            let at = Timestamp::from(at.timestamp());
            if at > from && at <= to {
                found.push(Occurrence { at, day });
            }
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    found
}

/// Moves an occurrence to the last day before it on which somebody works, no farther than so many days.
pub fn to_working_day(
    occurrence: &mut Occurrence,
    zone: &TimeZone,
    farthest: i64,
    works: &impl Fn(Date) -> Result<bool>,
) -> Result<()> {
    let time = occurrence.at.instant().to_zoned(zone.clone()).time();
    let mut day = occurrence.day;
    for _ in 0..farthest {
        if works(day)? {
            let at = day.to_datetime(time).to_zoned(zone.clone()).map_err(Problem::internal)?;
            *occurrence = Occurrence { at: at.timestamp().into(), day };
            return Ok(());
        }
        day = day.yesterday().map_err(Problem::internal)?;
    }
    Ok(())
}

/// Returns the time of day where a rule falls on this day.
fn falls_on(when: &WhenSpec, day: Date) -> Option<Time> {
    match when {
        WhenSpec::Weekly { weekday, time, every } => {
            // Weeks are counted from the first Monday of 1970, so that "every other week" is the same for everybody.
            let week = (day.since(Date::constant(1970, 1, 5)).ok()?.get_days()).div_euclid(7);
            let fits = day.weekday() == weekday.of() && week.rem_euclid(i32::from(*every)) == 0;
            fits.then(|| time.parse().ok()).flatten()
        }
        WhenSpec::Monthly { day: wanted, weekday, week, time, months } => {
            let month = u8::try_from(day.month()).ok()?;
            if !months.is_empty() && !months.contains(&month) {
                return None;
            }
            let fits = match (wanted, weekday, week) {
                (Some(wanted), _, _) => {
                    let last = day.last_of_month().day();
                    i16::from(day.day()) == i16::from(*wanted).min(i16::from(last))
                }
                (None, Some(weekday), Some(week)) => {
                    // The second week is the one of the second Monday: weeks begin on Mondays here.
                    day.weekday() == weekday.of() && week_of_month(day) == i16::from(*week)
                }
                _ => false,
            };
            fits.then(|| time.parse().ok()).flatten()
        }
        WhenSpec::After { .. } | WhenSpec::Before { .. } => None,
    }
}

/// Returns which week of its month a day lies in: the week of the month's first Monday is the first.
fn week_of_month(day: Date) -> i16 {
    let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
    if monday.month() == day.month() { (i16::from(monday.day()) - 1) / 7 + 1 } else { 0 }
}

/// Returns the occurrences that follow from a time which a record holds.
pub fn from_event(
    when: &WhenSpec,
    zone: &TimeZone,
    event: Timestamp,
    from: Timestamp,
    to: Timestamp,
) -> Vec<Occurrence> {
    let spans: Vec<Span> = match when {
        WhenSpec::After { days, months, .. } => {
            let days = days.iter().map(|days| i64::from(*days).days());
            days.chain(months.iter().map(|months| i64::from(*months).months())).collect()
        }
        WhenSpec::Before { days, .. } => days.iter().map(|days| (-i64::from(*days)).days()).collect(),
        _ => Vec::new(),
    };
    let event = event.instant().to_zoned(zone.clone());
    let at = |span: Span| event.checked_add(span).ok();
    let found =
        spans.into_iter().filter_map(at).map(|at| Occurrence { day: at.date(), at: at.timestamp().into() });
    found.filter(|occurrence| occurrence.at > from && occurrence.at <= to).collect()
}

/// Returns the period in which a day lies: the ISO week for weekly rules, the month for the others.
pub fn period(when: &WhenSpec, day: Date) -> String {
    match when {
        WhenSpec::Weekly { .. } => {
            let week = day.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
        _ => format!("{}-{:02}", day.year(), day.month()),
    }
}

/// Returns the period before the one in which a day lies.
pub fn previous_period(when: &WhenSpec, day: Date) -> String {
    let before = match when {
        WhenSpec::Weekly { .. } => day.saturating_sub(7.days()),
        _ => day.first_of_month().saturating_sub(1.days()),
    };
    period(when, before)
}

/// Returns the beginning and the end of the period before the one in which a day lies.
pub fn span_before(when: &WhenSpec, day: Date) -> (Date, Date) {
    match when {
        WhenSpec::Weekly { .. } => {
            let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
            (monday.saturating_sub(7.days()), monday)
        }
        _ => {
            let first = day.first_of_month();
            (first.saturating_sub(1.days()).first_of_month(), first)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Shanghai").expect("a zone")
    }

    fn days(when: &WhenSpec, from: &str, to: &str) -> Vec<String> {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        occurrences(when, &zone(), at(from), at(to)).iter().map(|o| o.day.to_string()).collect()
    }

    fn monthly(day: Option<u8>, weekday: Option<Weekday>, week: Option<u8>) -> WhenSpec {
        WhenSpec::Monthly { day, weekday, week, time: "09:00".into(), months: Vec::new() }
    }

    #[test]
    fn a_free_day_gives_way_to_the_working_day_before_it() {
        let when = WhenSpec::Monthly {
            months: Vec::new(),
            time: "09:00".into(),
            day: Some(31),
            weekday: None,
            week: None,
        };
        let at = |text: &str| -> Timestamp { text.parse().expect("a time") };
        let zone = TimeZone::UTC;
        let mut found = occurrences(&when, &zone, at("2026-01-01T00:00:00Z"), at("2026-03-01T00:00:00Z"));
        // Saturdays and Sundays are free: the last days of January and February 2026 are Saturdays.
        let works = |day: Date| {
            Ok(!matches!(day.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday))
        };
        for occurrence in &mut found {
            to_working_day(occurrence, &zone, 15, &works).expect("moves");
        }
        let days: Vec<String> = found.iter().map(|one| one.at.to_string()).collect();
        assert_eq!(days, ["2026-01-30T09:00:00Z", "2026-02-27T09:00:00Z"]);
    }

    #[test]
    fn every_friday_at_half_past_nine() {
        let when = WhenSpec::Weekly { weekday: Weekday::Friday, time: "09:30".into(), every: 1 };
        let found = days(&when, "2026-11-01T00:00:00Z", "2026-11-28T00:00:00Z");
        assert_eq!(found, ["2026-11-06", "2026-11-13", "2026-11-20", "2026-11-27"]);
        // Not yet at 09:29 in Shanghai, once from 09:30 on.
        assert!(days(&when, "2026-11-27T01:00:00Z", "2026-11-27T01:29:59Z").is_empty());
        assert_eq!(days(&when, "2026-11-27T01:00:00Z", "2026-11-27T01:30:00Z"), ["2026-11-27"]);
        assert!(days(&when, "2026-11-27T01:30:00Z", "2026-11-27T02:00:00Z").is_empty());
        let fortnight = WhenSpec::Weekly { weekday: Weekday::Friday, time: "09:30".into(), every: 2 };
        assert_eq!(days(&fortnight, "2026-11-01T00:00:00Z", "2026-11-28T00:00:00Z").len(), 2);
    }

    #[test]
    fn month_ends_and_second_weeks() {
        let last = monthly(Some(31), None, None);
        let found = days(&last, "2026-01-31T12:00:00Z", "2026-05-01T00:00:00Z");
        assert_eq!(found, ["2026-02-28", "2026-03-31", "2026-04-30"]);
        let second = monthly(None, Some(Weekday::Tuesday), Some(2));
        let found = days(&second, "2026-10-31T00:00:00Z", "2026-12-31T00:00:00Z");
        assert_eq!(found, ["2026-11-10", "2026-12-15"]);
        let january = WhenSpec::Monthly {
            day: Some(5),
            weekday: None,
            week: None,
            time: "09:00".into(),
            months: vec![1],
        };
        assert_eq!(
            days(&january, "2026-01-31T00:00:00Z", "2028-01-31T00:00:00Z"),
            ["2027-01-05", "2028-01-05"]
        );
    }

    #[test]
    fn months_after_an_event_end_with_shorter_months() {
        let when = WhenSpec::After { field: "at".into(), days: vec![7], months: vec![3, 6, 12] };
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let event = at("2026-11-30T02:00:00Z");
        let found = from_event(&when, &zone(), event, event, at("2028-01-01T00:00:00Z"));
        let days: Vec<String> = found.iter().map(|o| o.day.to_string()).collect();
        assert_eq!(days, ["2026-12-07", "2027-02-28", "2027-05-30", "2027-11-30"]);
    }

    #[test]
    fn periods_are_named() {
        let weekly = WhenSpec::Weekly { weekday: Weekday::Friday, time: "09:30".into(), every: 1 };
        let day: Date = "2027-01-01".parse().expect("a day");
        assert_eq!(
            (period(&weekly, day), previous_period(&weekly, day)),
            ("2026-W53".into(), "2026-W52".into())
        );
        let monthly = monthly(Some(3), None, None);
        assert_eq!(
            (period(&monthly, day), previous_period(&monthly, day)),
            ("2027-01".into(), "2026-12".into())
        );
    }
}
