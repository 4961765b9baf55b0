use kernel::{DAY_MS, Timestamp};

/// Returns true where somebody who confirmed a reminder then is to be reminded again now.
pub fn is_due(confirmed_at: Option<Timestamp>, every_days: i64, now: Timestamp) -> bool {
    confirmed_at.is_none_or(|at| now.ms() - at.ms() >= every_days * DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_comes_back_after_its_days() {
        let then = Timestamp::from_ms(1_700_000_000_000);
        assert!(is_due(None, 30, then));
        assert!(!is_due(Some(then), 30, then.plus_ms(30 * DAY_MS - 1)));
        assert!(is_due(Some(then), 30, then.plus_ms(30 * DAY_MS)));
    }
}
