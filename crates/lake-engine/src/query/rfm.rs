use std::collections::BTreeMap;

use kernel::Result;
use lake::query::{Found, Rfm, RfmRow};

use super::held::Held;
use super::machine::{Machine, Tallies, Tally};
use super::plan::Wanted;

/// Answers how late, how often and how much people did something, in groups of equal size (RFM 分层).
#[derive(Debug)]
pub struct Tiers {
    leaf: usize,
    groups: usize,
    /// Of everybody who did it, in the order of their nodes.
    people: Vec<Figures>,
}

#[derive(Clone, Copy, Debug)]
struct Figures {
    last: i64,
    sum: f64,
    count: i64,
}

impl Tiers {
    pub fn new(rfm: &Rfm, wanted: &mut Wanted) -> Self {
        let leaf = wanted.leaf(&rfm.filter, rfm.span);
        wanted.tally(leaf);
        wanted.times();
        wanted.values();
        Self { leaf, groups: rfm.groups as usize, people: Vec::new() }
    }

    /// Returns each person's group by one figure; equal ones stay in the order of the nodes.
    fn tiers<K: Ord>(&self, of: impl Fn(&Figures) -> K) -> Vec<u8> {
        let mut order: Vec<u32> = (0..self.people.len() as u32).collect();
        order.sort_unstable_by_key(|place| (of(&self.people[*place as usize]), *place));
        let mut tiers = vec![0; order.len()];
        for (rank, place) in order.into_iter().enumerate() {
            tiers[place as usize] = tier(rank, tiers.len(), self.groups);
        }
        tiers
    }
}

/// Returns the group, counted from 1, of a rank among so many; the first groups take what is left over.
fn tier(rank: usize, of: usize, groups: usize) -> u8 {
    let (size, left) = (of / groups, of % groups);
    let larger = left * (size + 1);
    let before = if rank < larger { rank / (size + 1) } else { left + (rank - larger) / size };
    before as u8 + 1
}

/// Makes the order of numbers that of whole ones.
fn ordered(number: f64) -> i64 {
    let bits = number.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

impl Machine for Tiers {
    fn ends(&self) -> Vec<usize> {
        vec![self.leaf]
    }

    fn person_ends(&mut self, _node: u128, tallies: &Tallies, held: &mut Held) -> Result<()> {
        let Tally { count, sum, last, .. } = tallies.of(self.leaf);
        if count > 0 {
            held.value()?;
            self.people.push(Figures { last, sum, count });
        }
        Ok(())
    }

    fn found(self: Box<Self>, _held: &Held) -> Found {
        let recency = self.tiers(|figures| figures.last);
        let frequency = self.tiers(|figures| figures.count);
        // Zeros are equal, whichever sign they have.
        let monetary = self.tiers(|figures| ordered(figures.sum + 0.0));
        let mut cells: BTreeMap<[u8; 3], (i64, f64)> = BTreeMap::new();
        let tiers = recency.into_iter().zip(frequency).zip(monetary);
        for (((recency, frequency), monetary), figures) in tiers.zip(&self.people) {
            let cell = cells.entry([recency, frequency, monetary]).or_default();
            cell.0 += 1;
            cell.1 += figures.sum;
        }
        let rows = cells.into_iter().map(|([recency, frequency, monetary], (people, value))| RfmRow {
            recency: recency.into(),
            frequency: frequency.into(),
            monetary: monetary.into(),
            people,
            value,
        });
        Found::Rfm { rows: rows.collect() }
    }
}

#[cfg(test)]
mod tests {
    use lake::query::{Question, Span};

    use super::*;
    use crate::query::machine::testing::{Happened, found, named};

    #[test]
    fn groups_are_of_equal_size_and_the_first_take_the_rest() {
        let sizes = |of, groups| {
            let tiers: Vec<u8> = (0..of).map(|rank| tier(rank, of, groups)).collect();
            assert!(tiers.is_sorted());
            (1..=groups as u8)
                .map(|group| tiers.iter().filter(|tier| **tier == group).count())
                .collect::<Vec<_>>()
        };
        assert_eq!(sizes(10, 5), [2, 2, 2, 2, 2]);
        assert_eq!(sizes(12, 5), [3, 3, 2, 2, 2]);
        assert_eq!(sizes(3, 5), [1, 1, 1, 0, 0]);
        assert_eq!(sizes(0, 5), [0; 5]);
    }

    #[test]
    fn numbers_keep_their_order_as_whole_ones() {
        let numbers = [f64::MIN, -2.5, -1.0, 0.0, 0.5, 1.0, f64::MAX];
        assert!(numbers.map(ordered).is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn people_are_told_apart_by_all_three() {
        // An event's value is its time here.
        let events: [&[Happened<'_>]; 4] = [
            &[(90, "buy", None)],
            &[(1, "buy", None), (2, "buy", None), (3, "buy", None)],
            &[(50, "see", None)],
            &[(40, "buy", None), (60, "buy", None)],
        ];
        let question = Rfm { filter: named("buy"), span: Span::default(), groups: 3 };
        let Found::Rfm { rows } = found(Question::Rfm(question), &events) else { panic!("it is none") };
        let rows: Vec<_> = rows
            .iter()
            .map(|row| (row.recency, row.frequency, row.monetary, row.people, row.value))
            .collect();
        assert_eq!(rows, [(1, 3, 1, 1, 6.0), (2, 2, 3, 1, 100.0), (3, 1, 2, 1, 90.0)]);
    }
}
