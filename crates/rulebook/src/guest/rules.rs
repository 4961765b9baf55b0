//! What an invitation may be. Knows no clock: times are given.

use kernel::{Label, Problem, Result, Timestamp};

use super::NewGuest;

/// Longest name of a guest or of where they work.
const NAME_MAX: usize = 80;
const ORGANISATION_MAX: usize = 120;

/// Refuses what no invitation can be; every field at fault is named.
pub fn check(new: &NewGuest, now: Timestamp, longest_days: i64) -> Result<()> {
    let mut problem = Problem::unprocessable("rulebook.guest.invalid");
    let within = |text: &str, most: usize| (1..=most).contains(&text.trim().chars().count());
    if !within(&new.name, NAME_MAX) {
        problem = problem.with_field("name", "rulebook.guest.name_length");
    }
    if !within(&new.organisation, ORGANISATION_MAX) {
        problem = problem.with_field("organisation", "rulebook.guest.organisation_length");
    }
    if new.valid_until <= now || new.valid_until > now.plus_days(longest_days) {
        problem = problem.with("days", longest_days).with_field("valid_until", "rulebook.guest.too_long");
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Refuses records to which nobody from outside can come.
pub fn check_record(label: Label, restricted: bool, ended: bool, archived: bool, number: &str) -> Result<()> {
    if ended || archived {
        return Err(Problem::conflict("rulebook.record.ended").with("number", number));
    }
    if restricted || label > Label::Internal {
        return Err(Problem::conflict("rulebook.guest.confidential").with("number", number));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest(days: i64) -> NewGuest {
        NewGuest {
            name: "陈工".into(),
            email: "chen@partner.example".into(),
            organisation: "合作方".into(),
            language: None,
            valid_until: Timestamp::from_ms(0).plus_days(days),
        }
    }

    #[test]
    fn an_invitation_ends_within_the_longest_term() {
        let now = Timestamp::from_ms(0);
        assert!(check(&guest(90), now, 90).is_ok());
        for days in [0, -1, 91] {
            let refused = check(&guest(days), now, 90).expect_err("refused");
            assert_eq!(refused.fields[0].field, "valid_until", "{days}");
        }
        let nameless = NewGuest { name: " ".into(), organisation: String::new(), ..guest(1) };
        assert_eq!(check(&nameless, now, 90).expect_err("refused").fields.len(), 2);
    }

    #[test]
    fn nobody_comes_to_what_is_confidential_or_done() {
        assert!(check_record(Label::Internal, false, false, false, "TASK-1").is_ok());
        for (label, restricted, ended, archived) in [
            (Label::Personal, false, false, false),
            (Label::Internal, true, false, false),
            (Label::Internal, false, true, false),
            (Label::Internal, false, false, true),
        ] {
            assert_eq!(
                check_record(label, restricted, ended, archived, "x").expect_err("refused").status,
                409
            );
        }
    }
}
