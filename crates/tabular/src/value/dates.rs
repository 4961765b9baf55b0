use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use kernel::{Day, Timestamp};

use super::DateOrder;
use crate::target::Reject;

/// A date with or without time and zone, as a cell spelled it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    at: DateTime,
    offset: Option<Offset>,
}

impl Moment {
    /// Returns the calendar day: as written, or the company's where the cell names its zone.
    pub(super) fn day(self, zone: &TimeZone) -> Day {
        match self.offset.map(|offset| offset.to_timestamp(self.at)) {
            Some(Ok(instant)) => Day(zone.to_datetime(instant).date()),
            _ => Day(self.at.date()),
        }
    }

    /// Returns the instant; hours that a change of clocks skips or doubles are read as jiff does.
    pub(super) fn time(self, zone: &TimeZone) -> Result<Timestamp, Reject> {
        let instant = match self.offset {
            Some(offset) => offset.to_timestamp(self.at),
            None => zone.to_timestamp(self.at),
        };
        instant.map(Timestamp::from).map_err(|_| refused())
    }
}

fn refused() -> Reject {
    Reject::new("tabular.value.not_a_date")
}

/// Reads a date: `2010-12-01 08:26:00`, `01/12/2010 8:26`, `2010年12月1日`, `19970101`, RFC 3339.
pub(super) fn moment(cell: &str, order: DateOrder) -> Result<Moment, Reject> {
    read(cell, order).ok_or_else(refused)
}

fn read(cell: &str, order: DateOrder) -> Option<Moment> {
    let (day, rest) = split_day(cell)?;
    let date = match day {
        Parts::Compact(digits) => compact(digits)?,
        Parts::Three(numbers) => {
            let (y, m, d) = arrange(numbers, order)?;
            Date::new(y, m, d).ok()?
        }
    };
    let (time, offset) = clock(rest.trim_start_matches(['T', 't', ' ', '日', ',']).trim())?;
    Some(Moment { at: DateTime::from_parts(date, time), offset })
}

enum Parts<'c> {
    /// `YYYYMMDD`.
    Compact(&'c str),
    /// Numbers with the count of their digits.
    Three([(u32, usize); 3]),
}

/// Cuts the day off a cell.
fn split_day(cell: &str) -> Option<(Parts<'_>, &str)> {
    let digits = cell.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 8 {
        let rest = cell[8..].strip_prefix(".0").unwrap_or(&cell[8..]);
        return Some((Parts::Compact(&cell[..8]), rest));
    }
    let mut numbers = [(0, 0); 3];
    let mut rest = cell;
    let mut separator = None;
    for (place, number) in numbers.iter_mut().enumerate() {
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=4).contains(&count) {
            return None;
        }
        *number = (rest[..count].parse().ok()?, count);
        rest = &rest[count..];
        if place < 2 {
            let sign = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '年' | '月'))?;
            // 2010-12/01 is no date; 2010年12月1日 changes its sign.
            if separator.is_some_and(|s| s != sign && !(s == '年' && sign == '月')) {
                return None;
            }
            separator = Some(sign);
            rest = &rest[sign.len_utf8()..];
        }
    }
    Some((Parts::Three(numbers), rest))
}

fn compact(digits: &str) -> Option<Date> {
    let (y, m, d) = (digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?);
    // Eight digits that begin otherwise are a number, not a day.
    if !(1800..=2199).contains(&y) {
        return None;
    }
    Date::new(y, m, d).ok()
}

fn arrange(numbers: [(u32, usize); 3], order: DateOrder) -> Option<(i16, i8, i8)> {
    let [(a, digits), (b, _), (c, last)] = numbers;
    let small = |n: u32| i8::try_from(n).ok();
    if digits == 4 {
        return Some((i16::try_from(a).ok()?, small(b)?, small(c)?));
    }
    let year = match last {
        4 => i16::try_from(c).ok()?,
        // As people mean it: 69 is 1969, 26 is 2026.
        2 => i16::try_from(if c < 69 { 2000 + c } else { 1900 + c }).ok()?,
        _ => return None,
    };
    match order {
        DateOrder::DayFirst => Some((year, small(b)?, small(a)?)),
        DateOrder::MonthFirst => Some((year, small(a)?, small(b)?)),
    }
}

/// Reads a time with an optional zone; nothing is midnight.
fn clock(text: &str) -> Option<(Time, Option<Offset>)> {
    if text.is_empty() {
        return Some((Time::midnight(), None));
    }
    let (text, offset) = zone(text)?;
    let lower = text.trim().to_ascii_lowercase();
    let (digits, half) = match lower
        .strip_suffix("am")
        .map(|t| (t, Some(0)))
        .or(lower.strip_suffix("pm").map(|t| (t, Some(12))))
    {
        Some((digits, half)) => (digits.trim(), half),
        None => (lower.as_str(), None),
    };
    let mut parts = digits.split(':');
    let mut hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let (second, nanos) = match parts.next() {
        None => (0, 0),
        Some(text) => {
            let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
            (whole.parse::<i8>().ok()?, nanoseconds(fraction)?)
        }
    };
    if parts.next().is_some() {
        return None;
    }
    if let Some(half) = half {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + half;
    }
    Some((Time::new(hour, minute, second, nanos).ok()?, offset))
}

fn nanoseconds(fraction: &str) -> Option<i32> {
    if fraction.is_empty() {
        return Some(0);
    }
    if fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{fraction:0<9}").parse().ok()
}

/// Cuts `Z` or `+08:00` off a time.
fn zone(text: &str) -> Option<(&str, Option<Offset>)> {
    if let Some(rest) = text.strip_suffix(['Z', 'z']) {
        return Some((rest, Some(Offset::UTC)));
    }
    let Some(place) = text.rfind(['+', '-']) else { return Some((text, None)) };
    let (rest, shift) = text.split_at(place);
    let digits: String = shift[1..].chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 2 | 4) {
        return None;
    }
    let hours: i32 = digits[..2].parse().ok()?;
    let minutes: i32 = if digits.len() == 4 { digits[2..].parse().ok()? } else { 0 };
    let seconds = hours * 3600 + minutes * 60;
    let offset = Offset::from_seconds(if shift.starts_with('-') { -seconds } else { seconds }).ok()?;
    Some((rest, Some(offset)))
}

/// Decides by a column's values whether day or month stands first; `None` where no value tells,
/// and true where the answer matters, because some value can be read either way.
pub(crate) fn order<'c>(cells: impl Iterator<Item = &'c str>) -> (Option<DateOrder>, bool) {
    let (mut day_first, mut month_first, mut either) = (0_u32, 0_u32, false);
    for cell in cells {
        let Some((Parts::Three([(a, digits), (b, _), _]), _)) = split_day(cell.trim()) else { continue };
        if digits == 4 {
            continue;
        }
        match (a > 12, b > 12) {
            (true, false) => day_first += 1,
            (false, true) => month_first += 1,
            _ => either |= a != b,
        }
    }
    let order = match day_first.cmp(&month_first) {
        std::cmp::Ordering::Greater => Some(DateOrder::DayFirst),
        std::cmp::Ordering::Less => Some(DateOrder::MonthFirst),
        std::cmp::Ordering::Equal => None,
    };
    (order, either)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(cell: &str, order: DateOrder) -> Option<String> {
        moment(cell, order).and_then(|m| m.time(&TimeZone::UTC)).ok().map(|t| t.to_string())
    }

    #[test]
    fn dates_are_read_in_the_usual_spellings() {
        let day_first = |cell| utc(cell, DateOrder::DayFirst);
        assert_eq!(day_first("2010-12-01 08:26:00").as_deref(), Some("2010-12-01T08:26:00Z"));
        assert_eq!(day_first("2010-12-01T08:26:00+08:00").as_deref(), Some("2010-12-01T00:26:00Z"));
        assert_eq!(day_first("21-07-2015").as_deref(), Some("2015-07-21T00:00:00Z"));
        assert_eq!(day_first("19970101").as_deref(), Some("1997-01-01T00:00:00Z"));
        assert_eq!(day_first("19560409.0").as_deref(), Some("1956-04-09T00:00:00Z"));
        assert_eq!(day_first("2026年11月2日").as_deref(), Some("2026-11-02T00:00:00Z"));
        assert_eq!(day_first("26-02-2018 19:58").as_deref(), Some("2018-02-26T19:58:00Z"));
        assert_eq!(utc("12/1/10 8:26 PM", DateOrder::MonthFirst).as_deref(), Some("2010-12-01T20:26:00Z"));
        for refused in
            ["", "yesterday", "31-02-2015", "2010-12/01", "25:00", "12345678", "1.5", "2010-12-01 25:00"]
        {
            assert_eq!(day_first(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn the_order_is_decided_over_the_column() {
        assert_eq!(order(["01-02-2015", "21-07-2015"].into_iter()), (Some(DateOrder::DayFirst), true));
        assert_eq!(order(["01/02/2015", "07/21/2015"].into_iter()), (Some(DateOrder::MonthFirst), true));
        assert_eq!(order(["01/02/2015"].into_iter()), (None, true));
        assert_eq!(order(["01/01/2015", "2015-02-03"].into_iter()), (None, false));
    }
}
