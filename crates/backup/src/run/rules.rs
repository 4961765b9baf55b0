//! When a backup is due, and which ones are kept.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{HOUR_MS, Id, Timestamp};

use crate::policy::BackupPolicy;

/// Name of a backup's file; sorts by time.
pub fn file_name(taken_at: Timestamp) -> String {
    format!("brandwright-{}.backup", taken_at.instant().strftime("%Y%m%d-%H%M%S-%3fZ"))
}

/// Returns the last time at or before `now` at which the plan wants a backup.
///
/// Times are counted from one night far back, so that a plan of 12 hours holds the nightly one.
pub fn last_slot(policy: &BackupPolicy, zone: &TimeZone, now: Timestamp) -> Timestamp {
    let hour = i8::try_from(policy.at_hour.clamp(0, 23)).unwrap_or(0);
    let every = policy.every_hours.max(1);
    if every % 24 == 0 {
        return last_night(zone, hour, every / 24, now);
    }
    let first = ANCHOR.at(hour, 0, 0, 0).to_zoned(zone.clone()).map_or(0, |z| z.timestamp().as_millisecond());
    let step = every.saturating_mul(HOUR_MS);
    Timestamp::from_ms(first + (now.ms() - first).div_euclid(step) * step)
}

/// A night from which plans count.
const ANCHOR: Date = Date::constant(2024, 1, 1);

/// The same for whole days, which keep their hour where clocks are put forward and back.
fn last_night(zone: &TimeZone, hour: i8, days: i64, now: Timestamp) -> Timestamp {
    let today = now.instant().to_zoned(zone.clone()).date();
    let mut day = today;
    loop {
        let since = ANCHOR.until(day).map_or(0, |span| i64::from(span.get_days()));
        let at = day.at(hour, 0, 0, 0).to_zoned(zone.clone()).map(|z| Timestamp::from(z.timestamp()));
        match at {
            Ok(at) if since.rem_euclid(days) == 0 && at <= now => return at,
            _ => day = day.saturating_sub(1.day()),
        }
    }
}

/// Returns the next time after `now` at which the plan wants a backup.
pub fn next_slot(policy: &BackupPolicy, zone: &TimeZone, now: Timestamp) -> Timestamp {
    let last = last_slot(policy, zone, now);
    // The slot of a moment one step later is the next one; the hour more covers clocks that are put back.
    let later = now.plus_ms(policy.every_hours.max(1) * HOUR_MS);
    match last_slot(policy, zone, later) {
        next if next > last => next,
        _ => last_slot(policy, zone, later.plus_ms(HOUR_MS)),
    }
}

/// Returns those whose time is up: of each of the last days, weeks and months the newest is kept.
///
/// `kept` is `(id, taken_at, verified)`, newest first. The newest verified one always stays.
pub fn outdated(policy: &BackupPolicy, zone: &TimeZone, kept: &[(Id, Timestamp, bool)]) -> Vec<Id> {
    let date = |at: Timestamp| at.instant().to_zoned(zone.clone()).date();
    let mut stay: BTreeSet<Id> = kept.iter().take(1).map(|(id, ..)| *id).collect();
    let sound: Vec<_> = kept.iter().filter(|(.., verified)| *verified).collect();
    stay.extend(sound.iter().take(1).map(|(id, ..)| *id));
    let mut keep_one_of_each = |count: i64, period: &dyn Fn(Date) -> (i16, i16)| {
        let mut seen = BTreeSet::new();
        for (id, at, _) in &sound {
            let count = usize::try_from(count).unwrap_or(0);
            if seen.len() < count && seen.insert(period(date(*at))) {
                stay.insert(*id);
            }
        }
    };
    keep_one_of_each(policy.keep_daily, &|day| (day.year(), day.day_of_year()));
    keep_one_of_each(policy.keep_weekly, &|day| {
        let week = day.iso_week_date();
        (week.year(), i16::from(week.week()))
    });
    keep_one_of_each(policy.keep_monthly, &|day| (day.year(), i16::from(day.month())));
    kept.iter().map(|(id, ..)| *id).filter(|id| !stay.contains(id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> BackupPolicy {
        BackupPolicy {
            at_hour: 2,
            every_hours: 24,
            max_age_hours: 26,
            rpo_hours: 24,
            rto_hours: 4,
            restore_test_days: 31,
            keep_daily: 7,
            keep_weekly: 4,
            keep_monthly: 3,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone")
    }

    #[test]
    fn nights_are_nights_of_the_company() {
        let (policy, zone) = (policy(), zone("Asia/Shanghai"));
        assert_eq!(last_slot(&policy, &zone, at("2026-11-22T08:00:00Z")), at("2026-11-21T18:00:00Z"));
        assert_eq!(last_slot(&policy, &zone, at("2026-11-21T18:00:00Z")), at("2026-11-21T18:00:00Z"));
        assert_eq!(next_slot(&policy, &zone, at("2026-11-21T18:00:00Z")), at("2026-11-22T18:00:00Z"));
    }

    #[test]
    fn a_night_without_its_hour_is_not_left_out() {
        let (policy, zone) = (policy(), zone("Europe/Berlin"));
        // 02:00 does not exist there on 29 March: 03:00 is the same moment.
        assert_eq!(next_slot(&policy, &zone, at("2026-03-28T12:00:00Z")), at("2026-03-29T01:00:00Z"));
        assert_eq!(next_slot(&policy, &zone, at("2026-10-24T12:00:00Z")), at("2026-10-25T00:00:00Z"));
    }

    #[test]
    fn several_times_a_day_the_nightly_one_is_among_them() {
        let policy = BackupPolicy { every_hours: 6, ..policy() };
        let zone = zone("Asia/Shanghai");
        assert_eq!(last_slot(&policy, &zone, at("2026-11-22T08:00:00Z")), at("2026-11-22T06:00:00Z"));
        assert_eq!(last_slot(&policy, &zone, at("2026-11-21T18:10:00Z")), at("2026-11-21T18:00:00Z"));
    }

    #[test]
    fn days_weeks_and_months_each_keep_their_newest() {
        let mut kept: Vec<(Id, Timestamp, bool)> = Vec::new();
        let now = at("2026-11-22T18:00:00Z");
        for back in 0..200 {
            kept.push((Id::new(), now.plus_days(-back), true));
        }
        let gone = outdated(&policy(), &TimeZone::UTC, &kept);
        let stays: Vec<i64> = (0..200).filter(|n| !gone.contains(&kept[*n as usize].0)).collect();
        // Seven days; Sundays of four weeks; the ends of October and September.
        assert_eq!(stays, [0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 22, 53]);
    }

    #[test]
    fn the_newest_sound_one_outlives_everything() {
        let policy = BackupPolicy { keep_daily: 0, keep_weekly: 0, keep_monthly: 0, ..policy() };
        let now = at("2026-11-22T18:00:00Z");
        let kept = [
            (Id::new(), now, false),
            (Id::new(), now.plus_days(-400), true),
            (Id::new(), now.plus_days(-401), true),
        ];
        assert_eq!(outdated(&policy, &TimeZone::UTC, &kept), [kept[2].0]);
    }
}
