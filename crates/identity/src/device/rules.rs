use kernel::Timestamp;

use super::DeviceState;

/// Days for which a check holds, where the rulebook does not say.
pub const CHECK_DAYS: i64 = 90;

/// Returns true where a device may be used in confidential areas: looked at, encrypted, and not too long ago.
pub fn is_sound(
    state: DeviceState,
    encrypted: bool,
    checked_at: Option<Timestamp>,
    days: i64,
    now: Timestamp,
) -> bool {
    state == DeviceState::Active && encrypted && checked_at.is_some_and(|at| now < at.plus_days(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_device_that_was_looked_at_lately_and_is_encrypted_is_sound() {
        let at = Timestamp::from_ms(0);
        let sound =
            |state, encrypted, days_since| is_sound(state, encrypted, Some(at), 90, at.plus_days(days_since));
        assert!(sound(DeviceState::Active, true, 89));
        assert!(!sound(DeviceState::Active, true, 90));
        assert!(!sound(DeviceState::Active, false, 1));
        assert!(!sound(DeviceState::Waiting, true, 1));
        assert!(!sound(DeviceState::Retired, true, 1));
        assert!(!is_sound(DeviceState::Active, true, None, 90, at));
    }
}
