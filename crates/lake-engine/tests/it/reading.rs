use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::HOUR_MS;
use lake::query::Span;
use lake::{Cut, EventKind, EventLake, Follower, ReadEvent, Selection};
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

/// What was told, each with its number.
#[derive(Debug, Default)]
struct Told(Mutex<Vec<(u64, String)>>);

impl Told {
    fn heard(&self) -> Vec<(u64, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn ids(&self) -> Vec<String> {
        self.heard().into_iter().map(|(_, id)| id).collect()
    }
}

impl Follower for Told {
    fn took(&self, first: u64, events: &[ReadEvent<'_>]) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.extend((first..).zip(events.iter().map(|event| event.message_id.to_owned())));
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
    until("the last event is told", async || told.ids().last().is_some_and(|id| id == "c")).await;
    assert_eq!(told.ids(), ["a", "b", "c"]);
    assert!(read(&world, Selection::default()).await.is_empty());
    node.stop().await;
    assert_eq!(told.ids(), ["a", "b", "c"]);
}

/// Files are written while somebody reads again and again: what is read and what is told under the numbers that are not
/// in files make every event once, at each moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_and_what_is_told_since_make_every_event_once() {
    let world = World { flush_rows: 5, ..World::sqlite().await };
    let node = world.start().await;
    send(&node.engine, [batch((0..7).map(|n| event(&format!("early-{n}"), n, 0)).collect())]).await;
    until("a first file is written", async || node.engine.cut().await.is_ok_and(|cut| cut.filed > 0)).await;
    let told = Arc::new(Told::default());
    let first = node.engine.follow(told.clone());
    let sending = async {
        for n in 0..60 {
            send(&node.engine, [batch(vec![event(&format!("e-{n}"), n, 0), event("early-1", 1, 0)])]).await;
            tokio::task::yield_now().await;
        }
    };
    let mut looks = 0;
    let looking = async {
        while told.heard().len() < 60 {
            // Nothing here has to wait: the other half gets its turn.
            tokio::task::yield_now().await;
            let (cut, mut seen) = read_cut(&node.engine).await;
            if cut.filed < first {
                continue;
            }
            assert_eq!(cut.base(), (0, 0), "nothing but told events is in files");
            let heard = told.heard();
            for (number, id) in &heard {
                assert_eq!(seen.contains_key(id), *number < cut.filed, "{id} is number {number} of {cut:?}");
            }
            for (_, id) in heard.into_iter().filter(|(number, _)| *number >= cut.filed) {
                *seen.entry(id).or_default() += 1;
            }
            assert!(seen.values().all(|times| *times == 1), "{seen:?}");
            looks += 1;
        }
    };
    tokio::join!(sending, looking);
    node.stop().await;
    assert_eq!(read(&world, Selection::default()).await.len(), 67);
    assert!(looks > 0);
}

async fn read_cut(engine: &lake_engine::Engine) -> (Cut, BTreeMap<String, usize>) {
    let mut seen = BTreeMap::new();
    let each = |event: &ReadEvent<'_>| *seen.entry(event.message_id.to_owned()).or_default() += 1;
    let all = Selection { whole: true, ..Selection::default() };
    let cut = engine.read_cut(&all, Box::new(each)).await.expect("it is read");
    (cut, seen)
}
