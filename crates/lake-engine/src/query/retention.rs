use std::collections::BTreeMap;

use kernel::{Result, Timestamp};
use lake::query::{Found, Retention, RetentionRow};

use super::calendar::{Calendar, Period};
use super::held::Held;
use super::machine::{Events, Machine, Tallies};
use super::plan::Wanted;

/// Answers how many people come back (留存).
#[derive(Debug)]
pub struct Retentions {
    start: usize,
    back: usize,
    periods: usize,
    /// The first time that is not seen.
    ends: i64,
    calendar: Calendar,
    person: Person,
    cohorts: BTreeMap<i64, Cohort>,
}

#[derive(Debug, Default)]
struct Person {
    /// The period in which they began.
    cohort: Option<Period>,
    /// Periods after it in which they came back.
    came: Vec<bool>,
    at: Option<i64>,
    /// Events of that time that begin, that come back, and that do both.
    starts: u64,
    backs: u64,
    both: u64,
}

#[derive(Debug)]
struct Cohort {
    start: i64,
    people: i64,
    back: Vec<i64>,
}

impl Retentions {
    pub fn new(retention: &Retention, wanted: &mut Wanted) -> Result<Self> {
        let [start, back] =
            [&retention.start, &retention.back].map(|filter| wanted.leaf(filter, retention.span));
        wanted.by_person(start);
        wanted.by_person(back);
        wanted.times();
        Ok(Self {
            start,
            back,
            periods: retention.periods as usize,
            ends: retention.span.to.map_or(i64::MAX, Timestamp::ms),
            calendar: Calendar::new(&retention.every)?,
            person: Person::default(),
            cohorts: BTreeMap::new(),
        })
    }

    /// Takes the events of one time.
    fn take(&mut self, held: &mut Held) -> Result<()> {
        let Person { at: Some(at), starts, backs, both, .. } = self.person else { return Ok(()) };
        (self.person.starts, self.person.backs, self.person.both) = (0, 0, 0);
        let came = match self.person.cohort {
            None if starts == 0 => return Ok(()),
            None => {
                self.person.cohort = Some(self.calendar.of(at, held)?);
                self.person.came = vec![false; self.periods + 1];
                // One of them begins and another comes back.
                starts * backs > both
            }
            Some(_) => backs > 0,
        };
        if let Some(cohort) = self.person.cohort
            && came
        {
            let after = self.calendar.of(at, held)?.number - cohort.number;
            if let Some(came) = self.person.came.get_mut(after as usize) {
                *came = true;
            }
        }
        Ok(())
    }
}

impl Machine for Retentions {
    fn sees(&self) -> Vec<usize> {
        vec![self.start, self.back]
    }

    fn events(&mut self, events: &Events, held: &mut Held) -> Result<()> {
        for (_, event) in events.iter() {
            let (starts, comes_back) = (event.fits(self.start), event.fits(self.back));
            if !starts && !comes_back {
                continue;
            }
            if self.person.at != Some(event.at) {
                self.take(held)?;
                self.person.at = Some(event.at);
            }
            self.person.starts += u64::from(starts);
            self.person.backs += u64::from(comes_back);
            self.person.both += u64::from(starts && comes_back);
        }
        Ok(())
    }

    fn person_ends(&mut self, _node: u128, _tallies: &Tallies, held: &mut Held) -> Result<()> {
        self.take(held)?;
        let Person { cohort: Some(period), came, .. } = std::mem::take(&mut self.person) else {
            return Ok(());
        };
        let cohort = match self.cohorts.entry(period.number) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(room) => {
                held.group()?;
                held.values(self.periods + 1)?;
                room.insert(Cohort { start: period.start, people: 0, back: vec![0; self.periods + 1] })
            }
        };
        cohort.people += 1;
        cohort.back.iter_mut().zip(came).for_each(|(count, came)| *count += i64::from(came));
        Ok(())
    }

    fn found(self: Box<Self>, _held: &Held) -> Found {
        let Self { calendar, cohorts, ends, .. } = *self;
        let rows = cohorts.into_iter().map(|(number, Cohort { start, people, mut back })| {
            let seen = (0_i64..).zip(&back).take_while(|(after, _)| calendar.start_of(number + after) < ends);
            let seen = seen.count();
            back.truncate(seen);
            RetentionRow { cohort: Timestamp::from_ms(start), people, back }
        });
        Found::Retention { rows: rows.collect() }
    }
}

#[cfg(test)]
mod tests {
    use kernel::DAY_MS;
    use lake::query::{Every, Question, Span, Unit};

    use super::*;
    use crate::query::machine::testing::{Happened, found, named};

    const DAY: i64 = DAY_MS;

    fn rows(
        start: &str,
        back: &str,
        to: Option<i64>,
        people: &[&[Happened<'_>]],
    ) -> Vec<(i64, i64, Vec<i64>)> {
        let question = Question::Retention(Retention {
            start: named(start),
            back: named(back),
            every: Every { unit: Unit::Day, zone: "UTC".to_owned() },
            periods: 3,
            span: Span { from: None, to: to.map(Timestamp::from_ms) },
        });
        let Found::Retention { rows } = found(question, people) else {
            panic!("a retention is answered by one")
        };
        rows.into_iter().map(|row| (row.cohort.ms() / DAY, row.people, row.back)).collect()
    }

    #[test]
    fn people_come_back_in_the_periods_after_their_first() {
        let people: [&[Happened<'_>]; 4] = [
            &[(5, "buy", None), (DAY, "see", None), (DAY + 1, "see", None), (3 * DAY, "see", None)],
            // Before the first one nothing counts; the border of a day belongs to the day after it.
            &[(1, "see", None), (DAY - 1, "buy", None), (2 * DAY, "see", None), (9 * DAY, "see", None)],
            &[(DAY, "buy", None), (DAY + 5, "see", None), (2 * DAY - 1, "buy", None)],
            &[(4, "see", None)],
        ];
        assert_eq!(rows("buy", "see", None, &people), [(0, 2, vec![0, 1, 1, 1]), (1, 1, vec![1, 0, 0, 0])]);
    }

    #[test]
    fn the_first_event_does_not_come_back_itself() {
        let same = |events: &[Happened<'_>]| rows("buy", "buy", None, &[events])[0].2[0];
        assert_eq!(same(&[(5, "buy", None)]), 0);
        assert_eq!(same(&[(5, "buy", None), (5, "buy", None)]), 1);
        assert_eq!(same(&[(5, "buy", None), (6, "buy", None)]), 1);
        // Of the same time, in whichever order.
        let other = |events: &[Happened<'_>]| rows("buy", "see", None, &[events])[0].2[0];
        assert_eq!(other(&[(5, "see", None), (5, "buy", None)]), 1);
        assert_eq!(other(&[(4, "see", None), (5, "buy", None)]), 0);
    }

    #[test]
    fn periods_that_begin_when_the_span_has_ended_are_left_out() {
        let events: &[Happened<'_>] = &[(0, "buy", None), (DAY, "buy", None), (2 * DAY, "buy", None)];
        assert_eq!(rows("buy", "buy", Some(2 * DAY), &[events]), [(0, 1, vec![0, 1])]);
        assert_eq!(rows("buy", "buy", Some(2 * DAY + 1), &[events]), [(0, 1, vec![0, 1, 1])]);
    }
}
