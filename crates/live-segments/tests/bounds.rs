//! What is refused, given up or put aside, and what an event does not touch.

use kernel::{Id, Timestamp};
use lake::EventKind;
use lake::query::{Bounds, EventFilter};
use live_segments::{
    EventView, Leaf, LeafId, LeafState, LeafTest, Limits, Live, News, NotLive, Refused, Unusable, Window,
    micros,
};

fn event(name: &str, at: i64) -> EventView<'_> {
    EventView {
        name,
        kind: EventKind::Track,
        source_id: Id::from_bytes([1; 16]),
        channel: None,
        path: None,
        product_id: None,
        order_id: None,
        currency: None,
        value: Some(0.1),
        at: Timestamp::from_ms(at),
    }
}

fn often(name: &str, ms: i64, at_least: i64) -> Leaf {
    let filter = EventFilter { names: vec![name.to_owned()], ..EventFilter::default() };
    let test = LeafTest::Count(Bounds { at_least: Some(at_least), at_most: None });
    Leaf { filter, window: Window::Last { ms }, test }
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

fn live(limits: Limits, leaves: &[Leaf]) -> (Live, Vec<LeafId>) {
    let mut live = Live::new(limits, at(0));
    let ids = leaves.iter().map(|leaf| live.add(leaf).expect("there is room")).collect();
    (live, ids)
}

#[test]
fn an_event_meets_only_the_filters_that_name_it() {
    let leaves: Vec<Leaf> = (0..1_000).map(|number| often(&format!("event {number}"), 100, 1)).collect();
    let (mut live, _) = live(Limits::default(), &leaves);
    let mut news = News::default();
    live.feed(1, &event("another", 1), at(1), &mut news);
    assert_eq!((live.tested(), live.people(), news.changes.len()), (0, 0, 0));
    live.feed(1, &event("event 7", 1), at(1), &mut news);
    assert_eq!((live.tested(), live.people(), news.changes.len()), (1, 1, 1));
}

#[test]
fn what_has_left_every_window_takes_no_memory() {
    let (mut live, _) = live(Limits::default(), &[often("a", 1_000, 1)]);
    let (before, mut news) = (live.bytes(), News::default());
    for time in 0..50_000_i64 {
        live.feed(time as u128 % 500, &event("a", time), at(time), &mut news);
        assert!(live.people() <= 500);
    }
    // 500 people with two or three events each, however many there were.
    assert!(live.bytes() - before < 500 * 200, "{}", live.bytes());
    live.advance(at(60_000), &mut news);
    live.advance(at(8_000_000), &mut news);
    assert_eq!(live.people(), 0);
    let ins = news.changes.iter().filter(|change| change.holds).count();
    assert_eq!((ins, news.changes.len()), (500, 1_000));
}

#[test]
fn above_the_limit_leaves_are_given_up_by_name() {
    let limits = Limits { bytes: 400_000, ..Limits::default() };
    let (mut live, ids) = live(limits, &[often("a", 1_000_000_000, 2), often("b", 1_000_000_000, 1)]);
    let mut news = News::default();
    for time in 0..60_000_i64 {
        let name = if time % 20 == 0 { "b" } else { "a" };
        live.feed(time as u128 % 1_000, &event(name, time), at(time), &mut news);
        assert!(live.bytes() <= limits.bytes, "{} at {time}", live.bytes());
    }
    assert_eq!(news.overloaded, [ids[0]]);
    assert_eq!(
        (live.state(ids[0]), live.holds(ids[0], 3)),
        (Some(LeafState::Overloaded), Err(NotLive::Overloaded))
    );
    assert_eq!((live.holds(ids[1], 20), live.holds(ids[1], 21)), (Ok(true), Ok(false)));
    assert_eq!(live.exceptions(ids[1]).expect("it is live").len(), 50);
    // Removed and added again, it has no history and must be loaded.
    live.remove(ids[0]);
    let again = live.add(&often("a", 1_000_000_000, 2)).expect("there is room");
    assert_eq!((live.state(again), live.holds(again, 3)), (Some(LeafState::Loading), Err(NotLive::Loading)));
    assert_eq!(live.holds(ids[0], 3), Err(NotLive::Unknown));
}

#[test]
fn who_has_too_many_events_is_put_aside() {
    let limits = Limits { events_per_person: 10, ..Limits::default() };
    let (mut live, ids) = live(limits, &[often("a", 1_000, 1)]);
    let mut news = News::default();
    for time in 0..30 {
        live.feed(1, &event("a", time), at(time), &mut news);
        live.feed(2, &event("a", time * 300), at(time), &mut news);
    }
    assert_eq!(news.aside, [1, 2]);
    assert_eq!((live.holds(ids[0], 1), live.holds(ids[0], 2)), (Err(NotLive::Aside), Err(NotLive::Aside)));
    assert_eq!(live.exceptions(ids[0]).expect("it is live").count(), 0);
    let pieces: Vec<Vec<u8>> = live.snapshot().collect();
    let mut live = Live::restore(limits, pieces).expect("what was written");
    assert_eq!(live.aside().count(), 2);
    live.merge(3, 1, at(30), &mut news);
    assert_eq!((live.holds(ids[0], 3), live.holds(ids[0], 1)), (Err(NotLive::Aside), Ok(false)));
    live.load(3, &[event("a", 29)], at(30), &mut news);
    assert_eq!(live.holds(ids[0], 3), Ok(true));
}

#[test]
fn too_much_is_refused() {
    let (mut live, ids) = live(Limits { leaves: 1, ..Limits::default() }, &[often("a", 10, 1)]);
    assert_eq!(live.add(&often("a", 10, 1)), Ok(ids[0]));
    assert_eq!(live.add(&often("a", 10, 2)), Err(Refused::TooManyLeaves));
    let test = LeafTest::Sequence { then: vec![EventFilter::default(); 32], within_ms: 1 };
    let long = Leaf { test, ..often("a", 10, 1) };
    assert_eq!(live.add(&long), Err(Refused::TooManySteps));
    live.remove(ids[0]);
    assert_eq!(live.state(ids[0]), Some(LeafState::Live));
    live.remove(ids[0]);
    assert_eq!(live.state(ids[0]), None);
}

#[test]
fn a_narrower_leaf_needs_no_history() {
    let (mut live, _) = live(Limits::default(), &[often("a", 100, 1)]);
    let mut news = News::default();
    live.feed(1, &event("a", 50), at(60), &mut news);
    live.feed(1, &event("a", 60), at(60), &mut news);
    let narrower = live.add(&often("a", 20, 2)).expect("there is room");
    assert_eq!(live.holds(narrower, 1), Ok(true));
    news.changes.clear();
    live.advance(at(70), &mut news);
    assert_eq!((news.changes.len(), live.holds(narrower, 1)), (1, Ok(false)));
    let wider = live.add(&often("a", 200, 2)).expect("there is room");
    assert_eq!(live.state(wider), Some(LeafState::Loading));
}

#[test]
fn a_snapshot_that_is_not_whole_is_refused() {
    let (mut live, _) = live(Limits::default(), &[often("a", 1_000, 1)]);
    for person in 0..20_001 {
        live.feed(person, &event("a", 5), at(5), &mut News::default());
    }
    let pieces: Vec<Vec<u8>> = live.snapshot().collect();
    let restore = |pieces: &[Vec<u8>]| Live::restore(Limits::default(), pieces).map(|live| live.people());
    assert_eq!((pieces.len(), restore(&pieces)), (5, Ok(20_001)));
    assert_eq!(restore(&pieces[..4]), Err(Unusable::Incomplete));
    assert_eq!(restore(&[]), Err(Unusable::Incomplete));
    for (piece, sealed) in pieces.iter().enumerate() {
        for place in [0, 4, 8, 12, 14, sealed.len() - 1] {
            let mut damaged = pieces.clone();
            damaged[piece][place] ^= 1;
            let expected = if place == 4 { Unusable::OtherVersion } else { Unusable::Damaged };
            assert_eq!(restore(&damaged), Err(expected), "{place} of {piece}");
        }
    }
    let mut swapped = pieces.clone();
    swapped.swap(1, 2);
    assert_eq!(restore(&swapped), Err(Unusable::Damaged));
    let mut short = pieces;
    short.remove(2);
    assert_eq!(restore(&short), Err(Unusable::Damaged));
}

#[test]
fn sums_are_exact_in_any_order() {
    let test = LeafTest::Sum(Bounds { at_least: Some(0.3), at_most: Some(0.3) });
    let (mut live, ids) = live(Limits::default(), &[Leaf { test, ..often("a", 100, 1) }]);
    let mut news = News::default();
    for time in [3, 1, 2, 4] {
        live.feed(1, &event("a", time), at(4), &mut news);
    }
    assert_eq!(live.holds(ids[0], 1), Ok(false));
    live.advance(at(101), &mut news);
    assert_eq!(live.holds(ids[0], 1), Ok(true));
    live.advance(at(102), &mut news);
    assert_eq!(live.holds(ids[0], 1), Ok(false));
    let told: Vec<bool> = news.changes.iter().map(|change| change.holds).collect();
    assert_eq!(told, [true, false, true, false]);
    assert_eq!((micros(f64::NAN), micros(f64::INFINITY), micros(-0.000_000_6)), (0, 10_i128.pow(30), -1));
}
