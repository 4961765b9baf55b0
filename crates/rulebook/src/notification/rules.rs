//! When something may leave, and under which name. Knows no clock: times are given.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use kernel::{MINUTE_MS, Problem, Result, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{Digest, NewNotificationChoices, NoticeKind, NotificationChoice, QuietHours};
use crate::parameter::TimeRange;

/// Hour of the digest until somebody chooses another.
pub const DIGEST_HOUR: i64 = 8;
/// Tries of a mail or a webhook before it fails for good.
pub const ATTEMPTS_MAX: i64 = 6;
/// How long a worker may take between its claim and its answer; afterwards nobody knows what became of it.
pub const CLAIM_MS: i64 = 10 * MINUTE_MS;

impl NoticeKind {
    /// Returns true for what cannot wait.
    pub fn is_urgent(self) -> bool {
        self == Self::Alert
    }
}

/// Returns how somebody is told of a kind until they choose otherwise: at once in the UI, once a day by mail.
pub fn default_choice(kind: NoticeKind) -> NotificationChoice {
    NotificationChoice { kind, in_app: true, mail: true, webhook: true, digest: Digest::Daily }
}

/// Returns when a mail may leave: not before its digest, and not in quiet hours. Nothing is dropped by waiting.
pub fn due(
    now: Timestamp,
    created_at: Timestamp,
    choice: &NotificationChoice,
    digest_hour: i64,
    quiet: TimeRange,
    zone: &TimeZone,
) -> Timestamp {
    if choice.kind.is_urgent() {
        return now;
    }
    let digest = match choice.digest {
        Digest::None => created_at,
        Digest::Daily => next_digest(created_at, digest_hour, None, zone),
        Digest::Weekly => next_digest(created_at, digest_hour, Some(Weekday::Monday), zone),
    };
    after_quiet(digest.max(now), quiet, zone)
}

/// Returns the first full hour of the digest after a moment, on this weekday where one is given.
fn next_digest(after: Timestamp, hour: i64, weekday: Option<Weekday>, zone: &TimeZone) -> Timestamp {
    let hour = i8::try_from(hour.clamp(0, 23)).unwrap_or(8);
    let mut day = after.instant().to_zoned(zone.clone()).date();
    // A week and a day hold every weekday after today.
    for _ in 0..9 {
        let moment = moment(day, hour, 0, zone);
        if moment.is_some_and(|at| at > after) && weekday.is_none_or(|wanted| day.weekday() == wanted) {
            return moment.unwrap_or(after);
        }
        day = day.tomorrow().unwrap_or(day);
    }
    after
}

/// Returns the moment itself, or the end of the quiet hours in which it lies.
fn after_quiet(at: Timestamp, quiet: TimeRange, zone: &TimeZone) -> Timestamp {
    let local = at.instant().to_zoned(zone.clone());
    let minute = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or(0);
    if !quiet.contains(minute) {
        return at;
    }
    let day = if minute < quiet.to { local.date() } else { local.date().tomorrow().unwrap_or(local.date()) };
    let (hour, minute) = (quiet.to / 60, quiet.to % 60);
    moment(day, i8::try_from(hour).unwrap_or(0), i8::try_from(minute).unwrap_or(0), zone).unwrap_or(at)
}

fn moment(day: jiff::civil::Date, hour: i8, minute: i8, zone: &TimeZone) -> Option<Timestamp> {
    let at = day.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
    Some(Timestamp::from_ms(at.timestamp().as_millisecond()))
}

/// Returns how long to wait after the `attempts`-th try failed: 1, 4, 16, 64 minutes and so on.
pub fn back_off_ms(attempts: i64) -> i64 {
    let exponent = u32::try_from(attempts.clamp(1, 6) - 1).unwrap_or(0);
    4_i64.pow(exponent) * MINUTE_MS
}

/// Returns the Message-ID of what is sent: the same for every try of the same content.
pub fn message_id(dedupe_keys: &[&str], host: &str) -> String {
    let mut keys = dedupe_keys.to_vec();
    keys.sort_unstable();
    let digest = hex::encode(Sha256::digest(keys.join("\n")));
    format!("notice-{}@{host}", &digest[..32])
}

impl QuietHours {
    /// Returns the range.
    pub fn range(self) -> TimeRange {
        let minute = |minute: i64| u16::try_from(minute.clamp(0, 1_439)).unwrap_or(0);
        TimeRange { from: minute(self.from), to: minute(self.to) }
    }
}

impl From<TimeRange> for QuietHours {
    fn from(range: TimeRange) -> Self {
        Self { from: i64::from(range.from), to: i64::from(range.to) }
    }
}

/// Refuses times that no clock shows, and a kind that is named twice.
pub fn check(new: &NewNotificationChoices) -> Result<()> {
    let mut problem = Problem::unprocessable("rulebook.notification.invalid");
    let minutes = 0..1_440;
    if new.quiet_hours.is_some_and(|quiet| !minutes.contains(&quiet.from) || !minutes.contains(&quiet.to)) {
        problem = problem.with_field("quiet_hours", "rulebook.notification.no_time");
    }
    if !(0..24).contains(&new.digest_hour) {
        problem = problem.with_field("digest_hour", "rulebook.notification.no_time");
    }
    let mut kinds: Vec<NoticeKind> = new.choices.iter().map(|choice| choice.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < new.choices.len() {
        problem = problem.with_field("choices", "rulebook.notification.kind_twice");
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_ms(text.parse::<jiff::Timestamp>().expect("a time").as_millisecond())
    }

    fn when(now: &str, created: &str, digest: Digest, kind: NoticeKind) -> String {
        let zone = TimeZone::get("Asia/Shanghai").expect("a zone");
        let choice = NotificationChoice { digest, ..default_choice(kind) };
        let quiet = TimeRange { from: 21 * 60, to: 8 * 60 };
        due(at(now), at(created), &choice, 8, quiet, &zone).instant().to_string()
    }

    #[test]
    fn quiet_hours_and_digests_defer_and_never_drop() {
        // 2026-11-27 is a Friday; Shanghai is eight hours ahead.
        let noon = "2026-11-27T04:00:00Z";
        assert_eq!(when(noon, noon, Digest::None, NoticeKind::Task), noon);
        let night = "2026-11-27T14:30:00Z";
        assert_eq!(when(night, night, Digest::None, NoticeKind::Task), "2026-11-28T00:00:00Z");
        assert_eq!(when(night, night, Digest::None, NoticeKind::Alert), night, "an alert passes");
        let early = "2026-11-27T21:30:00Z";
        assert_eq!(when(early, early, Digest::None, NoticeKind::Task), "2026-11-28T00:00:00Z");
        assert_eq!(when(noon, noon, Digest::Daily, NoticeKind::Task), "2026-11-28T00:00:00Z");
        assert_eq!(when(noon, noon, Digest::Weekly, NoticeKind::Task), "2026-11-30T00:00:00Z");
        // What was due while the server was down leaves when it is up again, but not at night.
        assert_eq!(
            when("2026-11-29T13:30:00Z", noon, Digest::Daily, NoticeKind::Task),
            "2026-11-30T00:00:00Z"
        );
    }

    #[test]
    fn the_same_content_has_the_same_message_id() {
        assert_eq!(message_id(&["a", "b"], "x"), message_id(&["b", "a"], "x"));
        assert_ne!(message_id(&["a"], "x"), message_id(&["a", "b"], "x"));
    }

    #[test]
    fn tries_come_later_each_time() {
        let waits: Vec<i64> = (1..=6).map(|attempts| back_off_ms(attempts) / MINUTE_MS).collect();
        assert_eq!(waits, [1, 4, 16, 64, 256, 1_024]);
    }
}
