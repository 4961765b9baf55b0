use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use kernel::Timestamp;

use crate::judge::{Seen, judge};
use crate::people::{NEVER, People};
use crate::plan::{Held, LeafId, LeafState, Place, Plan, Refused};
use crate::record::{Logged, Record};
use crate::{EventView, Leaf, Window};

/// Within this time, everybody's record is looked through for what nobody needs any more.
const SWEEP_MS: i64 = 3_600_000;
/// Records looked through at a time, at most.
const SWEEP_MAX: i64 = 1_000;

/// Limits (上限).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Memory, in bytes, as `Live::bytes` counts it.
    pub bytes: usize,
    /// Events kept of one person. Each event of somebody who has many costs time in proportion.
    pub events_per_person: usize,
    /// Different leaves.
    pub leaves: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 2 << 30, events_per_person: 20_000, leaves: 5_000 }
    }
}

/// Change (变化): a leaf holds for a person from now on, or no longer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which leaf.
    pub leaf: LeafId,
    /// Whose events.
    pub person: u128,
    /// Whether it holds now.
    pub holds: bool,
}

/// What came of a call (结果). Calls add to it; whoever has read it clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Changes of leaves that are live, in their order.
    pub changes: Vec<Change>,
    /// Leaves that were given up to stay within the limit: compute them in full from now on.
    pub overloaded: Vec<LeafId>,
    /// People whose events are too many to be kept: nothing is said about them until they are loaded or forgotten.
    pub aside: Vec<u128>,
}

/// Why nothing is said (不可实时判定).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotLive {
    /// There is no such leaf.
    #[error("there is no such condition")]
    Unknown,
    /// The leaf's history is not there yet.
    #[error("the condition's history is being loaded")]
    Loading,
    /// The leaf was given up to stay within the limit.
    #[error("the condition was given up to stay within the memory limit")]
    Overloaded,
    /// The person has too many events.
    #[error("the person has more events than are kept")]
    Aside,
}

/// Live leaves (实时条件) of all people. See the crate for how it is used.
#[derive(Debug)]
pub struct Live {
    pub(crate) limits: Limits,
    pub(crate) now: i64,
    /// Whether an event ever came: until then, no leaf lacks history.
    pub(crate) is_fed: bool,
    pub(crate) plan: Plan,
    pub(crate) people: People,
    pub(crate) aside: HashSet<u32>,
    due: BinaryHeap<Reverse<(i64, u32)>>,
    members_bytes: usize,
    desk: Desk,
    swept: u32,
    unswept: i64,
}

/// What is on the table while one person is looked at.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub record: Record,
    pub written: Vec<u8>,
    /// By track, the events that it sees.
    seen: Vec<Vec<Seen>>,
    /// Tracks and folds that are looked at.
    tracks: Vec<u32>,
    folds: Vec<u32>,
    is_track: Vec<bool>,
}

impl Live {
    /// Begins without leaves and without people.
    pub fn new(limits: Limits, now: Timestamp) -> Self {
        Self::with(limits, now.ms(), Plan::default())
    }

    pub(crate) fn with(limits: Limits, now: i64, plan: Plan) -> Self {
        Self {
            limits,
            now,
            is_fed: false,
            plan,
            people: People::default(),
            aside: HashSet::new(),
            due: BinaryHeap::new(),
            members_bytes: 0,
            desk: Desk::default(),
            swept: 0,
            unswept: 0,
        }
    }

    /// Adds a leaf; one that is there already is shared. Ask `state` whether its history must be loaded: it need not
    /// where no event ever came, or where a live leaf looks at the same events for at least as long. One that was given
    /// up stays so until everybody who added it removed it.
    pub fn add(&mut self, leaf: &Leaf) -> Result<LeafId, Refused> {
        let (id, is_new) = self.plan.add(leaf, self.limits.leaves)?;
        if is_new && (!self.is_fed || self.is_covered(id)) {
            self.ready(&[LeafId(id)]);
        }
        Ok(LeafId(id))
    }

    fn is_covered(&self, id: u32) -> bool {
        let Some(new) = self.plan.held(id) else { return false };
        self.plan.in_state(LeafState::Live).filter_map(|other| self.plan.held(other)).any(|other| {
            let is_long = match (new.leaf.window, other.leaf.window, new.place) {
                (_, _, Place::Fold(_)) => true,
                (Window::Last { ms: new }, Window::Last { ms: other }, _) => new <= other,
                _ => false,
            };
            other.place == new.place && is_long
        })
    }

    /// Takes back one `add`; the leaf goes when nobody has it any more. There are no changes for it.
    pub fn remove(&mut self, leaf: LeafId) {
        let bytes = self.plan.held(leaf.0).map_or(0, |held| held.members.bytes());
        if self.plan.remove(leaf.0) {
            self.members_bytes -= bytes;
        }
    }

    /// Says that everybody's history was loaded since these leaves were added: they are live from now on. For whom they
    /// hold at this moment is read by `exceptions`; changes come after that.
    pub fn ready(&mut self, leaves: &[LeafId]) {
        let loading: Vec<u32> = leaves.iter().map(|leaf| leaf.0).filter(|id| self.is_loading(*id)).collect();
        if loading.is_empty() {
            return;
        }
        let mut silence = News::default();
        for slot in 0..self.people.slots() {
            if self.people.is_taken(slot) && !self.aside.contains(&slot) {
                self.open(slot);
                self.look_at_all();
                self.look_at_leaves(&loading);
                self.close(slot, NEVER, &mut silence);
            }
        }
        for id in loading {
            if let Some(Some(held)) = self.plan.leaves.get_mut(id as usize) {
                held.state = LeafState::Live;
            }
        }
    }

    fn is_loading(&self, id: u32) -> bool {
        self.plan.held(id).is_some_and(|held| held.state == LeafState::Loading)
    }

    /// Takes an event, in whatever order they come, but each only once.
    pub fn feed(&mut self, person: u128, event: &EventView<'_>, now: Timestamp, news: &mut News) {
        self.advance(now, news);
        self.is_fed = true;
        let Some(class) = self.plan.classify(event) else { return };
        let slot = self.people.find_or_add(person);
        if self.aside.contains(&slot) {
            return;
        }
        let due = self.people.get(slot).due;
        self.open(slot);
        self.admit(class, event);
        self.desk.look_at(&self.plan, class);
        self.close(slot, due, news);
        self.relieve(news);
    }

    /// Lets time pass: windows end, and what was dated ahead begins to count. Time never goes back.
    pub fn advance(&mut self, now: Timestamp, news: &mut News) {
        let (before, now) = (self.now, now.ms());
        if now <= before {
            return;
        }
        self.now = now;
        while let Some(Reverse((due, slot))) = self.due.peek().copied() {
            if due > now {
                break;
            }
            self.due.pop();
            if self.people.is_taken(slot) && self.people.get(slot).due == due {
                self.wake(slot, before, news);
            }
        }
        self.sweep(now.saturating_sub(before), news);
        self.relieve(news);
    }

    /// Replaces everything that is known of a person by these events: all that was ever fed, whatever their order.
    pub fn load(&mut self, person: u128, events: &[EventView<'_>], now: Timestamp, news: &mut News) {
        self.advance(now, news);
        self.is_fed = true;
        let slot = self.people.find_or_add(person);
        self.aside.remove(&slot);
        self.open(slot);
        self.look_at_all();
        self.desk.record.clear();
        for event in events {
            if let Some(class) = self.plan.classify(event) {
                self.admit(class, event);
            }
        }
        self.look_at_all();
        self.close(slot, NEVER, news);
        self.relieve(news);
    }

    /// Drops everything that is known of a person; every leaf says of them what it says of people without events.
    pub fn forget(&mut self, person: u128, now: Timestamp, news: &mut News) {
        self.advance(now, news);
        let Some(slot) = self.people.find(person) else { return };
        if self.aside.remove(&slot) {
            return self.people.remove(slot);
        }
        self.open(slot);
        self.look_at_all();
        self.desk.record.clear();
        self.close(slot, NEVER, news);
    }

    /// Makes two people one: `from` is as if forgotten, and `into` has the events of both. When they are parted again,
    /// `load` both.
    pub fn merge(&mut self, into: u128, from: u128, now: Timestamp, news: &mut News) {
        self.advance(now, news);
        let Some(other) = self.people.find(from).filter(|_| into != from) else { return };
        let is_aside = self.aside.contains(&other);
        self.open(other);
        let record = self.desk.record.clone();
        self.forget(from, now, news);
        let slot = self.people.find_or_add(into);
        if self.aside.contains(&slot) {
            return;
        }
        self.open(slot);
        self.look_at_all();
        if is_aside {
            return self.put_aside(slot, news);
        }
        self.desk.record.join(&record);
        self.look_at_all();
        self.close(slot, NEVER, news);
        self.relieve(news);
    }

    /// Says whether a leaf holds for a person at the moment that was last told.
    pub fn holds(&self, leaf: LeafId, person: u128) -> Result<bool, NotLive> {
        let held = self.live(leaf)?;
        match self.people.find(person) {
            Some(slot) if self.aside.contains(&slot) => Err(NotLive::Aside),
            Some(slot) => Ok(held.members.has(slot) != held.by_default),
            None => Ok(held.by_default),
        }
    }

    /// Returns what a leaf says of everybody of whom nothing else is said.
    pub fn by_default(&self, leaf: LeafId) -> Result<bool, NotLive> {
        Ok(self.live(leaf)?.by_default)
    }

    /// Returns the people of whom a leaf says the opposite of `by_default`: those for whom it holds, where it does not
    /// hold for people without events.
    pub fn exceptions(&self, leaf: LeafId) -> Result<impl ExactSizeIterator<Item = u128> + '_, NotLive> {
        let members = &self.live(leaf)?.members;
        let slots = members.iter().map(|slot| self.people.get(slot).id);
        Ok(Sized { left: members.len(), slots })
    }

    /// Returns the people who were put aside, as `News::aside` told.
    pub fn aside(&self) -> impl Iterator<Item = u128> + '_ {
        self.aside.iter().map(|slot| self.people.get(*slot).id)
    }

    /// Returns how far a leaf is.
    pub fn state(&self, leaf: LeafId) -> Option<LeafState> {
        Some(self.plan.held(leaf.0)?.state)
    }

    /// Returns every leaf that is held.
    pub fn leaves(&self) -> impl Iterator<Item = (LeafId, &Leaf)> + '_ {
        let held = self.plan.leaves.iter().enumerate();
        held.filter_map(|(id, held)| Some((LeafId(id as u32), &held.as_ref()?.leaf)))
    }

    /// Returns the moment that was last told.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.now)
    }

    /// Returns how many people have something that is kept.
    pub fn people(&self) -> usize {
        self.people.len()
    }

    /// Returns how often an event was held against a filter since the beginning.
    pub fn tested(&self) -> u64 {
        self.plan.tested
    }

    /// Returns how much memory is taken, in bytes.
    pub fn bytes(&self) -> usize {
        self.people.bytes()
            + self.plan.bytes()
            + self.members_bytes
            + self.due.capacity() * size_of::<(i64, u32)>()
            + self.aside.capacity() * size_of::<u64>()
    }

    fn live(&self, leaf: LeafId) -> Result<&Held, NotLive> {
        let held = self.plan.held(leaf.0).ok_or(NotLive::Unknown)?;
        match held.state {
            LeafState::Live => Ok(held),
            LeafState::Loading => Err(NotLive::Loading),
            LeafState::Overloaded => Err(NotLive::Overloaded),
        }
    }
}

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

    fn look_at_leaves(&mut self, leaves: &[u32]) {
        leaves.iter().for_each(|leaf| self.desk.look_at_leaf(&self.plan, *leaf));
    }

    /// Writes an event into the record that is open.
    fn admit(&mut self, class: u32, event: &EventView<'_>) {
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
    fn wake(&mut self, slot: u32, before: i64, news: &mut News) {
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
    fn put_aside(&mut self, slot: u32, news: &mut News) {
        self.look_at_all();
        self.judge_all(slot, None);
        self.people.keep(slot, &[]);
        self.people.set_due(slot, NEVER);
        self.aside.insert(slot);
        news.aside.push(self.people.get(slot).id);
    }

    /// Looks through some records for what nobody needs any more.
    fn sweep(&mut self, passed_ms: i64, news: &mut News) {
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

impl Desk {
    fn clear(&mut self) {
        for track in self.tracks.drain(..) {
            self.seen[track as usize].clear();
            self.is_track[track as usize] = false;
        }
        self.folds.clear();
        self.record.clear();
    }

    fn look_at_track(&mut self, track: u32) {
        if self.seen.len() <= track as usize {
            self.seen.resize_with(track as usize + 1, Vec::new);
            self.is_track.resize(track as usize + 1, false);
        }
        if !std::mem::replace(&mut self.is_track[track as usize], true) {
            self.tracks.push(track);
        }
    }

    fn look_at_fold(&mut self, fold: u32) {
        if !self.folds.contains(&fold) {
            self.folds.push(fold);
        }
    }

    fn look_at(&mut self, plan: &Plan, class: u32) {
        let class = &plan.classes[class as usize];
        class.tracks.iter().for_each(|(track, _)| self.look_at_track(*track));
        class.folds.iter().for_each(|fold| self.look_at_fold(*fold));
    }

    fn look_at_leaf(&mut self, plan: &Plan, leaf: u32) {
        match plan.held(leaf).map(|held| held.place) {
            Some(Place::Track(track)) => self.look_at_track(track),
            Some(Place::Fold(fold)) => self.look_at_fold(fold),
            None => {}
        }
    }

    /// Looks at whatever the record has something about.
    fn look_at_all(&mut self, plan: &Plan) {
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
    fn gather(&mut self, plan: &Plan) {
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

/// An iterator whose length is known.
struct Sized<I> {
    left: usize,
    slots: I,
}

impl<I: Iterator<Item = u128>> Iterator for Sized<I> {
    type Item = u128;

    fn next(&mut self) -> Option<u128> {
        self.left = self.left.saturating_sub(1);
        self.slots.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<I: Iterator<Item = u128>> ExactSizeIterator for Sized<I> {}
