use kernel::{Problem, Result, Timestamp};

use super::{NewUser, UserState};
use crate::check::{Check, NAME_MAX};

/// Days without being seen after which an account counts as idle.
pub const IDLE_DAYS: i64 = 90;
/// Shortest password; length is what makes guessing hard.
pub const PASSWORD_MIN: usize = 10;
/// Longest password: bounds the work of hashing.
pub const PASSWORD_MAX: usize = 128;

/// Passwords that stand at the top of every list of guesses, of the length that is asked for.
const COMMON: &str = include_str!("common-passwords.txt");

/// Checks what is typed in for a user.
pub fn check(new: &NewUser) -> Result<()> {
    Check::new().text("name", &new.name, 1, NAME_MAX).email("email", &new.email).finish()
}

/// Checks a new password; `about` are words that a guesser knows of its owner.
pub fn check_password(password: &str, about: &[&str]) -> Result<()> {
    let length = password.chars().count();
    let plain = password.to_lowercase();
    let refuse = |code: &'static str| {
        Err(Problem::unprocessable("identity.input_invalid").with_field("password", code))
    };
    if length < PASSWORD_MIN {
        return refuse("identity.password.too_short");
    }
    if length > PASSWORD_MAX {
        return refuse("identity.password.too_long");
    }
    let known = about
        .iter()
        .flat_map(|word| word.split('@').take(1))
        .map(str::to_lowercase)
        .any(|word| word.chars().count() >= 4 && plain.contains(&word));
    let one_character = plain.chars().all(|c| plain.starts_with(c));
    // A common password with a year or an exclamation mark behind it is still one.
    let common = |common| plain.strip_prefix(common).is_some_and(|rest: &str| rest.chars().count() <= 4);
    if known || one_character || COMMON.lines().any(common) {
        return refuse("identity.password.too_easy");
    }
    Ok(())
}

/// Returns true where the account may act now: by its state, and by the clock before any job ran.
pub fn may_act(state: UserState, leave_at: Option<Timestamp>, now: Timestamp) -> bool {
    state == UserState::Active && leave_at.is_none_or(|leave| now < leave)
}

/// Returns the state that an account returns to when it is opened again.
pub fn state_when_enabled(has_password: bool) -> UserState {
    if has_password { UserState::Active } else { UserState::Invited }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_that_are_guessed_first_are_refused() {
        for bad in ["short", "password123", "1234567890", "aaaaaaaaaaaa", "li.na-2026!!", "Qwertyuiop1"] {
            assert!(check_password(bad, &["li.na@sample.invalid", "李娜"]).is_err(), "{bad}");
        }
        for good in ["correct horse battery", "深夜的火锅局很热闹呀真的", "x9!kd72mKs0"] {
            assert!(check_password(good, &["li.na@sample.invalid"]).is_ok(), "{good}");
        }
        assert!(check_password(&"x1".repeat(65), &[]).is_err());
    }

    #[test]
    fn the_clock_closes_an_account_before_any_job_does() {
        let leave = Timestamp::from_ms(1000);
        assert!(may_act(UserState::Active, Some(leave), Timestamp::from_ms(999)));
        assert!(!may_act(UserState::Active, Some(leave), leave));
        assert!(!may_act(UserState::Locked, None, leave));
        assert!(!may_act(UserState::Invited, None, leave));
    }
}
