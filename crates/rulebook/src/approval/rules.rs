//! Pure rules of approvals.

use std::collections::BTreeSet;

use kernel::Id;

use super::Decision;
use crate::machine::{Mode, StepSpec};

/// A decision that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Who decided.
    pub by: Id,
    /// For whom.
    pub for_id: Id,
    /// What.
    pub decision: Decision,
    /// True where they decided because the step was late.
    pub escalated: bool,
}

/// Returns what a step has come to; `None` while it is open.
///
/// One person is one vote where votes are counted, for however many they stand in; where all have to agree,
/// each has to be spoken for. Whoever was called in because the step is late decides it alone.
pub fn tally(mode: Mode, principals: &[Id], votes: &[Vote]) -> Option<Decision> {
    if let Some(vote) = votes.iter().find(|vote| vote.escalated) {
        return Some(vote.decision);
    }
    let people = |decision| -> BTreeSet<Id> {
        votes.iter().filter(|vote| vote.decision == decision).map(|vote| vote.by).collect()
    };
    let (for_it, against) = (people(Decision::Approve), people(Decision::Reject));
    match mode {
        Mode::Any => votes.first().map(|vote| vote.decision),
        Mode::All if !against.is_empty() => Some(Decision::Reject),
        Mode::All => {
            let spoken_for = |id: &Id| votes.iter().any(|vote| vote.for_id == *id);
            (!votes.is_empty() && principals.iter().all(spoken_for)).then_some(Decision::Approve)
        }
        Mode::Quorum(needed) => {
            let needed = needed as usize;
            let possible = principals.len().max(for_it.len() + against.len());
            if for_it.len() >= needed {
                Some(Decision::Approve)
            } else if possible - against.len() < needed {
                Some(Decision::Reject)
            } else {
                None
            }
        }
    }
}

/// Returns how many have to agree, as things stand.
pub fn needed(mode: Mode, principals: usize) -> i64 {
    match mode {
        Mode::Any => 1,
        Mode::All => i64::try_from(principals.max(1)).unwrap_or(i64::MAX),
        Mode::Quorum(needed) => i64::from(needed),
    }
}

/// Returns the mode in one word.
pub const fn word(mode: Mode) -> &'static str {
    match mode {
        Mode::Any => "any",
        Mode::All => "all",
        Mode::Quorum(_) => "quorum",
    }
}

/// Returns the wave of each step: those of one group run together, where the first of them stands.
pub fn waves(steps: &[StepSpec]) -> Vec<i64> {
    let mut waves: Vec<i64> = Vec::with_capacity(steps.len());
    let mut next = 1;
    for (place, step) in steps.iter().enumerate() {
        let same = |earlier: &StepSpec| step.group.is_some() && earlier.group == step.group;
        match steps[..place].iter().position(same) {
            Some(first) => waves.push(waves[first]),
            None => {
                waves.push(next);
                next += 1;
            }
        }
    }
    waves
}

/// Returns the role of `separate` that one of these people took.
pub fn barred<'r>(separate: &'r [String], taken: &[(Id, String)], people: &[Id]) -> Option<&'r str> {
    let took = |role: &&String| taken.iter().any(|(id, held)| held == *role && people.contains(id));
    separate.iter().find(took).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people<const N: usize>() -> [Id; N] {
        std::array::from_fn(|_| Id::new())
    }

    fn vote(by: Id, for_id: Id, decision: Decision) -> Vote {
        Vote { by, for_id, decision, escalated: false }
    }

    const YES: Decision = Decision::Approve;
    const NO: Decision = Decision::Reject;

    #[test]
    fn of_any_the_first_one_decides() {
        let [a, b] = people();
        assert_eq!(tally(Mode::Any, &[a, b], &[]), None);
        assert_eq!(tally(Mode::Any, &[a, b], &[vote(b, b, YES)]), Some(YES));
        assert_eq!(tally(Mode::Any, &[a, b], &[vote(a, a, NO)]), Some(NO));
    }

    #[test]
    fn all_have_to_be_spoken_for_and_one_no_is_enough() {
        let [a, b, deputy] = people();
        assert_eq!(tally(Mode::All, &[a, b], &[vote(a, a, YES)]), None);
        assert_eq!(tally(Mode::All, &[a, b], &[vote(a, a, YES), vote(deputy, b, YES)]), Some(YES));
        let both = [vote(deputy, a, YES), vote(deputy, b, YES)];
        assert_eq!(tally(Mode::All, &[a, b], &both), Some(YES));
        assert_eq!(tally(Mode::All, &[a, b], &[vote(b, b, NO)]), Some(NO));
        // Nobody at all is no agreement.
        assert_eq!(tally(Mode::All, &[], &[]), None);
    }

    #[test]
    fn a_quorum_counts_people_and_ends_when_it_is_out_of_reach() {
        let [a, b, c, deputy] = people();
        let two = Mode::Quorum(2);
        assert_eq!(tally(two, &[a, b, c], &[vote(a, a, YES)]), None);
        assert_eq!(tally(two, &[a, b, c], &[vote(a, a, YES), vote(c, c, YES)]), Some(YES));
        // One person who stands in for two is still one.
        let twice = [vote(deputy, a, YES), vote(deputy, b, YES)];
        assert_eq!(tally(two, &[a, b, c], &twice), None);
        assert_eq!(tally(two, &[a, b, c], &[vote(a, a, NO)]), None);
        assert_eq!(tally(two, &[a, b, c], &[vote(a, a, NO), vote(b, b, NO)]), Some(NO));
    }

    #[test]
    fn whoever_is_called_in_late_decides_alone() {
        let [a, b, boss] = people();
        let late = Vote { by: boss, for_id: boss, decision: YES, escalated: true };
        assert_eq!(tally(Mode::All, &[a, b], &[late]), Some(YES));
    }

    #[test]
    fn steps_of_a_group_run_together_and_the_others_in_order() {
        let step = |group: Option<&str>| StepSpec {
            id: String::new(),
            title: crate::pack::Text::default(),
            when: None,
            group: group.map(str::to_owned),
            who: Vec::new(),
            mode: Mode::Any,
            separate_from: Vec::new(),
            takes: None,
            due: None,
            on_timeout: None,
            delegable: true,
        };
        let steps = [step(None), step(Some("g")), step(Some("g")), step(None), step(Some("h"))];
        assert_eq!(waves(&steps), [1, 2, 2, 3, 4]);
    }

    #[test]
    fn a_role_of_either_of_the_two_bars_a_stand_in() {
        let [deputy, principal, other] = people();
        let separate = ["author".to_owned()];
        let taken = [(principal, "author".to_owned()), (other, "reviewer".to_owned())];
        assert_eq!(barred(&separate, &taken, &[deputy, principal]), Some("author"));
        assert_eq!(barred(&separate, &taken, &[deputy, other]), None);
    }
}
