use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use kernel::Timestamp;

use crate::desk::Desk;
use crate::people::{NEVER, People};
use crate::plan::{Held, LeafId, LeafState, Place, Plan, Refused};
use crate::{EventView, Leaf, Window};

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
    pub(crate) due: BinaryHeap<Reverse<(i64, u32)>>,
    pub(crate) members_bytes: usize,
    pub(crate) desk: Desk,
    pub(crate) swept: u32,
    pub(crate) unswept: i64,
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
