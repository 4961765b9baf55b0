use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp as Instant, ToSpan};
use kernel::{Problem, Result, Timestamp};
use lake::query::{Every, Unit};

use super::held::Held;

/// Periods (周期) of a calendar. Looking one up is fast where it was looked up before.
#[derive(Debug)]
pub struct Calendar {
    unit: Unit,
    zone: TimeZone,
    known: Vec<Known>,
    last: usize,
}

/// A period, of the times from `from` to before `to`.
#[derive(Clone, Copy, Debug)]
struct Known {
    from: i64,
    to: i64,
    period: Period,
}

/// Period (周期).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// When it begins, epoch milliseconds.
    pub start: i64,
    /// Its number: the one after it has the next. Hours have none.
    pub number: i64,
}

impl Calendar {
    pub fn new(every: &Every) -> Result<Self> {
        let zone = TimeZone::get(&every.zone).map_err(Problem::internal)?;
        Ok(Self { unit: every.unit, zone, known: Vec::new(), last: 0 })
    }

    /// Returns the period of a time.
    pub fn of(&mut self, at: i64, held: &mut Held) -> Result<Period> {
        if let Some(known) = self.known.get(self.last)
            && known.from <= at
            && at < known.to
        {
            return Ok(known.period);
        }
        let place = self.known.partition_point(|known| known.to <= at);
        self.last = place;
        if let Some(known) = self.known.get(place)
            && known.from <= at
        {
            return Ok(known.period);
        }
        held.group()?;
        let found = self.look_up(at);
        self.known.insert(place, found);
        Ok(found.period)
    }

    /// Returns when a period of days, weeks or months begins.
    pub fn start_of(&self, number: i64) -> i64 {
        let epoch = date(1970, 1, 1);
        let (epoch, span): (Date, Option<Span>) = match self.unit {
            Unit::Hour | Unit::Day => (epoch, Span::new().try_days(number).ok()),
            Unit::Week => (epoch, Span::new().try_days(number * 7 - 3).ok()),
            Unit::Month => (epoch, Span::new().try_months(number).ok()),
        };
        let day = span.and_then(|span| epoch.checked_add(span).ok());
        let end = if number < 0 { i64::MIN } else { i64::MAX };
        day.and_then(|day| day.to_zoned(self.zone.clone()).ok())
            .map_or(end, |zoned| zoned.timestamp().as_millisecond())
    }

    fn look_up(&self, at: i64) -> Known {
        let instant = Timestamp::from_ms(at).instant();
        let day = instant.to_zoned(self.zone.clone()).date();
        let number = match self.unit {
            Unit::Hour => return self.hour(at, instant),
            Unit::Day => days(day),
            // The first day of the epoch was a Thursday.
            Unit::Week => (days(day) + 3).div_euclid(7),
            Unit::Month => (i64::from(day.year()) - 1970) * 12 + i64::from(day.month()) - 1,
        };
        let (start, to) = (self.start_of(number), self.start_of(number + 1));
        // Where a clock is set back over midnight, times of the day before come again: they are looked up each for itself.
        let (from, to) = if start <= at && at < to { (start, to) } else { (at, at + 1) };
        Known { from, to, period: Period { start, number } }
    }

    /// An hour of the clock on the wall; one that comes twice in autumn is two hours.
    fn hour(&self, at: i64, instant: Instant) -> Known {
        let offset_ms = i64::from(self.zone.to_offset(instant).seconds()) * 1_000;
        let start = (at + offset_ms).div_euclid(kernel::HOUR_MS) * kernel::HOUR_MS - offset_ms;
        let after =
            self.zone.following(instant).next().map_or(i64::MAX, |next| next.timestamp().as_millisecond());
        let since =
            instant.checked_add(1.millisecond()).ok().and_then(|next| self.zone.preceding(next).next());
        let since = since.map_or(i64::MIN, |last| last.timestamp().as_millisecond());
        let (from, to) = (start.max(since), start.saturating_add(kernel::HOUR_MS).min(after));
        Known { from, to, period: Period { start, number: 0 } }
    }
}

fn days(day: Date) -> i64 {
    let midnight = day.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp().as_second());
    midnight.unwrap_or_default().div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn start(unit: Unit, zone: &str, at: &str) -> String {
        let mut calendar = Calendar::new(&Every { unit, zone: zone.to_owned() }).expect("a zone");
        let mut held = Held::new(Duration::from_secs(60));
        let at = at.parse::<Timestamp>().expect("a time").ms();
        let first = calendar.of(at, &mut held).expect("room");
        assert_eq!(calendar.of(at, &mut held).expect("room"), first, "as before when looked up again");
        if unit != Unit::Hour {
            assert_eq!(calendar.start_of(first.number), first.start);
        }
        Timestamp::from_ms(first.start).to_string()
    }

    #[test]
    fn periods_begin_where_the_wall_says_so() {
        let shanghai = |unit| start(unit, "Asia/Shanghai", "2026-11-29T17:30:00Z");
        assert_eq!(shanghai(Unit::Hour), "2026-11-29T17:00:00Z");
        // It is Monday the 30th there.
        assert_eq!(shanghai(Unit::Day), "2026-11-29T16:00:00Z");
        assert_eq!(shanghai(Unit::Week), "2026-11-29T16:00:00Z");
        assert_eq!(shanghai(Unit::Month), "2026-10-31T16:00:00Z");
        assert_eq!(start(Unit::Week, "UTC", "2026-11-29T17:30:00Z"), "2026-11-23T00:00:00Z");
        assert_eq!(start(Unit::Week, "UTC", "1969-12-31T23:59:59Z"), "1969-12-29T00:00:00Z");
        assert_eq!(start(Unit::Hour, "Asia/Kolkata", "2026-11-29T17:45:00Z"), "2026-11-29T17:30:00Z");
    }

    #[test]
    fn days_of_summer_time_are_shorter_and_longer() {
        let day = |at| start(Unit::Day, "Europe/Berlin", at);
        assert_eq!(day("2026-03-29T21:59:59Z"), "2026-03-28T23:00:00Z");
        assert_eq!(day("2026-03-29T22:00:00Z"), "2026-03-29T22:00:00Z");
        assert_eq!(day("2026-10-25T22:59:59Z"), "2026-10-24T22:00:00Z");
        // Two hours are called two o'clock there.
        let hour = |at| start(Unit::Hour, "Europe/Berlin", at);
        assert_eq!(hour("2026-10-25T00:10:00Z"), "2026-10-25T00:00:00Z");
        assert_eq!(hour("2026-10-25T01:10:00Z"), "2026-10-25T01:00:00Z");
    }
}
