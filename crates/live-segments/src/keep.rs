//! What happens to one person's record.

use std::cmp::Reverse;

use crate::EventView;
use crate::desk::Desk;
use crate::judge::judge;
use crate::live::{Change, Live, News};
use crate::people::NEVER;
use crate::plan::{Held, LeafId, LeafState};
use crate::record::Logged;

/// Within this time, everybody's record is looked through for what nobody needs any more.
const SWEEP_MS: i64 = 3_600_000;
/// Records looked through at a time, at most.
const SWEEP_MAX: i64 = 1_000;

/// What happens to one person's record between `open` and `close`.
impl Live {
    pub(crate) fn open(&mut self, slot: u32) {
        self.desk.clear();
        // What cannot be read was refused when it was restored.
        let _ = self.desk.record.read(&self.people.get(slot).record);
    }

    pub(crate) fn look_at_all(&mut self) {
        self.desk.look_at_all(&self.plan);
    }

    pub(crate) fn look_at_leaves(&mut self, leaves: &[u32]) {
        leaves.iter().for_each(|leaf| self.desk.look_at_leaf(&self.plan, *leaf));
    }

    /// Writes an event into the record that is open.
    pub(crate) fn admit(&mut self, class: u32, event: &EventView<'_>) {
        let at = event.at.ms();
        let logged = Logged { at, class, micros: event.value.map_or(0, crate::micros) };
        if at <= self.now {
            self.plan.fold(&mut self.desk.record, &logged);
        }
        if self.plan.needs(&logged, &self.desk.record.done, self.now) {
            self.desk.record.insert(logged);
        }
    }

    /// Does what was due: events whose time has come are counted, and everything is judged anew.
    pub(crate) fn wake(&mut self, slot: u32, before: i64, news: &mut News) {
        self.open(slot);
        let record = &mut self.desk.record;
        let from = record.log.partition_point(|event| event.at <= before);
        let to = record.log.partition_point(|event| event.at <= self.now);
        for place in from..to {
            let event = record.log[place];
            self.plan.fold(record, &event);
        }
        self.look_at_all();
        self.close(slot, NEVER, news);
    }

    /// Judges what is looked at, and keeps what is still needed.
    pub(crate) fn close(&mut self, slot: u32, due: i64, news: &mut News) {
        if self.desk.record.log.len() > self.limits.events_per_person {
            self.plan.prune(&mut self.desk.record, self.now);
            if self.desk.record.log.len() > self.limits.events_per_person {
                return self.put_aside(slot, news);
            }
        }
        let mut due = due.min(self.judge_all(slot, Some(news)));
        let Desk { record, written, .. } = &mut self.desk;
        self.plan.prune(record, self.now);
        let ahead = record.log.partition_point(|event| event.at <= self.now);
        due = due.min(record.log.get(ahead).map_or(NEVER, |event| event.at));
        record.write(written);
        if written.is_empty() {
            return self.people.remove(slot);
        }
        self.people.keep(slot, written);
        if due != self.people.get(slot).due {
            self.people.set_due(slot, due);
            if due != NEVER {
                self.due.push(Reverse((due, slot)));
            }
        }
        // What was put off leaves its old entry behind.
        if self.due.len() > 2 * self.people.len() + 1_024 {
            self.rebuild_due();
        }
    }

    pub(crate) fn rebuild_due(&mut self) {
        let slots = (0..self.people.slots()).filter(|slot| self.people.is_taken(*slot));
        let due = slots.map(|slot| Reverse((self.people.get(slot).due, slot)));
        self.due = due.filter(|Reverse((due, _))| *due != NEVER).collect::<Vec<_>>().into();
    }

    /// Judges every leaf of what is looked at and returns when time will change one; without news, nobody is in.
    fn judge_all(&mut self, slot: u32, mut news: Option<&mut News>) -> i64 {
        let person = self.people.get(slot).id;
        self.desk.gather(&self.plan);
        let (plan, desk) = (&mut self.plan, &mut self.desk);
        let (mut due, before) = (NEVER, self.members_bytes);
        let mut bytes = before;
        let mut note = |id: u32, held: &mut Held, holds: bool| {
            bytes -= held.members.bytes();
            let is_change = held.members.set(slot, news.is_some() && holds != held.by_default);
            bytes += held.members.bytes();
            if let Some(news) = news.as_deref_mut()
                && is_change
                && held.state == LeafState::Live
            {
                news.changes.push(Change { leaf: LeafId(id), person, holds });
            }
        };
        for track in &desk.tracks {
            let Some(it) = &plan.tracks[*track as usize] else { continue };
            for id in &it.leaves {
                let Some(held) = &mut plan.leaves[*id as usize] else { continue };
                let is_done = held.is_lasting() && desk.record.done.contains(id);
                let (holds, until) = match is_done {
                    true => (true, NEVER),
                    false => judge(&held.leaf, &held.rule, &desk.seen[*track as usize], self.now),
                };
                if holds && held.is_lasting() {
                    desk.record.finish(*id);
                }
                due = due.min(until);
                note(*id, held, holds);
            }
        }
        for fold in &desk.folds {
            let Some(it) = &plan.folds[*fold as usize] else { continue };
            let summary = desk.record.summary(*fold);
            for id in &it.leaves {
                let Some(held) = &mut plan.leaves[*id as usize] else { continue };
                let holds = held.rule.fits(&summary);
                note(*id, held, holds);
            }
        }
        self.members_bytes = bytes;
        due
    }

    /// Gives up on a person whose record is open and all looked at.
    pub(crate) fn put_aside(&mut self, slot: u32, news: &mut News) {
        self.look_at_all();
        self.judge_all(slot, None);
        self.people.keep(slot, &[]);
        self.people.set_due(slot, NEVER);
        self.aside.insert(slot);
        news.aside.push(self.people.get(slot).id);
    }

    /// Looks through some records for what nobody needs any more.
    pub(crate) fn sweep(&mut self, passed_ms: i64, news: &mut News) {
        let all = i64::from(self.people.slots());
        self.unswept = self.unswept.saturating_add(all.saturating_mul(passed_ms));
        let turns = (self.unswept / SWEEP_MS).min(SWEEP_MAX).min(all);
        self.unswept = if turns == SWEEP_MAX { 0 } else { self.unswept % SWEEP_MS };
        for _ in 0..turns {
            self.swept = if self.swept + 1 < self.people.slots() { self.swept + 1 } else { 0 };
            let slot = self.swept;
            if self.people.is_taken(slot) && !self.aside.contains(&slot) {
                self.open(slot);
                let due = self.people.get(slot).due;
                self.close(slot, due, news);
            }
        }
    }

    pub(crate) fn measure_members(&mut self) {
        self.members_bytes = self.plan.leaves.iter().flatten().map(|held| held.members.bytes()).sum();
    }
}
