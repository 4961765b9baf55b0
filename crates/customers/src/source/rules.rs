use kernel::{HOUR_MS, Timestamp};

use super::SourceHealth;

/// Says how a source stands.
pub fn health(
    active: bool,
    last_event_at: Option<Timestamp>,
    silent_after_hours: Option<i64>,
    now: Timestamp,
) -> SourceHealth {
    match (active, last_event_at, silent_after_hours) {
        (false, ..) => SourceHealth::Paused,
        (true, None, _) => SourceHealth::New,
        (true, Some(last), Some(hours)) if now.ms() - last.ms() > hours * HOUR_MS => SourceHealth::Silent,
        (true, Some(_), _) => SourceHealth::Live,
    }
}

/// Returns the user name of `Authorization: Basic`: SDKs put the write key there, without a password.
pub fn basic_user(header: &str) -> Option<String> {
    use base64::Engine;
    let coded = header.strip_prefix("Basic ").or_else(|| header.strip_prefix("basic "))?;
    let plain = base64::engine::general_purpose::STANDARD.decode(coded.trim()).ok()?;
    let text = String::from_utf8(plain).ok()?;
    Some(text.split_once(':').map_or(text.as_str(), |(user, _)| user).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_silent_once_it_is_overdue() {
        let now = Timestamp::from_ms(1_795_910_400_000);
        let at = |hours: i64| Some(now.plus_ms(-hours * HOUR_MS));
        assert_eq!(health(true, None, Some(1), now), SourceHealth::New);
        assert_eq!(health(true, at(24), Some(24), now), SourceHealth::Live);
        assert_eq!(health(true, at(25), Some(24), now), SourceHealth::Silent);
        assert_eq!(health(true, at(25_000), None, now), SourceHealth::Live);
        assert_eq!(health(false, at(1), Some(24), now), SourceHealth::Paused);
    }

    #[test]
    fn the_key_is_the_user_of_basic_authentication() {
        // "key:" and "key:password" and "key"
        for coded in ["a2V5Og==", "a2V5OnBhc3N3b3Jk", "a2V5"] {
            assert_eq!(basic_user(&format!("Basic {coded}")).as_deref(), Some("key"));
        }
        assert_eq!(basic_user("Bearer a2V5Og=="), None);
        assert_eq!(basic_user("Basic ???"), None);
    }
}
