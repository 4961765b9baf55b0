use kernel::{Id, Result, Timestamp};
use lake::query::{Found, PerPerson, PersonTest};

use super::held::Held;
use super::machine::{Machine, Tallies, Tally};
use super::plan::Wanted;

/// Answers which people did something so often, so much, so early or so late (按人筛选).
#[derive(Debug)]
pub struct People {
    leaf: usize,
    /// What nobody did later.
    not_since: Option<usize>,
    tests: Vec<PersonTest>,
    most: Option<usize>,
    people: i64,
    nodes: Vec<Id>,
}

impl People {
    pub fn new(people: &PerPerson, wanted: &mut Wanted) -> Self {
        let leaf = wanted.leaf(&people.filter, people.span);
        wanted.tally(leaf);
        let not_since = people.not_since.as_ref().map(|filter| wanted.leaf(filter, people.span));
        if let Some(leaf) = not_since {
            wanted.tally(leaf);
            wanted.times();
        }
        let tests: Vec<PersonTest> =
            std::iter::once(people.test).chain(people.also.iter().copied()).collect();
        for test in &tests {
            match test {
                PersonTest::Count(_) => {}
                PersonTest::Sum(_) => wanted.values(),
                PersonTest::First(_) | PersonTest::Last(_) => wanted.times(),
            }
        }
        let most = people.nodes.map(|nodes| nodes as usize);
        Self { leaf, not_since, tests, most, people: 0, nodes: Vec::new() }
    }

    fn fits(&self, tally: Tally, tallies: &Tallies) -> bool {
        let since = self.not_since.map(|leaf| tallies.of(leaf)).filter(|since| since.count > 0);
        since.is_none_or(|since| since.last <= tally.last)
            && self.tests.iter().all(|test| match test {
                PersonTest::Count(bounds) => bounds.has(&tally.count),
                PersonTest::Sum(bounds) => bounds.has(&tally.sum),
                PersonTest::First(bounds) => bounds.has(&Timestamp::from_ms(tally.first)),
                PersonTest::Last(bounds) => bounds.has(&Timestamp::from_ms(tally.last)),
            })
    }
}

impl Machine for People {
    fn ends(&self) -> Vec<usize> {
        vec![self.leaf]
    }

    fn person_ends(&mut self, node: u128, tallies: &Tallies, _held: &mut Held) -> Result<()> {
        let tally = tallies.of(self.leaf);
        if tally.count > 0 && self.fits(tally, tallies) {
            self.people += 1;
            if self.most.is_some_and(|most| self.nodes.len() < most) {
                self.nodes.push(Id::from_bytes(node.to_be_bytes()));
            }
        }
        Ok(())
    }

    fn found(self: Box<Self>, _held: &Held) -> Found {
        Found::PerPerson { people: self.people, nodes: self.most.map(|_| self.nodes) }
    }
}

#[cfg(test)]
mod tests {
    use lake::query::{Bounds, Question, Span};

    use super::*;
    use crate::query::machine::testing::{Happened, found, named};

    fn asked(test: PersonTest, nodes: Option<u32>) -> PerPerson {
        let (filter, span) = (named("buy"), Span::default());
        PerPerson { filter, span, test, also: Vec::new(), not_since: None, nodes }
    }

    fn people(test: PersonTest, nodes: Option<u32>) -> (i64, Option<Vec<u8>>) {
        answered(asked(test, nodes))
    }

    fn answered(question: PerPerson) -> (i64, Option<Vec<u8>>) {
        let events: [&[Happened<'_>]; 4] = [
            &[(1, "buy", None)],
            &[(2, "buy", None), (30, "buy", None), (40, "see", None)],
            &[(9, "see", None)],
            &[(10, "buy", None), (10, "buy", None), (11, "buy", None)],
        ];
        let Found::PerPerson { people, nodes } = found(Question::PerPerson(question), &events) else {
            panic!("people are answered by people");
        };
        (people, nodes.map(|nodes| nodes.into_iter().map(|node| node.bytes()[15]).collect()))
    }

    fn bounds<T>(at_least: T, at_most: T) -> Bounds<T> {
        Bounds { at_least: Some(at_least), at_most: Some(at_most) }
    }

    #[test]
    fn bounds_are_inclusive_and_who_did_nothing_is_nowhere() {
        assert_eq!(people(PersonTest::Count(Bounds { at_least: None, at_most: None }), None), (3, None));
        assert_eq!(people(PersonTest::Count(bounds(2, 3)), Some(9)), (2, Some(vec![1, 3])));
        assert_eq!(people(PersonTest::Count(bounds(1, 2)), Some(1)), (2, Some(vec![0])));
        // An event's value is its time here.
        assert_eq!(people(PersonTest::Sum(bounds(31.0, 32.0)), Some(9)), (2, Some(vec![1, 3])));
        let at = Timestamp::from_ms;
        assert_eq!(people(PersonTest::First(bounds(at(2), at(10))), Some(9)), (2, Some(vec![1, 3])));
        assert_eq!(people(PersonTest::Last(bounds(at(1), at(11))), Some(9)), (2, Some(vec![0, 3])));
        assert_eq!(people(PersonTest::Last(bounds(at(40), at(50))), Some(9)), (0, Some(vec![])));
    }

    #[test]
    fn all_tests_hold_and_what_came_later_rules_out() {
        let count = PersonTest::Count(bounds(2, 3));
        let sum = PersonTest::Sum(bounds(32.0, 99.0));
        let both = PerPerson { also: vec![sum], ..asked(count, Some(9)) };
        assert_eq!(answered(both), (1, Some(vec![1])));
        let not_since = Some(named("see"));
        assert_eq!(answered(PerPerson { not_since, ..asked(count, Some(9)) }), (1, Some(vec![3])));
        // What happens at the same time is not later.
        let not_since = Some(named("buy"));
        assert_eq!(answered(PerPerson { not_since, ..asked(count, Some(9)) }), (2, Some(vec![1, 3])));
    }
}
