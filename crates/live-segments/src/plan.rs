use std::collections::{BTreeSet, HashMap};

use kernel::Timestamp;
use lake::query::{EventFilter, Span};
use serde::{Deserialize, Serialize};

use crate::index::Index;
use crate::leaf::{Rule, Summary};
use crate::members::Members;
use crate::record::{Logged, Record};
use crate::saved::{SavedSpan, filter_key, leaf_key, span_of};
use crate::sequence::STEPS_MAX;
use crate::{EventView, Leaf, LeafTest, Window, matches};

/// Which leaf (条件编号). Never given to another, so that an old one names nothing rather than something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LeafId(pub u32);

/// How far a leaf is (条件状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeafState {
    /// Its history is being loaded: nothing is said about it yet.
    Loading,
    /// It is kept true.
    Live,
    /// Given up to stay within the limit: it must be computed in full elsewhere.
    Overloaded,
}

/// Why a leaf was not taken (拒绝原因).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There are as many as there may be.
    #[error("there are as many conditions as there may be")]
    TooManyLeaves,
    /// More than 32 steps.
    #[error("a sequence has too many steps")]
    TooManySteps,
}

/// A leaf that is held.
#[derive(Debug)]
pub struct Held {
    pub leaf: Leaf,
    pub rule: Rule,
    /// How often it was added: equal leaves share one.
    pub shared: u32,
    pub state: LeafState,
    pub place: Place,
    /// What it says of people without events.
    pub by_default: bool,
    /// Slots of the people of whom it says the opposite.
    pub members: Members,
}

/// Where a leaf finds what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Among the events that are kept, because they leave again or follow each other.
    Track(u32),
    /// In a summary, because what counts once counts for good.
    Fold(u32),
}

/// Filters, the steps in turn, whose events are looked at together.
#[derive(Debug)]
pub struct Track {
    pub filters: Vec<u32>,
    pub leaves: Vec<u32>,
}

/// A summary of all events of a filter, or of those of a span.
#[derive(Debug)]
pub struct Fold {
    pub filter: u32,
    pub span: Span,
    pub leaves: Vec<u32>,
}

/// Events that fit the same filters (事件类), and what follows from that.
#[derive(Debug, Default)]
pub struct Class {
    pub filters: Vec<u32>,
    /// Tracks that see them, with the steps they fit.
    pub tracks: Vec<(u32, u32)>,
    pub folds: Vec<u32>,
    /// How long some window has them.
    pub keep_ms: i64,
    /// Sequences without a moving window: they need them until they are complete.
    pub lasting: Vec<(u32, Window)>,
}

/// Plan (计划): the leaves, and what they have in common.
#[derive(Debug, Default)]
pub struct Plan {
    pub leaves: Vec<Option<Held>>,
    pub filters: Vec<Option<EventFilter>>,
    pub tracks: Vec<Option<Track>>,
    pub folds: Vec<Option<Fold>>,
    pub classes: Vec<Class>,
    by_key: HashMap<Vec<u8>, u32>,
    filter_of: HashMap<Vec<u8>, u32>,
    class_of: HashMap<Vec<u32>, u32>,
    index: Index,
    fitting: Vec<u32>,
    /// Filters that events were held against.
    pub tested: u64,
    bytes: usize,
}

impl Plan {
    pub fn held(&self, id: u32) -> Option<&Held> {
        self.leaves.get(id as usize)?.as_ref()
    }

    /// Returns leaves of a state.
    pub fn in_state(&self, state: LeafState) -> impl Iterator<Item = u32> + '_ {
        let held = self.leaves.iter().enumerate().filter_map(|(id, held)| Some((id, held.as_ref()?)));
        held.filter(move |(_, held)| held.state == state).map(|(id, _)| id as u32)
    }

    /// Adds a leaf, or shares an equal one; the second is true where it is new.
    pub fn add(&mut self, leaf: &Leaf, leaves_max: usize) -> Result<(u32, bool), Refused> {
        if matches!(&leaf.test, LeafTest::Sequence { then, .. } if then.len() >= STEPS_MAX) {
            return Err(Refused::TooManySteps);
        }
        let key = leaf_key(leaf);
        if let Some(id) = self.by_key.get(&key)
            && let Some(Some(held)) = self.leaves.get_mut(*id as usize)
        {
            held.shared += 1;
            return Ok((*id, false));
        }
        if self.by_key.len() >= leaves_max {
            return Err(Refused::TooManyLeaves);
        }
        let place = self.place(leaf);
        let id = self.leaves.len() as u32;
        self.by_key.insert(key, id);
        self.leaves.push(Some(Held::new(leaf.clone(), place)));
        self.derive();
        Ok((id, true))
    }

    /// Takes back one `add`; returns true where nobody has the leaf any more.
    pub fn remove(&mut self, id: u32) -> bool {
        let Some(Some(held)) = self.leaves.get_mut(id as usize) else { return false };
        held.shared -= 1;
        if held.shared > 0 {
            return false;
        }
        let key = leaf_key(&held.leaf);
        self.by_key.remove(&key);
        self.leaves[id as usize] = None;
        self.derive();
        true
    }

    /// Stops keeping leaves true.
    pub fn give_up(&mut self, ids: &[u32]) {
        for id in ids {
            if let Some(Some(held)) = self.leaves.get_mut(*id as usize) {
                held.state = LeafState::Overloaded;
                held.members = Members::default();
            }
        }
        self.derive();
    }

    fn place(&mut self, leaf: &Leaf) -> Place {
        let first = self.filter(&leaf.filter);
        let span = match (leaf.window, &leaf.test) {
            (_, LeafTest::Sequence { then, .. }) => {
                let mut filters = vec![first];
                filters.extend(then.iter().map(|step| self.filter(step)));
                return Place::Track(self.track(filters));
            }
            (Window::Last { .. }, _) => return Place::Track(self.track(vec![first])),
            (Window::Ever, _) => Span::default(),
            (Window::Between(span), _) => span,
        };
        let same =
            |fold: &Option<Fold>| fold.as_ref().is_some_and(|it| it.filter == first && it.span == span);
        let place = self.folds.iter().position(same).unwrap_or_else(|| {
            self.folds.push(Some(Fold { filter: first, span, leaves: Vec::new() }));
            self.folds.len() - 1
        });
        Place::Fold(place as u32)
    }

    fn filter(&mut self, filter: &EventFilter) -> u32 {
        let key = filter_key(filter);
        if let Some(number) = self.filter_of.get(&key) {
            return *number;
        }
        self.filters.push(Some(filter.clone()));
        let number = (self.filters.len() - 1) as u32;
        self.filter_of.insert(key, number);
        number
    }

    fn track(&mut self, filters: Vec<u32>) -> u32 {
        let same = |track: &Option<Track>| track.as_ref().is_some_and(|track| track.filters == filters);
        let place = self.tracks.iter().position(same).unwrap_or_else(|| {
            self.tracks.push(Some(Track { filters: filters.clone(), leaves: Vec::new() }));
            self.tracks.len() - 1
        });
        place as u32
    }

    /// Works out everything that follows from the leaves. What no leaf needs any more is dropped, and its number is
    /// never used again: records may still have it.
    pub fn derive(&mut self) {
        self.tracks.iter_mut().flatten().for_each(|track| track.leaves.clear());
        self.folds.iter_mut().flatten().for_each(|fold| fold.leaves.clear());
        for (id, held) in self.leaves.iter().enumerate() {
            let Some(held) = held.as_ref().filter(|held| held.state != LeafState::Overloaded) else {
                continue;
            };
            let leaves = match held.place {
                Place::Track(track) => self.tracks[track as usize].as_mut().map(|track| &mut track.leaves),
                Place::Fold(fold) => self.folds[fold as usize].as_mut().map(|fold| &mut fold.leaves),
            };
            leaves.into_iter().for_each(|leaves| leaves.push(id as u32));
        }
        self.tracks.iter_mut().for_each(|it| *it = it.take().filter(|track| !track.leaves.is_empty()));
        self.folds.iter_mut().for_each(|it| *it = it.take().filter(|fold| !fold.leaves.is_empty()));
        let mut used: BTreeSet<u32> = self.folds.iter().flatten().map(|fold| fold.filter).collect();
        used.extend(self.tracks.iter().flatten().flat_map(|track| track.filters.iter().copied()));
        self.index = Index::default();
        self.filter_of.clear();
        for (number, place) in self.filters.iter_mut().enumerate() {
            *place = place.take().filter(|_| used.contains(&(number as u32)));
            if let Some(filter) = place {
                self.index.add(number as u32, filter);
                self.filter_of.insert(filter_key(filter), number as u32);
            }
        }
        for place in 0..self.classes.len() {
            let filters = std::mem::take(&mut self.classes[place].filters);
            self.classes[place] = self.class(filters);
        }
        self.measure();
    }

    fn class(&self, filters: Vec<u32>) -> Class {
        let mut class = Class { filters, ..Class::default() };
        let fits = |filter: &u32| class.filters.binary_search(filter).is_ok();
        for (number, track) in self.tracks.iter().enumerate() {
            let Some(track) = track else { continue };
            let steps = track.filters.iter().enumerate().filter(|(_, filter)| fits(filter));
            let mask = steps.fold(0, |mask, (step, _)| mask | 1 << step);
            if mask == 0 {
                continue;
            }
            class.tracks.push((number as u32, mask));
            for id in &track.leaves {
                match self.held(*id).map(|held| held.leaf.window) {
                    Some(Window::Last { ms }) => class.keep_ms = class.keep_ms.max(ms),
                    Some(window) => class.lasting.push((*id, window)),
                    None => {}
                }
            }
        }
        let folds = self.folds.iter().enumerate().filter_map(|(number, fold)| Some((number, fold.as_ref()?)));
        class.folds = folds.filter(|(_, fold)| fits(&fold.filter)).map(|(number, _)| number as u32).collect();
        class
    }

    /// Returns the class of an event; nothing where no leaf is concerned.
    pub fn classify(&mut self, event: &EventView<'_>) -> Option<u32> {
        let mut fitting = std::mem::take(&mut self.fitting);
        fitting.clear();
        let mut tested = 0;
        for number in self.index.candidates(event) {
            tested += 1;
            if self.filters[number as usize].as_ref().is_some_and(|filter| matches(filter, event)) {
                fitting.push(number);
            }
        }
        self.tested += tested;
        fitting.sort_unstable();
        let class = match self.class_of.get(&fitting) {
            _ if fitting.is_empty() => None,
            Some(class) => Some(*class),
            None => Some(self.add_class(fitting.clone())),
        };
        self.fitting = fitting;
        class
    }

    pub fn add_class(&mut self, filters: Vec<u32>) -> u32 {
        let class = self.class(filters.clone());
        self.classes.push(class);
        let number = (self.classes.len() - 1) as u32;
        self.class_of.insert(filters, number);
        self.bytes += self.classes.last().map_or(0, Class::bytes);
        number
    }

    /// Forgets the classes, when no record has one any more.
    pub fn forget_classes(&mut self) {
        self.classes = Vec::new();
        self.class_of = HashMap::new();
        self.measure();
    }

    /// Takes over tables that were saved.
    pub fn restored(leaves: Vec<Option<Held>>, filters: Vec<Option<EventFilter>>, tables: Tables) -> Self {
        let tracks = tables.tracks.into_iter();
        let folds = tables.folds.into_iter();
        let by_key = leaves.iter().enumerate().filter_map(|(id, held)| {
            let held = held.as_ref()?;
            Some((leaf_key(&held.leaf), id as u32))
        });
        let mut plan = Self {
            by_key: by_key.collect(),
            filters,
            tracks: tracks.map(|it| it.map(|filters| Track { filters, leaves: Vec::new() })).collect(),
            folds: folds
                .map(|it| it.map(|(filter, span)| Fold { filter, span: span_of(span), leaves: Vec::new() }))
                .collect(),
            leaves,
            ..Self::default()
        };
        plan.derive();
        tables.classes.into_iter().for_each(|filters| {
            plan.add_class(filters);
        });
        plan
    }

    /// Returns true where an event is still needed by somebody who has completed these sequences.
    pub fn needs(&self, event: &Logged, done: &[u32], now: i64) -> bool {
        let class = &self.classes[event.class as usize];
        if event.at > now {
            return !class.tracks.is_empty() || !class.folds.is_empty();
        }
        let ever = |(id, window): &(u32, Window)| {
            !done.contains(id)
                && match window {
                    Window::Between(span) => span.has(Timestamp::from_ms(event.at)),
                    _ => true,
                }
        };
        event.at > now.saturating_sub(class.keep_ms) || class.lasting.iter().any(ever)
    }

    /// Counts an event for good.
    pub fn fold(&self, record: &mut Record, event: &Logged) {
        for number in &self.classes[event.class as usize].folds {
            let has = |fold: &Fold| fold.span.has(Timestamp::from_ms(event.at));
            if self.folds[*number as usize].as_ref().is_some_and(has) {
                record.fold(*number, event.at, event.micros);
            }
        }
    }

    /// Drops from a record what no leaf needs any more.
    pub fn prune(&self, record: &mut Record, now: i64) {
        let lives = |id: &u32| self.held(*id).is_some_and(|held| held.state != LeafState::Overloaded);
        record.done.retain(lives);
        record.folds.retain(|(fold, _)| self.folds[*fold as usize].is_some());
        let Record { done, log, .. } = record;
        log.retain(|event| self.needs(event, done, now));
    }

    /// Returns how much memory it takes; sets of people, which grow by themselves, apart.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn measure(&mut self) {
        let filter = |filter: &EventFilter| 3 * filter_key(filter).len() + size_of::<EventFilter>();
        let filters: usize = self.filters.iter().flatten().map(filter).sum();
        let leaves: usize = self.leaves.iter().flatten().map(|held| 4 * leaf_key(&held.leaf).len()).sum();
        let tables = self.leaves.capacity() * size_of::<Option<Held>>()
            + self.tracks.capacity() * (size_of::<Track>() + 32)
            + self.folds.capacity() * (size_of::<Fold>() + 32);
        self.bytes = filters + leaves + tables + self.classes.iter().map(Class::bytes).sum::<usize>();
    }
}

/// Tables by number, as they are saved.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Tables {
    pub tracks: Vec<Option<Vec<u32>>>,
    pub folds: Vec<Option<(u32, SavedSpan)>>,
    pub classes: Vec<Vec<u32>>,
}

impl Held {
    pub fn new(leaf: Leaf, place: Place) -> Self {
        let rule = Rule::of(&leaf.test);
        let by_default = rule.fits(&Summary::default());
        let (shared, state, members) = (1, LeafState::Loading, Members::default());
        Self { leaf, rule, shared, state, place, by_default, members }
    }

    /// Returns true for a sequence that, once complete, stays so.
    pub fn is_lasting(&self) -> bool {
        matches!(self.rule, Rule::Sequence { .. }) && !matches!(self.leaf.window, Window::Last { .. })
    }
}

impl Class {
    fn bytes(&self) -> usize {
        // The filters stand in the table of classes and in the map to it.
        2 * size_of::<Self>()
            + (self.filters.capacity() * 2 + self.tracks.capacity() * 2 + self.folds.capacity())
                * size_of::<u32>()
            + self.lasting.capacity() * size_of::<(u32, Window)>()
    }
}
