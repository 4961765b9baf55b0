use icalendar::{Calendar, Component, Event, Property, Todo};
use jiff::civil::Date;
use kernel::Timestamp;

/// When something is (日程时间).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At a moment.
    At(Timestamp),
    /// From a moment until another.
    Between(Timestamp, Timestamp),
    /// A day, or from a day to another, both included.
    Days(Date, Date),
    /// At no time: something to be done.
    Some,
}

/// One thing in a feed (日程).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The same for every reading of the same thing.
    pub uid: String,
    /// What it is.
    pub summary: String,
    /// Its page.
    pub url: String,
    /// When.
    pub when: When,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// Writes a feed as iCalendar (RFC 5545).
pub fn write(name: &str, entries: &[Entry]) -> String {
    let mut calendar = Calendar::new();
    calendar.name(name);
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    // How often programs look again, as far as they ask.
    let mut every = Property::new("REFRESH-INTERVAL", "PT1H");
    every.add_parameter("VALUE", "DURATION");
    calendar.append_property(every);
    for entry in entries {
        match entry.when {
            When::Some => {
                let mut todo = Todo::new();
                common(&mut todo, entry);
                calendar.push(todo);
            }
            when => {
                let mut event = Event::new();
                common(&mut event, entry);
                place(&mut event, when);
                calendar.push(event);
            }
        }
    }
    calendar.to_string()
}

fn common(component: &mut impl Component, entry: &Entry) {
    component
        .uid(&entry.uid)
        .summary(&entry.summary)
        .url(&entry.url)
        .add_property("DTSTAMP", utc(entry.changed_at))
        .add_property("LAST-MODIFIED", utc(entry.changed_at));
}

fn place(event: &mut Event, when: When) {
    match when {
        When::At(at) => drop(event.add_property("DTSTART", utc(at))),
        When::Between(from, to) => {
            event.add_property("DTSTART", utc(from));
            if to > from {
                event.add_property("DTEND", utc(to));
            }
        }
        When::Days(from, to) => {
            // The end of days is the day after them.
            let after = to.max(from).tomorrow().unwrap_or(to);
            for (name, day) in [("DTSTART", from), ("DTEND", after)] {
                let mut property = Property::new(name, day.strftime("%Y%m%d").to_string());
                property.add_parameter("VALUE", "DATE");
                event.append_property(property);
            }
        }
        When::Some => {}
    }
}

fn utc(at: Timestamp) -> String {
    at.instant().strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_what_calendar_programs_read() {
        let at = Timestamp::from_ms(1_795_334_400_000);
        let day = jiff::civil::date(2026, 12, 31);
        let entry = |uid: &str, when| Entry {
            uid: uid.into(),
            summary: "审批, 合同; 续签".into(),
            url: "https://a.example/x".into(),
            when,
            changed_at: at,
        };
        let entries = [entry("a", When::At(at)), entry("b", When::Days(day, day)), entry("c", When::Some)];
        let text = write("工作", &entries);
        for line in [
            "SUMMARY:审批\\, 合同\\; 续签",
            "DTSTART:20261122T080000Z",
            "DTSTART;VALUE=DATE:20261231",
            "DTEND;VALUE=DATE:20270101",
            "BEGIN:VTODO",
            "UID:a",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        assert_eq!(text, write("工作", &entries), "the same things read the same");
    }
}
