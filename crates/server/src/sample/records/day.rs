use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan, Zoned};
use kernel::Timestamp;

/// When acts happen that name no time of day.
const MORNING: (i8, i8) = (10, 0);

/// A day of the sample's story (样例日期), as its files write it: an anchor, steps from it, a time of day.
///
/// `-40d`, `year+30d`, `quarter-3m 14:30`, `month`, `monday-1w 09:30`, `-6h`; the anchor is the base day when it is not named.
pub(super) fn moment(text: &str, base: &Zoned) -> Option<Zoned> {
    let (day, clock) = match text.trim().split_once(' ') {
        Some((day, clock)) => (day, Some(time_of_day(clock.trim())?)),
        None => (text.trim(), None),
    };
    let (anchor, steps) = day.split_at(day.find(['+', '-']).unwrap_or(day.len()));
    let start = anchored(anchor, base)?;
    let mut hours = 0;
    let mut date = start;
    for (count, unit) in terms(steps)? {
        match unit {
            "h" => hours += count,
            unit => date = date.checked_add(span(count, unit)?).ok()?,
        }
    }
    let zone = base.time_zone().clone();
    if hours != 0 && clock.is_none() {
        let from =
            if anchor.is_empty() { base.time() } else { jiff::civil::time(MORNING.0, MORNING.1, 0, 0) };
        return date.to_datetime(from).to_zoned(zone).ok()?.checked_add(hours.hours()).ok();
    }
    let (hour, minute) = clock.unwrap_or(MORNING);
    let at = date.at(hour, minute, 0, 0).to_zoned(zone).ok()?;
    at.checked_add(hours.hours()).ok()
}

fn time_of_day(text: &str) -> Option<(i8, i8)> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

fn anchored(anchor: &str, base: &Zoned) -> Option<Date> {
    let day = base.date();
    Some(match anchor {
        "" | "today" => day,
        "year" => day.first_of_year(),
        "month" => day.first_of_month(),
        "quarter" => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).ok()?,
        "monday" => day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()?,
        _ => return None,
    })
}

fn terms(steps: &str) -> Option<Vec<(i64, &str)>> {
    let mut found = Vec::new();
    let mut rest = steps;
    while !rest.is_empty() {
        let sign = if rest.starts_with('-') { -1 } else { 1 };
        let digits = rest.get(1..)?;
        let end = digits.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = digits.get(..end)?.parse().ok()?;
        let unit = digits.get(end..)?;
        let next = unit.find(['+', '-']).unwrap_or(unit.len());
        found.push((sign * count, unit.get(..next)?));
        rest = unit.get(next..)?;
    }
    Some(found)
}

fn span(count: i64, unit: &str) -> Option<Span> {
    Some(match unit {
        "d" => count.days(),
        "w" => count.weeks(),
        "m" => count.months(),
        "q" => (3 * count).months(),
        "y" => count.years(),
        _ => return None,
    })
}

/// Puts the names of stretches of the calendar into a text: `{year}`, `{quarter-1}`, `{month+1}`, `{week}`, `{day}`.
pub(super) fn fill(text: &str, base: &Zoned) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}').and_then(|(word, after)| Some((named(word, base)?, after))) {
            Some((name, after)) => {
                filled.push_str(&name);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled + rest
}

fn named(word: &str, base: &Zoned) -> Option<String> {
    let (name, steps) = word.split_at(word.find(['+', '-']).unwrap_or(word.len()));
    let count: i64 = if steps.is_empty() { 0 } else { steps.parse().ok()? };
    let by = |unit: &str| base.date().checked_add(span(count, unit)?).ok();
    Some(match name {
        "year" => by("y")?.year().to_string(),
        "month" => by("m")?.strftime("%Y-%m").to_string(),
        "quarter" => {
            let day = by("q")?;
            format!("{}-Q{}", day.year(), (day.month() - 1) / 3 + 1)
        }
        "week" => {
            let week = by("w")?.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
        "day" => {
            let day = by("d")?;
            format!("{}月{}日", day.month(), day.day())
        }
        _ => return None,
    })
}

/// Returns a moment as rows keep it.
pub(super) fn stamp(at: &Zoned) -> Timestamp {
    at.timestamp().into()
}

/// Returns the base of a story that is told on this day.
pub(super) fn today(now: Timestamp, zone: &TimeZone) -> Zoned {
    now.instant().to_zoned(zone.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Zoned {
        "2026-11-26T15:00:00+08:00[Asia/Shanghai]".parse().expect("a moment")
    }

    #[test]
    fn days_are_counted_from_their_anchor() {
        for (text, expected) in [
            ("-40d", "2026-10-17T10:00:00"),
            ("year+30d", "2026-01-31T10:00:00"),
            ("quarter-3m 14:30", "2026-07-01T14:30:00"),
            ("monday-1w 09:30", "2026-11-16T09:30:00"),
            ("month-1m+9d", "2026-10-10T10:00:00"),
            ("-6h", "2026-11-26T09:00:00"),
            ("today", "2026-11-26T10:00:00"),
        ] {
            assert_eq!(moment(text, &base()).expect(text).datetime().to_string(), expected, "{text}");
        }
        for text in ["soon", "-40", "+x", "-1d 25:00", "--1d"] {
            assert!(moment(text, &base()).is_none(), "{text}");
        }
    }

    #[test]
    fn texts_name_stretches_of_the_calendar() {
        let text = "{year}年{month-1}与{quarter+1}，{week}，{day}，{name}";
        assert_eq!(fill(text, &base()), "2026年2026-10与2027-Q1，2026-W48，11月26日，{name}");
    }
}
