//! Whatever happens, in whatever order: what is kept says the same as a full recompute, and its changes add up to it.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Id, Timestamp};
use lake::EventKind;
use lake::query::{Bounds, Column, Condition, EventFilter, Operator, Span, Value};
use live_segments::{EventView, Leaf, LeafId, LeafState, LeafTest, Limits, Live, News, Window, evaluate};
use proptest::collection::vec;
use proptest::prelude::*;

const PEOPLE: u128 = 4;
const NAMES: [&str; 3] = ["see", "cart", "buy"];

#[derive(Clone, Debug)]
struct Happened {
    name: usize,
    is_page: bool,
    value: Option<i32>,
    at: i64,
}

impl Happened {
    fn view(&self) -> EventView<'_> {
        EventView {
            name: NAMES[self.name],
            kind: if self.is_page { EventKind::Page } else { EventKind::Track },
            source_id: Id::from_bytes([1; 16]),
            channel: None,
            path: None,
            product_id: None,
            order_id: None,
            currency: None,
            value: self.value.map(|value| f64::from(value) / 10.0),
            at: Timestamp::from_ms(self.at),
        }
    }
}

/// Something that happens. Times are told from now on.
#[derive(Clone, Debug)]
enum Step {
    Feed(u128, Happened),
    Advance(i64),
    Add(Box<Leaf>),
    Remove(usize),
    Merge(u128, u128),
    Part(u128, u128),
    Forget(u128),
    Restart,
}

fn filters() -> impl Strategy<Value = EventFilter> {
    let names = vec(prop::sample::select(NAMES.to_vec()), 0..3);
    let kinds = prop::option::weighted(0.2, prop::sample::select(vec![EventKind::Page, EventKind::Track]));
    let least = prop::option::weighted(0.2, 0..30_i32);
    (names, kinds, least).prop_map(|(names, kinds, least)| EventFilter {
        names: names.into_iter().map(str::to_owned).collect(),
        kinds: kinds.into_iter().collect(),
        source_ids: Vec::new(),
        where_: least
            .map(|least| Condition {
                column: Column::Value,
                op: Operator::Ge,
                value: Some(Value::Number(f64::from(least) / 10.0)),
            })
            .into_iter()
            .collect(),
    })
}

fn bounds(range: std::ops::Range<i64>) -> impl Strategy<Value = Bounds<i64>> {
    (prop::option::of(range.clone()), prop::option::weighted(0.4, range))
        .prop_map(|(at_least, at_most)| Bounds { at_least, at_most })
}

fn map<T, U>(bounds: Bounds<T>, of: impl Fn(T) -> U) -> Bounds<U> {
    Bounds { at_least: bounds.at_least.map(&of), at_most: bounds.at_most.map(&of) }
}

fn leaves() -> impl Strategy<Value = Leaf> {
    let window = prop_oneof![
        1 => Just(Window::Ever),
        3 => (1..30_i64).prop_map(|ms| Window::Last { ms }),
        1 => (0..60_i64, 1..40_i64).prop_map(|(from, long)| {
            let at = |ms| Some(Timestamp::from_ms(ms));
            Window::Between(Span { from: at(from), to: at(from + long) })
        }),
    ];
    let test = prop_oneof![
        bounds(0..5).prop_map(LeafTest::Count),
        bounds(-20..60).prop_map(|it| LeafTest::Sum(map(it, |tenths| tenths as f64 / 10.0))),
        bounds(0..80).prop_map(|it| LeafTest::First(map(it, Timestamp::from_ms))),
        bounds(0..80).prop_map(|it| LeafTest::Last(map(it, Timestamp::from_ms))),
        (vec(filters(), 0..3), 0..25_i64)
            .prop_map(|(then, within_ms)| LeafTest::Sequence { then, within_ms }),
    ];
    (filters(), window, test).prop_map(|(filter, window, test)| Leaf { filter, window, test })
}

fn steps() -> impl Strategy<Value = Step> {
    let happened = (0..3_usize, any::<bool>(), prop::option::of(-10..30_i32), -25..12_i64)
        .prop_map(|(name, is_page, value, at)| Happened { name, is_page, value, at });
    prop_oneof![
        12 => (0..PEOPLE, happened).prop_map(|(person, event)| Step::Feed(person, event)),
        6 => (0..6_i64).prop_map(Step::Advance),
        1 => (10..50_i64).prop_map(Step::Advance),
        2 => leaves().prop_map(|leaf| Step::Add(Box::new(leaf))),
        1 => any::<usize>().prop_map(Step::Remove),
        1 => (0..PEOPLE, 0..PEOPLE).prop_map(|(into, from)| Step::Merge(into, from)),
        1 => (0..PEOPLE, 0..PEOPLE).prop_map(|(one, other)| Step::Part(one, other)),
        1 => (0..PEOPLE).prop_map(Step::Forget),
        1 => Just(Step::Restart),
    ]
}

/// What there is, kept as simply as can be.
struct World {
    live: Live,
    now: i64,
    events: BTreeMap<u128, Vec<Happened>>,
    leaves: Vec<(LeafId, Leaf)>,
    /// For whom each leaf holds, as the changes say.
    told: BTreeMap<LeafId, BTreeSet<u128>>,
}

impl World {
    fn begin(leaves: Vec<Leaf>) -> Self {
        let live = Live::new(Limits::default(), Timestamp::from_ms(30));
        let mut world =
            Self { live, now: 30, events: BTreeMap::new(), leaves: Vec::new(), told: BTreeMap::new() };
        leaves.into_iter().for_each(|leaf| world.add(leaf));
        world
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.now)
    }

    fn add(&mut self, leaf: Leaf) {
        let id = self.live.add(&leaf).expect("there is room");
        self.leaves.push((id, leaf));
        if self.live.state(id) == Some(LeafState::Loading) {
            assert!(self.live.holds(id, 0).is_err());
            let people: Vec<u128> = self.events.keys().copied().collect();
            people.into_iter().for_each(|person| self.load(person));
            self.live.ready(&[id]);
        }
        let by_default = self.live.by_default(id).expect("it is live");
        let exceptions: BTreeSet<u128> = self.live.exceptions(id).expect("it is live").collect();
        let told = (0..PEOPLE).filter(|person| exceptions.contains(person) != by_default).collect();
        if let Some(before) = self.told.insert(id, told) {
            assert_eq!(before, self.told[&id], "a leaf that is shared says what it said");
        }
    }

    fn load(&mut self, person: u128) {
        let events = self.events.get(&person).cloned().unwrap_or_default();
        let views: Vec<EventView<'_>> = events.iter().map(Happened::view).collect();
        let mut news = News::default();
        self.live.load(person, &views, self.now(), &mut news);
        self.hear(news);
    }

    fn hear(&mut self, news: News) {
        assert!(news.overloaded.is_empty() && news.aside.is_empty());
        for change in news.changes {
            let Some(told) = self.told.get_mut(&change.leaf) else { panic!("{change:?} of no leaf") };
            let is_new = if change.holds { told.insert(change.person) } else { told.remove(&change.person) };
            assert!(is_new, "{change:?} is no change");
        }
    }

    fn happen(&mut self, step: Step) {
        let mut news = News::default();
        match step {
            Step::Feed(person, mut event) => {
                event.at += self.now;
                self.live.feed(person, &event.view(), self.now(), &mut news);
                self.events.entry(person).or_default().push(event);
            }
            Step::Advance(ms) => {
                self.now += ms;
                self.live.advance(self.now(), &mut news);
            }
            Step::Add(leaf) => self.add(*leaf),
            Step::Remove(place) => {
                if !self.leaves.is_empty() {
                    let (id, _) = self.leaves.remove(place % self.leaves.len());
                    self.live.remove(id);
                    if !self.leaves.iter().any(|(other, _)| *other == id) {
                        self.told.remove(&id);
                        assert_eq!(self.live.state(id), None);
                    }
                }
            }
            Step::Merge(into, from) => {
                self.live.merge(into, from, self.now(), &mut news);
                let moved = self.events.remove(&from).unwrap_or_default();
                self.events.entry(into).or_default().extend(moved);
            }
            Step::Part(one, other) => {
                let events = self.events.remove(&one).unwrap_or_default();
                let (mine, theirs): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| event.name == 0);
                self.events.entry(other).or_default().extend(theirs);
                self.events.entry(one).or_default().extend(mine);
                self.load(one);
                self.load(other);
            }
            Step::Forget(person) => {
                self.events.remove(&person);
                self.live.forget(person, self.now(), &mut news);
            }
            Step::Restart => {
                let pieces: Vec<Vec<u8>> = self.live.snapshot().collect();
                self.live = Live::restore(Limits::default(), pieces).expect("what was written");
            }
        }
        self.hear(news);
    }

    fn check(&self) {
        let leaves: Vec<Leaf> = self.leaves.iter().map(|(_, leaf)| leaf.clone()).collect();
        for person in 0..PEOPLE {
            let events = self.events.get(&person).map_or(&[][..], Vec::as_slice);
            let views: Vec<EventView<'_>> = events.iter().map(Happened::view).collect();
            for ((id, leaf), expected) in self.leaves.iter().zip(evaluate(&leaves, &views, self.now())) {
                assert_eq!(
                    self.live.holds(*id, person),
                    Ok(expected),
                    "{leaf:?} of {events:?} at {}",
                    self.now
                );
                assert_eq!(self.told[id].contains(&person), expected, "told of {leaf:?} of {person}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_is_what_a_full_recompute_says(
        first in vec(leaves(), 0..8),
        steps in vec(steps(), 1..60),
    ) {
        let mut world = World::begin(first);
        for step in steps {
            world.happen(step);
            world.check();
        }
    }

    /// Against trying out every choice of events.
    #[test]
    fn a_sequence_is_found_wherever_there_is_one(
        filter in filters(),
        then in vec(filters(), 0..4),
        within_ms in 0..8_i64,
        events in vec((0..3_usize, any::<bool>(), prop::option::of(-10..30_i32), 0..12_i64), 0..8),
    ) {
        fn tries(steps: &[&EventFilter], events: &[EventView<'_>], used: u32, from: i64, until: i64) -> bool {
            let Some((step, rest)) = steps.split_first() else { return true };
            events.iter().enumerate().any(|(place, event)| {
                let at = event.at.ms();
                used >> place & 1 == 0
                    && (from..=until).contains(&at)
                    && live_segments::matches(step, event)
                    && tries(rest, events, used | 1 << place, at, until)
            })
        }
        let events: Vec<Happened> = events
            .into_iter()
            .map(|(name, is_page, value, at)| Happened { name, is_page, value, at })
            .collect();
        let views: Vec<EventView<'_>> = events.iter().map(Happened::view).collect();
        let steps: Vec<&EventFilter> = std::iter::once(&filter).chain(&then).collect();
        let expected = (0..12).any(|begin| tries(&steps, &views, 0, begin, begin + within_ms));
        let test = LeafTest::Sequence { then: then.clone(), within_ms };
        let leaf = Leaf { filter: filter.clone(), window: Window::Ever, test };
        prop_assert_eq!(evaluate(&[leaf], &views, Timestamp::from_ms(50)), vec![expected]);
    }
}
