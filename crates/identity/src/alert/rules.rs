use kernel::{HOUR_MS, Timestamp};
use serde::Deserialize;

use super::Reason;
use crate::session::rules::holds;

/// A session of the past, as the rule sees it.
#[derive(Clone, Debug, Deserialize)]
pub struct Past {
    /// Digest of the device cookie.
    pub device_digest: String,
    /// Browser and system.
    pub agent_family: String,
    /// Network that it was last used from.
    pub network: String,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// Returns why a sign-in is strange: a device that the account was never used on, or another network
/// while a session was active elsewhere within the hour. The very first sign-in is not.
///
/// Countries cannot be told without asking somebody outside, so networks stand for distance.
pub fn reasons(past: &[Past], device: &str, family: &str, network: &str, now: Timestamp) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if past.is_empty() {
        return reasons;
    }
    if !past.iter().any(|session| session.device_digest == device && session.agent_family == family) {
        reasons.push(Reason::NewDevice);
    }
    let active = |session: &&Past| {
        session.ended_at.is_none()
            && holds(session.last_seen_at, session.expires_at, now)
            && now.ms() - session.last_seen_at.ms() <= HOUR_MS
    };
    if past.iter().filter(active).any(|session| session.network != network) {
        reasons.push(Reason::Elsewhere);
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_device_and_another_network_at_the_same_time_are_strange() {
        let now = Timestamp::from_ms(10 * HOUR_MS);
        let past = |minutes_ago: i64, ended: bool| Past {
            device_digest: "d".into(),
            agent_family: "Chrome/Windows".into(),
            network: "10.1.0.0/16".into(),
            last_seen_at: now.plus_ms(-minutes_ago * 60_000),
            expires_at: now.plus_days(3),
            ended_at: ended.then_some(now),
        };
        let judge = |past: &[Past], device, family, network| reasons(past, device, family, network, now);
        let (here, there) = ("10.1.0.0/16", "20.2.0.0/16");
        assert!(judge(&[], "x", "Chrome/Windows", there).is_empty(), "the first sign-in");
        assert!(judge(&[past(5, false)], "d", "Chrome/Windows", here).is_empty());
        assert_eq!(judge(&[past(5, false)], "x", "Chrome/Windows", here), [Reason::NewDevice]);
        assert_eq!(
            judge(&[past(5, false)], "d", "Firefox/Linux", here),
            [Reason::NewDevice],
            "a copied cookie"
        );
        assert_eq!(judge(&[past(5, false)], "d", "Chrome/Windows", there), [Reason::Elsewhere]);
        assert!(judge(&[past(61, false)], "d", "Chrome/Windows", there).is_empty(), "long enough to travel");
        assert!(judge(&[past(5, true)], "d", "Chrome/Windows", there).is_empty(), "signed out before");
    }
}
