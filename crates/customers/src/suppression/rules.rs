use kernel::{Caller, Labelled, Masked, Problem, Result, Timestamp};

use super::Suppression;

/// Bounds of the length of a reason, in characters.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;

/// Checks a reason that a person gives.
pub fn check_reason(text: &str) -> Result<()> {
    if REASON.contains(&text.trim().chars().count()) {
        return Ok(());
    }
    Err(Problem::unprocessable("customers.reason_needed")
        .with("min", REASON.start())
        .with("max", REASON.end()))
}

/// Returns an entry as a caller may see it inside another row, which the one projection does not look into.
pub fn shown(caller: &Caller, mut row: Suppression) -> Masked<Suppression> {
    let mut masked = Vec::new();
    for (name, value) in [("address", &mut row.address), ("detail", &mut row.detail)] {
        if value.is_some() && !Suppression::visible(caller, name) {
            *value = None;
            masked.push(name.to_owned());
        }
    }
    Masked { row, masked }
}

/// Checks that an end lies ahead.
pub fn check_expiry(expires_at: Option<Timestamp>, now: Timestamp) -> Result<()> {
    match expires_at {
        Some(end) if end <= now => Err(Problem::unprocessable("customers.suppression.expiry_in_the_past")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_lies_ahead_and_a_reason_says_something() {
        let now = Timestamp::from_ms(1_000);
        assert!(check_expiry(None, now).is_ok() && check_expiry(Some(now.plus_ms(1)), now).is_ok());
        assert!(check_expiry(Some(now), now).is_err());
        assert!(check_reason("本人来电要求").is_ok() && check_reason("  嗯  ").is_err());
    }
}
