use kernel::Result;
use lake::query::{Found, Funnel, FunnelRow};

use super::hash::Map;
use super::held::{Held, NONE};
use super::machine::{Events, Machine, Tallies};
use super::plan::Wanted;
use super::sequence::Moment;

/// A step that nobody has reached.
const NEVER: i64 = i64::MIN;
/// Chains times events after which one asks whether there is time.
const MUCH: usize = 256;
/// Most chains that are kept for the next person.
const SPARE: usize = 64;

/// Answers how many people go step by step (漏斗).
///
/// For each step it keeps the latest beginning from which a person has reached it: a later one leaves more time for what
/// is to come, so no other is ever needed.
#[derive(Debug)]
pub struct Funnels {
    leaves: Vec<usize>,
    within_ms: i64,
    /// Slot of the steps, which other funnels may share.
    sequence: usize,
    /// A bit for each step.
    all: u32,
    /// Slot of the column by which groups are made.
    by: Option<usize>,
    /// Funnels of the person who is looked at, by the code of their group.
    chains: Vec<Chain>,
    /// Those that are of nobody now.
    spare: Vec<Chain>,
    /// Events of the person that happened at the same time: steps that each fits, and its group.
    same_time: Vec<(u32, u32)>,
    counts: Map<u32, Vec<i64>>,
}

#[derive(Debug)]
struct Chain {
    group: u32,
    /// Of each step, when the chain began that has reached it.
    begun: Vec<i64>,
    reached: usize,
}

impl Funnels {
    pub fn new(funnel: &Funnel, wanted: &mut Wanted) -> Self {
        let leaves: Vec<usize> = funnel.steps.iter().map(|step| wanted.leaf(step, funnel.span)).collect();
        wanted.times();
        let sequence = wanted.sequence(&leaves);
        let by = funnel.by.map(|column| wanted.codes(column, leaves[0]));
        Self {
            within_ms: funnel.within_ms,
            sequence,
            all: leaves.iter().fold(0, |all, _| all << 1 | 1),
            leaves,
            by,
            chains: Vec::new(),
            spare: Vec::new(),
            same_time: Vec::new(),
            counts: Map::default(),
        }
    }

    /// Begins the funnel of a group, where there is none.
    fn begin(&mut self, group: u32) {
        if self.chains.iter().any(|chain| chain.group == group) {
            return;
        }
        let mut chain = self.spare.pop().unwrap_or_else(|| Chain {
            group,
            begun: vec![NEVER; self.leaves.len()],
            reached: 0,
        });
        chain.group = group;
        self.chains.push(chain);
    }

    /// Takes an event that is alone at its time.
    fn one(&mut self, steps: u32, group: u32, at: i64, held: &mut Held) -> Result<()> {
        if steps & 1 == 1 {
            self.begin(group);
        }
        if self.chains.len() > MUCH {
            held.in_time()?;
        }
        self.chains.iter_mut().for_each(|chain| chain.one(steps, group, at, self.within_ms));
        Ok(())
    }

    /// Takes events of the same time.
    fn several(&mut self, moments: &[Moment], events: &Events, held: &mut Held) -> Result<()> {
        let mut same_time = std::mem::take(&mut self.same_time);
        same_time.clear();
        let fitting = moments.iter().map(|moment| (moment.steps & self.all, self.group(moment, events)));
        same_time.extend(fitting.filter(|(steps, _)| *steps != 0));
        for (_, group) in same_time.iter().filter(|(steps, _)| steps & 1 == 1) {
            self.begin(*group);
        }
        // Somebody with thousands of groups is no person, and must not take all the time there is.
        let is_much = self.chains.len() * same_time.len() > MUCH;
        for (place, chain) in self.chains.iter_mut().enumerate() {
            if is_much && place % MUCH == 0 {
                held.in_time()?;
            }
            match same_time.as_slice() {
                [(steps, group)] => chain.one(*steps, *group, moments[0].at, self.within_ms),
                several => chain.several(several, moments[0].at, self.within_ms),
            }
        }
        self.same_time = same_time;
        Ok(())
    }

    fn group(&self, moment: &Moment, events: &Events) -> u32 {
        self.by.map_or(NONE, |slot| events.code(moment.place as usize, slot))
    }
}

impl Chain {
    /// Takes an event that is alone at its time.
    fn one(&mut self, steps: u32, group: u32, at: i64, within_ms: i64) {
        for step in (1..self.begun.len()).rev() {
            let begun = self.begun[step - 1];
            if steps >> step & 1 == 1 && begun != NEVER && at.saturating_sub(begun) <= within_ms {
                self.reach(step, begun);
            }
        }
        if steps & 1 == 1 && group == self.group {
            self.reach(0, at);
        }
    }

    /// Takes events of the same time: as many steps follow each other as can each have an event of their own.
    fn several(&mut self, events: &[(u32, u32)], at: i64, within_ms: i64) {
        let before = self.begun.clone();
        for first in 0..before.len() {
            let begun = if first == 0 { at } else { before[first - 1] };
            if begun == NEVER || at.saturating_sub(begun) > within_ms {
                continue;
            }
            let mut taken = vec![None; events.len()];
            for step in first..before.len() {
                let mut asked = vec![false; events.len()];
                if !self.find(step, events, &mut taken, &mut asked) {
                    break;
                }
                self.reach(step, begun);
            }
        }
    }

    /// Finds an event for a step, where need be by finding another for the step that has it: an augmenting path of a
    /// bipartite matching.
    fn find(
        &self,
        step: usize,
        events: &[(u32, u32)],
        taken: &mut [Option<usize>],
        asked: &mut [bool],
    ) -> bool {
        for (place, (steps, group)) in events.iter().enumerate() {
            let fits = steps >> step & 1 == 1 && (step > 0 || *group == self.group);
            if !fits || asked[place] {
                continue;
            }
            asked[place] = true;
            let is_free = taken[place].is_none_or(|other| self.find(other, events, taken, asked));
            if is_free {
                taken[place] = Some(step);
                return true;
            }
        }
        false
    }

    fn reach(&mut self, step: usize, begun: i64) {
        self.begun[step] = self.begun[step].max(begun);
        self.reached = self.reached.max(step + 1);
    }
}

impl Machine for Funnels {
    fn sees(&self) -> Vec<usize> {
        self.leaves.clone()
    }

    fn ends(&self) -> Vec<usize> {
        vec![self.leaves[0]]
    }

    fn events(&mut self, events: &Events, held: &mut Held) -> Result<()> {
        let sequence = events.sequence(self.sequence);
        let steps = sequence.steps & self.all;
        if steps & 1 == 0 && self.chains.is_empty() {
            return Ok(());
        }
        if steps == 1 && self.by.is_none() {
            // Nothing but beginnings, of which the last is the one that counts.
            let last = sequence.moments.iter().rev().find(|moment| moment.steps & 1 == 1);
            return last.map_or(Ok(()), |last| self.one(1, NONE, last.at, held));
        }
        for moments in sequence.moments.chunk_by(|moment, next| moment.at == next.at) {
            match moments {
                [moment] if moment.steps & self.all == 0 => {}
                [moment] => {
                    let group = self.group(moment, events);
                    self.one(moment.steps & self.all, group, moment.at, held)?;
                }
                several => self.several(several, events, held)?,
            }
        }
        Ok(())
    }

    fn person_ends(&mut self, _node: u128, _tallies: &Tallies, held: &mut Held) -> Result<()> {
        for mut chain in self.chains.drain(..) {
            if !self.counts.contains_key(&chain.group) {
                held.group()?;
            }
            let counts = self.counts.entry(chain.group).or_insert_with(|| vec![0; self.leaves.len()]);
            counts[..chain.reached].iter_mut().for_each(|count| *count += 1);
            if self.spare.len() < SPARE {
                chain.begun.fill(NEVER);
                chain.reached = 0;
                self.spare.push(chain);
            }
        }
        Ok(())
    }

    fn found(mut self: Box<Self>, held: &Held) -> Found {
        if self.by.is_none() {
            self.counts.entry(NONE).or_insert_with(|| vec![0; self.leaves.len()]);
        }
        let text = |group: u32| held.text(group).map(str::to_owned);
        let rows = self.counts.into_iter().map(|(group, steps)| FunnelRow { group: text(group), steps });
        let mut rows: Vec<FunnelRow> = rows.collect();
        rows.sort_by(|row, other| {
            let by_name = (row.group.is_none(), &row.group).cmp(&(other.group.is_none(), &other.group));
            other.steps.first().cmp(&row.steps.first()).then(by_name)
        });
        Found::Funnel { rows }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;
    use lake::query::{Column, EventFilter, Question, Span};

    use super::*;
    use crate::query::machine::testing::{Happened, found, named};

    fn funnel(steps: &str, within_ms: i64) -> Funnel {
        let steps = steps.split(' ').map(named).collect();
        Funnel { steps, within_ms, span: Span::default(), by: None }
    }

    /// Returns how many steps one person reaches.
    fn reached(funnel: &Funnel, events: &[(i64, &str)]) -> usize {
        let events: Vec<Happened<'_>> = events.iter().map(|(at, name)| (*at, *name, None)).collect();
        let Found::Funnel { rows } = found(Question::Funnel(funnel.clone()), &[&events]) else {
            panic!("a funnel is answered by one");
        };
        assert_eq!((rows.len(), rows[0].steps.len()), (1, funnel.steps.len()));
        assert!(rows[0].steps.is_sorted_by(|step, next| step >= next), "{rows:?}");
        rows[0].steps.iter().sum::<i64>() as usize
    }

    #[test]
    fn steps_follow_each_other_in_time() {
        let abc = funnel("a b c", 100);
        assert_eq!(reached(&abc, &[(1, "a"), (2, "x"), (3, "b"), (9, "c")]), 3);
        assert_eq!(reached(&abc, &[(1, "b"), (2, "a"), (3, "c")]), 1);
        assert_eq!(reached(&abc, &[(1, "c"), (2, "b")]), 0);
        assert_eq!(reached(&abc, &[]), 0);
    }

    #[test]
    fn the_border_of_the_window_counts() {
        let abc = funnel("a b c", 10);
        assert_eq!(reached(&abc, &[(5, "a"), (9, "b"), (15, "c")]), 3);
        assert_eq!(reached(&abc, &[(5, "a"), (9, "b"), (16, "c")]), 2);
        assert_eq!(reached(&funnel("a b", 0), &[(5, "a"), (5, "b")]), 2);
        assert_eq!(reached(&funnel("a b", 0), &[(5, "a"), (6, "b")]), 1);
    }

    #[test]
    fn the_best_beginning_counts() {
        let abc = funnel("a b c", 10);
        // The first is too early, the second in time.
        assert_eq!(reached(&abc, &[(0, "a"), (8, "a"), (9, "b"), (15, "c")]), 3);
        // The second has no second step: the first leads furthest.
        assert_eq!(reached(&abc, &[(0, "a"), (1, "b"), (9, "a"), (10, "c"), (30, "b")]), 3);
        // What was reached stays reached.
        assert_eq!(reached(&abc, &[(0, "a"), (1, "b"), (50, "a")]), 2);
    }

    #[test]
    fn repeated_steps_take_an_event_each() {
        let aa = funnel("a a", 10);
        assert_eq!(reached(&aa, &[(1, "a")]), 1);
        assert_eq!(reached(&aa, &[(1, "a"), (1, "a")]), 2);
        assert_eq!(reached(&aa, &[(1, "a"), (12, "a"), (22, "a")]), 2);
        assert_eq!(reached(&funnel("a b a", 10), &[(1, "a"), (1, "b"), (1, "b")]), 2);
        assert_eq!(reached(&funnel("a b a", 10), &[(1, "b"), (1, "a"), (1, "a")]), 3);
    }

    #[test]
    fn events_of_one_time_come_in_either_order() {
        let abc = funnel("a b c", 10);
        assert_eq!(reached(&abc, &[(3, "c"), (3, "b"), (3, "a")]), 3);
        assert_eq!(reached(&abc, &[(1, "a"), (5, "c"), (5, "b")]), 3);
        // One event is no two steps, whichever it might be.
        let any = EventFilter { names: vec!["a".into(), "b".into()], ..EventFilter::default() };
        let mut wide = funnel("a b a", 10);
        wide.steps[0] = any;
        assert_eq!(reached(&wide, &[(1, "a"), (1, "b")]), 2);
        assert_eq!(reached(&wide, &[(1, "a"), (1, "b"), (1, "b")]), 3);
    }

    #[test]
    fn what_is_outside_the_span_is_not_seen() {
        let at = |ms| Some(Timestamp::from_ms(ms));
        let within = Funnel { span: Span { from: at(10), to: at(20) }, ..funnel("a b", 100) };
        assert_eq!(reached(&within, &[(10, "a"), (19, "b")]), 2);
        assert_eq!(reached(&within, &[(10, "a"), (20, "b")]), 1);
        assert_eq!(reached(&within, &[(9, "a"), (15, "b")]), 0);
    }

    #[test]
    fn each_group_is_a_funnel_of_its_own() {
        let question = Question::Funnel(Funnel { by: Some(Column::Channel), ..funnel("a b", 10) });
        let mail = Some("mail");
        let people: [&[Happened<'_>]; 3] = [
            // Begins from both; the second step is in time from the search alone.
            &[(0, "a", mail), (9, "a", Some("search")), (12, "b", None)],
            &[(0, "a", mail), (10, "b", Some("search"))],
            &[(0, "a", None), (5, "b", mail)],
        ];
        let Found::Funnel { rows } = found(question, &people) else { panic!("a funnel is answered by one") };
        let rows: Vec<(Option<&str>, &[i64])> =
            rows.iter().map(|row| (row.group.as_deref(), row.steps.as_slice())).collect();
        let expected: [(Option<&str>, &[i64]); 3] =
            [(mail, &[2, 1]), (Some("search"), &[1, 1]), (None, &[1, 1])];
        assert_eq!(rows, expected);
    }
}
