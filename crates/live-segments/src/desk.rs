use crate::judge::Seen;
use crate::plan::{Place, Plan};
use crate::record::Record;

/// What is on the table while one person is looked at.
#[derive(Debug, Default)]
pub struct Desk {
    pub record: Record,
    pub written: Vec<u8>,
    /// By track, the events that it sees.
    pub seen: Vec<Vec<Seen>>,
    /// Tracks and folds that are looked at.
    pub tracks: Vec<u32>,
    pub folds: Vec<u32>,
    is_track: Vec<bool>,
}

impl Desk {
    pub fn clear(&mut self) {
        for track in self.tracks.drain(..) {
            self.seen[track as usize].clear();
            self.is_track[track as usize] = false;
        }
        self.folds.clear();
        self.record.clear();
    }

    pub fn look_at_track(&mut self, track: u32) {
        if self.seen.len() <= track as usize {
            self.seen.resize_with(track as usize + 1, Vec::new);
            self.is_track.resize(track as usize + 1, false);
        }
        if !std::mem::replace(&mut self.is_track[track as usize], true) {
            self.tracks.push(track);
        }
    }

    pub fn look_at_fold(&mut self, fold: u32) {
        if !self.folds.contains(&fold) {
            self.folds.push(fold);
        }
    }

    pub fn look_at(&mut self, plan: &Plan, class: u32) {
        let class = &plan.classes[class as usize];
        class.tracks.iter().for_each(|(track, _)| self.look_at_track(*track));
        class.folds.iter().for_each(|fold| self.look_at_fold(*fold));
    }

    pub fn look_at_leaf(&mut self, plan: &Plan, leaf: u32) {
        match plan.held(leaf).map(|held| held.place) {
            Some(Place::Track(track)) => self.look_at_track(track),
            Some(Place::Fold(fold)) => self.look_at_fold(fold),
            None => {}
        }
    }

    /// Looks at whatever the record has something about.
    pub fn look_at_all(&mut self, plan: &Plan) {
        for place in 0..self.record.log.len() {
            let class = self.record.log[place].class;
            if place == 0 || self.record.log[place - 1].class != class {
                self.look_at(plan, class);
            }
        }
        for place in 0..self.record.folds.len() {
            self.look_at_fold(self.record.folds[place].0);
        }
        for place in 0..self.record.done.len() {
            self.look_at_leaf(plan, self.record.done[place]);
        }
    }

    /// Puts the record's events before the tracks that see them.
    pub fn gather(&mut self, plan: &Plan) {
        self.tracks.iter().for_each(|track| self.seen[*track as usize].clear());
        if self.tracks.is_empty() {
            return;
        }
        for event in &self.record.log {
            for (track, mask) in &plan.classes[event.class as usize].tracks {
                if self.is_track.get(*track as usize) == Some(&true) {
                    self.seen[*track as usize].push(Seen { at: event.at, mask: *mask, micros: event.micros });
                }
            }
        }
    }
}
