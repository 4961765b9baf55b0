use kernel::{DAY_MS, Timestamp};

/// Longest delay between two tries.
const DELAY_MAX_MS: i64 = 15 * 60_000;
/// After so long without a try, failures are forgotten.
pub const FORGET_MS: i64 = DAY_MS;

/// Returns how many failures still count.
pub fn counted(failures: i64, last_at: Timestamp, now: Timestamp) -> i64 {
    if now.ms() - last_at.ms() >= FORGET_MS { 0 } else { failures }
}

/// Returns how long to wait from `now` before the next try: 1, 2, 4 … seconds after the free ones, at most 15 minutes.
pub fn wait_ms(failures: i64, free: i64, last_at: Timestamp, now: Timestamp) -> i64 {
    if failures < free {
        return 0;
    }
    let doublings = (failures - free).clamp(0, 20);
    let delay = (1000_i64 << doublings).min(DELAY_MAX_MS);
    (last_at.ms() + delay - now.ms()).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_and_has_an_end() {
        let at = Timestamp::from_ms(1_000_000);
        let waits: Vec<i64> = (0..9).map(|failures| wait_ms(failures, 5, at, at) / 1000).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8]);
        assert_eq!(wait_ms(1_000_000, 5, at, at), 15 * 60_000);
        assert_eq!(wait_ms(5, 5, at, at.plus_ms(999)), 1);
        assert_eq!(wait_ms(5, 5, at, at.plus_ms(1000)), 0);
    }

    #[test]
    fn failures_are_forgotten_after_a_day() {
        let at = Timestamp::from_ms(0);
        assert_eq!(counted(7, at, at.plus_ms(FORGET_MS - 1)), 7);
        assert_eq!(counted(7, at, at.plus_ms(FORGET_MS)), 0);
    }
}
