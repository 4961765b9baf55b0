use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use kernel::{HOUR_MS, MINUTE_MS, Timestamp};

/// Returns how long to wait after the `attempts`-th try failed: 1, 2, 4 … minutes, at most an hour.
pub(super) fn back_off_ms(attempts: i64) -> i64 {
    let doublings = attempts.saturating_sub(1).clamp(0, 6);
    ((1 << doublings) * MINUTE_MS).min(HOUR_MS)
}

/// How often a schedule (定时任务) comes due. The times depend on nothing but this, so that all nodes agree.
#[derive(Clone, Debug)]
pub enum Every {
    /// Whole multiples of so many milliseconds since the epoch.
    Interval(i64),
    /// A time of day in a zone.
    Calendar(Calendar),
}

/// Days and time of day in a zone.
#[derive(Clone, Debug)]
pub struct Calendar {
    days: Days,
    hour: i8,
    zone: TimeZone,
}

#[derive(Clone, Copy, Debug)]
enum Days {
    All,
    Week(Weekday),
    Month(i8),
}

impl Every {
    /// Every so many seconds.
    pub fn seconds(seconds: u32) -> Self {
        Self::Interval(i64::from(seconds.max(1)) * 1_000)
    }

    /// Every so many minutes.
    pub fn minutes(minutes: u32) -> Self {
        Self::Interval(i64::from(minutes.max(1)) * MINUTE_MS)
    }

    /// Every so many hours.
    pub fn hours(hours: u32) -> Self {
        Self::Interval(i64::from(hours.max(1)) * HOUR_MS)
    }

    /// Every day at a full hour (0 to 23).
    pub fn daily_at(hour: i8, zone: TimeZone) -> Self {
        Self::Calendar(Calendar { days: Days::All, hour: hour.clamp(0, 23), zone })
    }

    /// Every week on one day at a full hour.
    pub fn weekly_at(weekday: Weekday, hour: i8, zone: TimeZone) -> Self {
        Self::Calendar(Calendar { days: Days::Week(weekday), hour: hour.clamp(0, 23), zone })
    }

    /// Every month on one day (its last where the month is shorter) at a full hour.
    pub fn monthly_at(day: i8, hour: i8, zone: TimeZone) -> Self {
        Self::Calendar(Calendar { days: Days::Month(day.clamp(1, 31)), hour: hour.clamp(0, 23), zone })
    }

    /// Returns the first time after `now`.
    pub fn next_after(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Interval(ms) => Timestamp::from_ms((now.ms().div_euclid(*ms) + 1) * ms),
            Self::Calendar(calendar) => calendar.next_after(now),
        }
    }
}

impl Calendar {
    fn next_after(&self, now: Timestamp) -> Timestamp {
        let today = now.instant().to_zoned(self.zone.clone()).date();
        // Two months hold every kind of day at least once after now.
        let mut day = today;
        for _ in 0..=62 {
            if self.falls_on(day)
                && let Ok(time) = day.at(self.hour, 0, 0, 0).to_zoned(self.zone.clone())
                && Timestamp::from(time.timestamp()) > now
            {
                return time.timestamp().into();
            }
            day = day.saturating_add(one_day());
        }
        unreachable!("every calendar has a day within two months")
    }

    fn falls_on(&self, day: Date) -> bool {
        match self.days {
            Days::All => true,
            Days::Week(weekday) => day.weekday() == weekday,
            Days::Month(wanted) => day.day() == wanted.min(day.days_in_month()),
        }
    }
}

fn one_day() -> Span {
    1.day()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone")
    }

    #[test]
    fn tries_wait_longer_each_time_up_to_an_hour() {
        let minutes: Vec<i64> = (1..=9).map(|n| back_off_ms(n) / MINUTE_MS).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(back_off_ms(i64::MAX), HOUR_MS);
    }

    #[test]
    fn intervals_fall_on_whole_multiples() {
        let every = Every::minutes(15);
        assert_eq!(every.next_after(at("2026-11-22T08:07:00Z")), at("2026-11-22T08:15:00Z"));
        assert_eq!(every.next_after(at("2026-11-22T08:15:00Z")), at("2026-11-22T08:30:00Z"));
    }

    #[test]
    fn days_are_days_of_the_zone() {
        let daily = Every::daily_at(3, zone("Asia/Shanghai"));
        assert_eq!(daily.next_after(at("2026-11-22T08:00:00Z")), at("2026-11-22T19:00:00Z"));
        assert_eq!(daily.next_after(at("2026-11-22T19:00:00Z")), at("2026-11-23T19:00:00Z"));
        // 02:00 does not exist on this night in Berlin: the hour after it does.
        let berlin = Every::daily_at(2, zone("Europe/Berlin"));
        assert_eq!(berlin.next_after(at("2026-03-28T12:00:00Z")), at("2026-03-29T01:00:00Z"));
    }

    #[test]
    fn weeks_and_months_find_their_day() {
        let weekly = Every::weekly_at(Weekday::Friday, 9, TimeZone::UTC);
        assert_eq!(weekly.next_after(at("2026-11-27T09:00:00Z")), at("2026-12-04T09:00:00Z"));
        let monthly = Every::monthly_at(31, 0, TimeZone::UTC);
        assert_eq!(monthly.next_after(at("2026-01-31T00:00:00Z")), at("2026-02-28T00:00:00Z"));
    }
}
