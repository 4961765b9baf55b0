use kernel::{HOUR_MS, Problem, Result, Timestamp};

use super::{Leak, LeakClock, LeakState};

/// Before its end the clock counts as nearly over for so long.
const SOON_MS: i64 = 24 * HOUR_MS;

/// Returns how the clock stands by which the authority has to know.
pub fn clock(leak: &Leak, now: Timestamp) -> LeakClock {
    if leak.authority_reported_at.is_some() {
        LeakClock::Reported
    } else if leak.authority_waived_because.is_some() {
        LeakClock::NotNeeded
    } else if leak.authority_due_at <= now {
        LeakClock::Overdue
    } else if leak.authority_due_at <= now.plus_ms(SOON_MS) {
        LeakClock::DueSoon
    } else {
        LeakClock::Running
    }
}

/// Returns until when the clocks reach that are nearly over at a time.
pub fn soon(now: Timestamp) -> Timestamp {
    now.plus_ms(SOON_MS)
}

/// Refuses to change what is closed.
pub fn check_open(leak: &Leak) -> Result<()> {
    match leak.state {
        LeakState::Closed => Err(Problem::conflict("customers.privacy.leak_closed")),
        _ => Ok(()),
    }
}

/// Refuses to close what the authority does not know of, unless it does not have to.
pub fn check_close(leak: &Leak) -> Result<()> {
    check_open(leak)?;
    match clock(leak, leak.discovered_at) {
        LeakClock::Reported | LeakClock::NotNeeded => Ok(()),
        _ => Err(Problem::conflict("customers.privacy.leak_unreported")),
    }
}

/// Refuses a text that is empty or too long.
pub fn check_text(field: &'static str, text: &str, max: usize) -> Result<()> {
    match !text.trim().is_empty() && text.chars().count() <= max {
        true => Ok(()),
        false => {
            let refusal = Problem::unprocessable("customers.privacy.text_invalid");
            Err(refusal.with_field(field, "customers.privacy.text_invalid"))
        }
    }
}
