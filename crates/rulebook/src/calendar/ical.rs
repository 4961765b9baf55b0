use std::collections::BTreeSet;

use icalendar::parser::{Component, Property, read_components, unfold};
use jiff::civil::Date;
use kernel::{Day, Problem, Result};

use super::rules::NAME_MAX;
use super::{DayRule, ExceptionSpec, ImportedEvent};

/// Largest file: a list of days off is a few kilobytes.
const TEXT_MAX: usize = 1_000_000;
/// Most days of one event: whoever closes for longer writes it into the weekly hours.
const DAYS_MAX: usize = 60;

/// Reads days off from an iCalendar file: every event of it is either taken or rejected with a reason.
pub fn read(text: &str, known: &[ExceptionSpec]) -> Result<(Vec<ExceptionSpec>, Vec<ImportedEvent>)> {
    if text.len() > TEXT_MAX {
        return Err(Problem::too_large("rulebook.calendar.ical_too_large").with("max", TEXT_MAX));
    }
    // The parser stops at what it cannot read: fewer events than begin in the text means that some are lost.
    let unfolded = unfold(text);
    let roots = read_components(&unfolded).map_err(|_| unreadable())?;
    let mut events = Vec::new();
    for root in &roots {
        collect(root, &mut events);
    }
    let begun = unfolded.lines().filter(|line| line.trim().eq_ignore_ascii_case("BEGIN:VEVENT")).count();
    if roots.iter().all(|root| root.name != "VCALENDAR") || begun != events.len() || begun == 0 {
        return Err(unreadable());
    }
    let mut taken: BTreeSet<Date> = known.iter().map(|exception| exception.date.0).collect();
    let mut exceptions = Vec::new();
    let mut outcomes = Vec::with_capacity(events.len());
    for (event, place) in events.into_iter().zip(1_i64..) {
        let name = name(event);
        let days = days(event).and_then(|days| {
            let fresh: Vec<Date> = days.into_iter().filter(|day| taken.insert(*day)).collect();
            if fresh.is_empty() { Err("rulebook.calendar.ical_known") } else { Ok(fresh) }
        });
        let (days, rejected) = match days {
            Ok(days) => (days, None),
            Err(code) => (vec![], Some(code.to_owned())),
        };
        exceptions.extend(days.iter().map(|day| ExceptionSpec {
            date: Day(*day),
            rule: DayRule::Closed,
            name: name.clone(),
        }));
        let days = days.into_iter().map(Day).collect();
        outcomes.push(ImportedEvent { place, name, days, rejected, why: None });
    }
    Ok((exceptions, outcomes))
}

fn unreadable() -> Problem {
    Problem::unprocessable("rulebook.calendar.ical_unreadable")
}

fn collect<'c, 'a>(component: &'c Component<'a>, events: &mut Vec<&'c Component<'a>>) {
    if component.name == "VEVENT" {
        events.push(component);
    }
    for inner in &component.components {
        collect(inner, events);
    }
}

fn property<'c, 'a>(event: &'c Component<'a>, name: &str) -> Option<&'c Property<'a>> {
    event.properties.iter().find(|property| property.name.as_str().eq_ignore_ascii_case(name))
}

fn name(event: &Component<'_>) -> String {
    let summary = property(event, "SUMMARY").map(|property| property.val.clone().unescape_text().to_string());
    summary.unwrap_or_default().trim().chars().take(NAME_MAX).collect()
}

/// Returns the days of an event, or the code of why it is no day off.
fn days(event: &Component<'_>) -> Result<Vec<Date>, &'static str> {
    let says = |name: &str, value: &str| {
        property(event, name).is_some_and(|p| p.val.as_str().trim().eq_ignore_ascii_case(value))
    };
    if says("STATUS", "CANCELLED") {
        return Err("rulebook.calendar.ical_cancelled");
    }
    if ["RRULE", "RDATE", "RECURRENCE-ID"].iter().any(|name| property(event, name).is_some()) {
        return Err("rulebook.calendar.ical_recurring");
    }
    let start = property(event, "DTSTART").ok_or("rulebook.calendar.ical_no_start")?;
    let first = date(start)?;
    let after = match (property(event, "DTEND"), property(event, "DURATION")) {
        (Some(end), _) => date(end)?,
        (None, Some(duration)) => {
            first.checked_add(days_of(duration)?).map_err(|_| "rulebook.calendar.ical_bad_date")?
        }
        (None, None) => first.tomorrow().map_err(|_| "rulebook.calendar.ical_bad_date")?,
    };
    // Some programs write the day itself as its end.
    let after =
        if after == first { first.tomorrow().map_err(|_| "rulebook.calendar.ical_bad_date")? } else { after };
    if after < first {
        return Err("rulebook.calendar.ical_bad_date");
    }
    let days: Vec<Date> =
        first.series(jiff::Span::new().days(1)).take_while(|day| *day < after).take(DAYS_MAX + 1).collect();
    if days.len() > DAYS_MAX { Err("rulebook.calendar.ical_too_long") } else { Ok(days) }
}

/// Reads a whole day; a time within a day is a meeting, not a day off.
fn date(property: &Property<'_>) -> Result<Date, &'static str> {
    let text = property.val.as_str().trim();
    if text.contains('T') {
        return Err("rulebook.calendar.ical_not_all_day");
    }
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let date = digits.then(|| Date::strptime("%Y%m%d", text).ok()).flatten();
    date.filter(|date| (1970..=2199).contains(&date.year())).ok_or("rulebook.calendar.ical_bad_date")
}

/// Reads a length in whole days or weeks, such as `P3D`.
fn days_of(property: &Property<'_>) -> Result<jiff::Span, &'static str> {
    let text = property.val.as_str().trim().trim_start_matches('+');
    let number = |suffix: char| text.strip_prefix('P')?.strip_suffix(suffix)?.parse::<u16>().ok();
    let days = number('D').map(i64::from).or_else(|| number('W').map(|weeks| i64::from(weeks) * 7));
    let days = days.filter(|days| *days > 0).ok_or("rulebook.calendar.ical_not_all_day")?;
    Ok(jiff::Span::new().days(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\n\
        BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260501\r\nDTEND;VALUE=DATE:20260504\r\nSUMMARY:Labour\\, d\r\n ay\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20260601T090000Z\r\nDTEND:20260601T100000Z\r\nSUMMARY:Meeting\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:3\r\nDTSTART;VALUE=DATE:20260503\r\nSUMMARY:Again\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:4\r\nDTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Every year\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:5\r\nSUMMARY:Nothing\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:6\r\nDTSTART;VALUE=DATE:20260231\r\nSUMMARY:No such day\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:7\r\nDTSTART;VALUE=DATE:20260701\r\nDURATION:P1W\r\nSUMMARY:Stocktaking\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:8\r\nDTSTART;VALUE=DATE:20260801\r\nSTATUS:CANCELLED\r\nSUMMARY:Off\r\nEND:VEVENT\r\n\
        END:VCALENDAR\r\n";

    #[test]
    fn every_event_is_taken_or_rejected_with_a_reason() {
        let (exceptions, events) = read(FILE, &[]).expect("a calendar");
        let outcome = |event: &ImportedEvent| (event.days.len(), event.rejected.clone().unwrap_or_default());
        let outcomes: Vec<(usize, String)> = events.iter().map(outcome).collect();
        let rejected = |what: &str| (0, format!("rulebook.calendar.ical_{what}"));
        assert_eq!(
            outcomes,
            [
                (3, String::new()),
                rejected("not_all_day"),
                rejected("known"),
                rejected("recurring"),
                rejected("no_start"),
                rejected("bad_date"),
                (7, String::new()),
                rejected("cancelled"),
            ]
        );
        assert_eq!(exceptions.len(), 10);
        assert_eq!(
            (exceptions[0].name.as_str(), exceptions[0].date.to_string().as_str()),
            ("Labour, day", "2026-05-01")
        );
    }

    #[test]
    fn what_is_no_calendar_is_refused_as_a_whole() {
        for text in ["", "date,name\n2026-01-01,x", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", &FILE[..400]] {
            assert_eq!(read(text, &[]).expect_err(text).code, "rulebook.calendar.ical_unreadable");
        }
    }
}
