use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::HOUR_MS;
use lake::query::Span;
use lake::{EventKind, EventLake, Follower, ReadEvent, Selection};
use store::testing::START;

use crate::world::{World, batch, batch_at, event, person, send, until};

/// Returns the message ids of what is read, with how often each is shown.
async fn read(world: &World, selection: Selection) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    let each = |event: &ReadEvent<'_>| *seen.entry(event.message_id.to_owned()).or_default() += 1;
    world.engine().read(&Selection { whole: true, ..selection }, Box::new(each)).await.expect("it is read");
    seen
}

fn ids(ids: &[&str]) -> BTreeMap<String, usize> {
    ids.iter().map(|id| ((*id).to_owned(), 1)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_selection_shows_each_event_of_it_once() {
    let world = World::sqlite().await;
    let node = world.start().await;
    let mut named = event("b", 2, 900);
    (named.name, named.kind) = (String::new(), EventKind::Identify);
    send(
        &node.engine,
        [batch(vec![event("a", 1, 0), named]), batch_at(vec![event("c", 1, 5)], START.plus_days(3))],
    )
    .await;
    node.stop().await;
    let node = world.start().await;
    send(&node.engine, [batch_at(vec![event("d", 3, 5), event("c", 1, 5)], START.plus_days(4))]).await;
    node.stop().await;
    assert_eq!(read(&world, Selection::default()).await, ids(&["a", "b", "c", "d"]));
    let span = Span { from: Some(START.plus_ms(HOUR_MS)), to: Some(START.plus_ms(6 * HOUR_MS)) };
    assert_eq!(read(&world, Selection { span, ..Selection::default() }).await, ids(&["c", "d"]));
    let nodes = Some(BTreeSet::from([person(1)]));
    assert_eq!(read(&world, Selection { nodes, ..Selection::default() }).await, ids(&["a", "c"]));
    let kinds = BTreeSet::from([EventKind::Identify]);
    assert_eq!(read(&world, Selection { kinds, ..Selection::default() }).await, ids(&["b"]));
    let names = BTreeSet::from(["Order Completed".to_owned()]);
    assert_eq!(read(&world, Selection { names, ..Selection::default() }).await, ids(&["a", "c", "d"]));
    let received_from = Some(START.plus_days(3));
    assert_eq!(read(&world, Selection { received_from, ..Selection::default() }).await, ids(&["c", "d"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_read_as_it_was_sent() {
    let world = World::sqlite().await;
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("a", 7, 3)])]).await;
    node.stop().await;
    for whole in [true, false] {
        let mut told = Vec::new();
        let each = |event: &ReadEvent<'_>| {
            told.push((
                event.node,
                event.happened_at,
                event.value,
                event.order_id.map(str::to_owned),
                event.user_id.map(str::to_owned),
                event.properties.to_owned(),
            ));
        };
        let selection = Selection { whole, ..Selection::default() };
        let watermark = world.engine().read(&selection, Box::new(each)).await.expect("it is read");
        let sent = event("a", 7, 3);
        let (user, properties) = if whole { (sent.user_id, sent.properties) } else { (None, String::new()) };
        assert_eq!(
            told,
            [(sent.node, sent.happened_at, Some(7.0), Some("o-7".to_owned()), user, properties)]
        );
        assert_eq!(watermark, Some(START));
    }
}

#[derive(Debug, Default)]
struct Told(Mutex<Vec<String>>);

impl Follower for Told {
    fn took(&self, events: &[ReadEvent<'_>]) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.extend(events.iter().map(|event| event.message_id.to_owned()));
    }
}

/// Nothing is in a file yet, and what was sent again is not told again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_follows_is_told_each_event_before_it_is_in_a_file() {
    let world = World::sqlite().await;
    let node = world.start().await;
    let told = Arc::new(Told::default());
    node.engine.follow(told.clone());
    send(&node.engine, [batch(vec![event("a", 1, 0), event("b", 2, 0)]), batch(vec![event("a", 1, 0)])])
        .await;
    send(&node.engine, [batch(vec![event("c", 3, 0)])]).await;
    let heard = || told.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    until("the last event is told", async || heard().last().is_some_and(|id| id == "c")).await;
    assert_eq!(heard(), ["a", "b", "c"]);
    assert!(read(&world, Selection::default()).await.is_empty());
    node.stop().await;
    assert_eq!(heard(), ["a", "b", "c"]);
}
