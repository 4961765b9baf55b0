use kernel::{Problem, Result};

use super::{Action, What};

/// Longest name, in characters.
const NAME_MAX: usize = 100;
/// Most days.
const DAYS_MAX: i64 = 36_500;
/// Fewest days of silence after which somebody counts as gone.
const INACTIVE_DAYS_MIN: i64 = 30;

/// Refuses a rule that makes no sense.
pub fn check(name: &str, what: What, after_days: i64, action: Action) -> Result<()> {
    let refuse =
        |field: &'static str, code: &'static str| Problem::unprocessable(code).with_field(field, code);
    if name.trim().is_empty() || name.chars().count() > NAME_MAX {
        return Err(refuse("name", "customers.field.blank"));
    }
    let least = if what == What::InactiveProfiles { INACTIVE_DAYS_MIN } else { 1 };
    if !(least..=DAYS_MAX).contains(&after_days) {
        let refusal = refuse("after_days", "customers.privacy.days_unfit");
        return Err(refusal.with("min", least).with("max", DAYS_MAX));
    }
    match (what, action) {
        (What::InactiveProfiles, _) | (_, Action::Erase) => Ok(()),
        _ => Err(refuse("action", "customers.privacy.action_unfit")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_people_can_be_made_unknown_and_not_at_once() {
        let check = |what, days, action| check("规则", what, days, action).map_err(|p| p.code.into_owned());
        assert!(check(What::InactiveProfiles, 365, Action::Anonymise).is_ok());
        assert_eq!(
            check(What::InactiveProfiles, 29, Action::Erase),
            Err("customers.privacy.days_unfit".into())
        );
        assert_eq!(check(What::Events, 30, Action::Anonymise), Err("customers.privacy.action_unfit".into()));
        assert!(check(What::Quarantine, 1, Action::Erase).is_ok());
    }
}
