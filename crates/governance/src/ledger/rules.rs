//! What a movement does to a balance.

use std::collections::BTreeMap;

use kernel::Id;

use super::{Balance, Difference, EntryKind};
use crate::line::Line;

/// What a movement adds to the four sums of a line and month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delta {
    pub planned: i64,
    pub adjusted: i64,
    pub committed: i64,
    pub spent: i64,
}

impl Delta {
    /// Returns how much less is left afterwards.
    pub(crate) fn takes(self) -> i64 {
        self.committed + self.spent - self.planned - self.adjusted
    }

    /// Returns what entries of these kinds and amounts add up to.
    pub(crate) fn of(entries: &[(EntryKind, i64)]) -> Self {
        let mut delta = Self::default();
        for (kind, amount) in entries {
            *match kind {
                EntryKind::Plan => &mut delta.planned,
                EntryKind::Adjust => &mut delta.adjusted,
                EntryKind::Reserve | EntryKind::Release => &mut delta.committed,
                EntryKind::Expense | EntryKind::Reversal => &mut delta.spent,
            } += amount;
        }
        delta
    }
}

/// Returns the twelve months of a line: its balances, or its plan while nobody approved it.
pub(crate) fn months_of(line: &Line, balances: &[Balance]) -> Vec<Balance> {
    (1..=12)
        .zip(line.months.iter().copied().chain(std::iter::repeat(0)))
        .map(|(month, planned)| {
            let known = balances.iter().find(|balance| balance.line_id == line.id && balance.month == month);
            known.cloned().unwrap_or(Balance {
                line_id: line.id,
                month,
                planned_minor: planned,
                adjusted_minor: 0,
                committed_minor: 0,
                spent_minor: 0,
                overrun: false,
            })
        })
        .collect()
}

/// One figure of a line and month: the sum of its entries of a kind, or a part of its balance.
pub(crate) type Figure = (Id, i64, String, i64);

/// Parts of a balance, as [`super::sql::FIGURES`] names them.
const PARTS: [&str; 4] = ["planned", "adjusted", "committed", "spent"];

/// Compares the sums of entries with the balances, for every line and month that either names.
pub(crate) fn differences(figures: &[Figure]) -> Vec<Difference> {
    let mut cells: BTreeMap<(Id, i64), ([i64; 4], [i64; 4])> = BTreeMap::new();
    for (line, month, name, amount) in figures {
        let (ledger, balance) = cells.entry((*line, *month)).or_default();
        if let Some(place) = PARTS.iter().position(|part| part == name) {
            balance[place] = *amount;
        } else if let Ok(kind) = name.parse::<EntryKind>() {
            let delta = Delta::of(&[(kind, *amount)]);
            let parts = [delta.planned, delta.adjusted, delta.committed, delta.spent];
            ledger.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
        }
    }
    let mut found = Vec::new();
    for ((line_id, month), (ledger, balance)) in cells {
        for (place, part) in PARTS.iter().enumerate().filter(|(place, _)| ledger[*place] != balance[*place]) {
            found.push(Difference {
                line_id,
                month,
                part: (*part).to_owned(),
                ledger_minor: ledger[place],
                balance_minor: balance[place],
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_that_is_not_its_sum_is_named() {
        let line = Id::new();
        let figure = |name: &str, amount| (line, 3, name.to_owned(), amount);
        let mut figures =
            vec![figure("plan", 500), figure("planned", 500), figure("reserve", 200), figure("release", -50)];
        figures.push(figure("committed", 150));
        assert_eq!(differences(&figures), []);
        figures.push(figure("spent", 1));
        let found = differences(&figures);
        assert_eq!((found.len(), found[0].part.as_str(), found[0].balance_minor), (1, "spent", 1));
    }
}
