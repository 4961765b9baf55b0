//! What is done when memory is short: leaves are given up by name, those first whose events take most.

use crate::live::{Live, News};
use crate::plan::{LeafId, LeafState, Place, Plan};
use crate::record::Record;
use crate::{Leaf, Window};

impl Live {
    /// Gives up leaves until a tenth of the memory is free again. It goes through everybody's record, which takes about
    /// a second for a million people; when nothing is left to give up, nothing is kept either.
    pub(crate) fn relieve(&mut self, news: &mut News) {
        if self.bytes() <= self.limits.bytes {
            return;
        }
        let enough = self.limits.bytes / 10 * 9;
        let mut at_once = 1;
        while self.bytes() > enough {
            let weights = self.weights();
            let heaviest: Vec<u32> = heaviest(&self.plan, &weights).into_iter().take(at_once).collect();
            if heaviest.is_empty() {
                break;
            }
            self.plan.give_up(&heaviest);
            news.overloaded.extend(heaviest.into_iter().map(LeafId));
            self.trim();
            // Where leaves share their events, giving one up frees little: more of them at each round.
            at_once *= 2;
        }
    }

    fn weights(&mut self) -> Weights {
        let mut weights =
            Weights { tracks: vec![0; self.plan.tracks.len()], folds: vec![0; self.plan.folds.len()] };
        let mut record = Record::default();
        for slot in 0..self.people.slots() {
            if self.people.is_taken(slot) && record.read(&self.people.get(slot).record).is_some() {
                weights.add(&self.plan, &record);
            }
        }
        weights
    }

    /// Drops from all records what no leaf needs any more.
    fn trim(&mut self) {
        let (mut record, mut written) = (Record::default(), Vec::new());
        for slot in 0..self.people.slots() {
            if !self.people.is_taken(slot) || self.aside.contains(&slot) {
                continue;
            }
            let _ = record.read(&self.people.get(slot).record);
            self.plan.prune(&mut record, self.now);
            record.write(&mut written);
            match written.is_empty() {
                true => self.people.remove(slot),
                false => self.people.keep(slot, &written),
            }
            if self.people.len() == 0 {
                break;
            }
        }
        if self.people.len() == self.aside.len() {
            self.plan.forget_classes();
        }
        self.rebuild_due();
        self.measure_members();
    }
}

/// How much is kept for each track and fold.
struct Weights {
    tracks: Vec<usize>,
    folds: Vec<usize>,
}

impl Weights {
    fn add(&mut self, plan: &Plan, record: &Record) {
        for event in &record.log {
            for (track, _) in &plan.classes[event.class as usize].tracks {
                self.tracks[*track as usize] += 1;
            }
        }
        for (fold, _) in &record.folds {
            // A summary takes about as much as two events.
            self.folds[*fold as usize] += 2;
        }
    }
}

/// Returns the leaves that are not given up yet, the heaviest first; of those alike, the one that keeps longest.
fn heaviest(plan: &Plan, weights: &Weights) -> Vec<u32> {
    let here = plan.in_state(LeafState::Live).chain(plan.in_state(LeafState::Loading));
    let mut leaves: Vec<(usize, i64, u32)> = here
        .filter_map(|id| {
            let held = plan.held(id)?;
            let kept = match held.place {
                Place::Track(track) => weights.tracks[track as usize],
                Place::Fold(fold) => weights.folds[fold as usize],
            };
            Some((kept + held.members.bytes() / 8, keeps_ms(&held.leaf), id))
        })
        .collect();
    leaves.sort_unstable_by(|one, other| other.cmp(one));
    leaves.into_iter().map(|(_, _, id)| id).collect()
}

fn keeps_ms(leaf: &Leaf) -> i64 {
    if let Window::Last { ms } = leaf.window { ms } else { i64::MAX }
}
