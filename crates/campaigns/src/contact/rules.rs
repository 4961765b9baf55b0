//! The door's decision, from plain facts.

use jiff::tz::TimeZone;
use kernel::{MINUTE_MS, Timestamp};
use rulebook::parameter::TimeRange;

use crate::campaign::Purpose;

/// What is known about one person and one planned message.
#[derive(Debug, Clone)]
pub struct Facts {
    /// `granted`, `withdrawn`, or nothing was ever said.
    pub consent: Option<String>,
    /// True where the address must not be written to at all.
    pub suppressed: bool,
    /// Messages to this person on this channel in the last seven days, reservations included.
    pub recent: i64,
    /// Where the person lives.
    pub zone: TimeZone,
}

/// What the company has settled.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Most messages in seven days.
    pub cap: i64,
    /// When nobody is to be disturbed.
    pub quiet: TimeRange,
}

/// The door's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// May be sent now.
    Allowed,
    /// Will not be sent.
    Refused(&'static str),
    /// Not now; again at this time.
    Deferred(&'static str, Timestamp),
}

impl Outcome {
    /// Returns the word in the record.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused(_) => "refused",
            Self::Deferred(..) => "deferred",
        }
    }

    /// Returns the code of the reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Allowed => "campaigns.contact.within_every_rule",
            Self::Refused(reason) | Self::Deferred(reason, _) => reason,
        }
    }
}

/// Decides: suppression first, then consent, then quiet hours, then the cap.
pub fn decide(purpose: Purpose, facts: &Facts, limits: &Limits, now: Timestamp) -> Outcome {
    if facts.suppressed {
        return Outcome::Refused("campaigns.contact.suppressed");
    }
    if purpose == Purpose::Transactional {
        return Outcome::Allowed;
    }
    match facts.consent.as_deref() {
        Some("granted") => {}
        Some(_) => return Outcome::Refused("campaigns.contact.consent_withdrawn"),
        None => return Outcome::Refused("campaigns.contact.no_consent"),
    }
    if facts.recent >= limits.cap {
        return Outcome::Refused("campaigns.contact.cap_reached");
    }
    match end_of_quiet(limits.quiet, &facts.zone, now) {
        Some(end) => Outcome::Deferred("campaigns.contact.quiet_hours", end),
        None => Outcome::Allowed,
    }
}

/// Returns the minute of the day where the person lives.
pub fn local_minute(zone: &TimeZone, now: Timestamp) -> i64 {
    let local = now.instant().to_zoned(zone.clone());
    i64::from(local.hour()) * 60 + i64::from(local.minute())
}

/// Returns when the quiet hours around `now` end, or nothing outside them.
///
/// Goes minute by minute, so that clock changes in between need no thought.
fn end_of_quiet(quiet: TimeRange, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let is_quiet = |at: Timestamp| quiet.contains(u16::try_from(local_minute(zone, at)).unwrap_or(0));
    if !is_quiet(now) {
        return None;
    }
    let minute = Timestamp::from_ms(now.ms() - now.ms().rem_euclid(MINUTE_MS));
    (1..=26 * 60).map(|n| minute.plus_ms(n * MINUTE_MS)).find(|at| !is_quiet(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: TimeRange = TimeRange { from: 21 * 60, to: 9 * 60 };

    fn facts() -> Facts {
        let zone = TimeZone::get("Asia/Shanghai").expect("known");
        Facts { consent: Some("granted".into()), suppressed: false, recent: 0, zone }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn decided(facts: &Facts, now: &str) -> Outcome {
        decide(Purpose::Marketing, facts, &Limits { cap: 2, quiet: QUIET }, at(now))
    }

    #[test]
    fn noon_with_consent_and_room_is_allowed() {
        assert_eq!(decided(&facts(), "2026-11-22T04:00:00Z"), Outcome::Allowed);
    }

    #[test]
    fn quiet_hours_are_those_where_the_person_lives() {
        // 22:30 in Shanghai: until nine the next morning.
        let outcome = decided(&facts(), "2026-11-22T14:30:20Z");
        assert_eq!(outcome, Outcome::Deferred("campaigns.contact.quiet_hours", at("2026-11-23T01:00:00Z")));
        let mut abroad = facts();
        abroad.zone = TimeZone::get("Europe/Berlin").expect("known");
        assert_eq!(decided(&abroad, "2026-11-22T14:30:00Z"), Outcome::Allowed);
    }

    #[test]
    fn the_night_of_a_clock_change_ends_at_nine_too() {
        let mut berlin = facts();
        berlin.zone = TimeZone::get("Europe/Berlin").expect("known");
        let outcome = decided(&berlin, "2026-03-28T21:00:00Z");
        assert_eq!(outcome, Outcome::Deferred("campaigns.contact.quiet_hours", at("2026-03-29T07:00:00Z")));
    }

    #[test]
    fn each_refusal_has_its_reason_and_suppression_comes_first() {
        let reason = |change: fn(&mut Facts)| {
            let mut facts = facts();
            change(&mut facts);
            decided(&facts, "2026-11-22T04:00:00Z").reason()
        };
        assert_eq!(reason(|f| f.consent = None), "campaigns.contact.no_consent");
        assert_eq!(reason(|f| f.consent = Some("withdrawn".into())), "campaigns.contact.consent_withdrawn");
        assert_eq!(reason(|f| f.recent = 2), "campaigns.contact.cap_reached");
        let both = |f: &mut Facts| (f.suppressed, f.consent) = (true, None);
        assert_eq!(reason(both), "campaigns.contact.suppressed");
    }

    #[test]
    fn an_order_confirmation_needs_no_marketing_consent_but_never_goes_to_a_dead_address() {
        let limits = Limits { cap: 0, quiet: QUIET };
        let night = at("2026-11-22T16:00:00Z");
        let mut facts = Facts { consent: None, ..facts() };
        assert_eq!(decide(Purpose::Transactional, &facts, &limits, night), Outcome::Allowed);
        facts.suppressed = true;
        assert_eq!(decide(Purpose::Transactional, &facts, &limits, night).word(), "refused");
    }
}
