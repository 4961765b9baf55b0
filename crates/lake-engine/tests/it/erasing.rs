use std::collections::BTreeSet;

use kernel::{Caller, Id};
use lake::{EventLake, LakeSearch};
use lake_engine::Engine;

use crate::world::{World, batch, event, person, send, until};

fn caller() -> Caller {
    Caller::system("test")
}

/// Person 7 and what only they said.
fn gone() -> (BTreeSet<Id>, Vec<String>) {
    ([person(7)].into(), vec!["O-7\"".to_owned(), "u-7".to_owned()])
}

async fn found(engine: &Engine) -> LakeSearch {
    let (nodes, values) = gone();
    engine.search(&nodes, &values).await.expect("it answers")
}

/// Every byte below the lake's directory but the digests of what was seen.
fn on_disk(engine: &Engine, word: &str) -> usize {
    let settings = engine.settings();
    let mut found = 0;
    let mut folders = vec![settings.log(), settings.files()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(path).expect("a file");
                found += bytes.windows(word.len()).filter(|window| *window == word.as_bytes()).count();
            }
        }
    }
    found
}

async fn somebody_is_erased_while_events_arrive(mut world: World) {
    world.flush_rows = 30;
    let node = world.start().await;
    let engine = &node.engine;
    let events = |round: u64| (0..20).map(move |n| event(&format!("{round}-{n}"), n, n as i64)).collect();
    // The first rounds are in files, the last lies in the log alone.
    for round in 0..3 {
        send(engine, [batch(events(round))]).await;
    }
    until("files are written", async || !world.stored().await.is_empty()).await;
    let (nodes, _) = gone();
    let before = found(engine).await;
    assert!(before.found.iter().any(|(place, _)| place.starts_with("lake/files/")), "{before:?}");
    assert!(before.found.iter().any(|(place, _)| place.starts_with("lake/log/")), "{before:?}");
    assert!(before.found.iter().any(|(place, _)| place == "lake/recent"), "{before:?}");
    assert!(on_disk(engine, "o-7") > 0, "the log holds it in plain");
    let theirs = engine.events_of(&nodes, 100).await.expect("it answers");
    assert_eq!(theirs.len(), 3, "files and log together, each once");
    let gone = engine.erase(&caller(), &nodes, "asked to").await.expect("it erases");
    assert_eq!(gone, 3, "those in files and those in the log alone");
    assert_eq!(found(engine).await.found, []);
    assert_eq!(on_disk(engine, "o-7"), 0);
    assert!(engine.events_of(&nodes, 100).await.expect("it answers").is_empty());
    // What arrives later is not taken, and counted, also after a restart.
    send(engine, [batch(vec![event("late", 7, 0), event("other", 8, 0)])]).await;
    assert_eq!(engine.refused().await.expect("a count"), 1);
    node.stop().await;
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("later", 7, 0)])]).await;
    assert_eq!(node.engine.refused().await.expect("a count"), 2);
    node.stop().await;
    let stored = world.stored().await;
    assert_eq!(stored.len(), 3 * 19 + 1);
    assert!(stored.contains_key("other") && !stored.contains_key("late") && !stored.contains_key("1-7"));
    world.assert_whole(3 * 19 + 1).await;
    // Whoever comes back is taken again, from then on.
    let node = world.start().await;
    node.engine.readmit(&nodes).await.expect("readmitted");
    send(&node.engine, [batch(vec![event("back", 7, 0)])]).await;
    node.stop().await;
    assert!(world.stored().await.contains_key("back"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_erased_while_events_arrive_on_sqlite() {
    somebody_is_erased_while_events_arrive(World::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_erased_while_events_arrive_on_postgres() {
    somebody_is_erased_while_events_arrive(World::postgres().await).await;
}

/// A process that died left its log behind: what is in it of somebody who was erased meanwhile never reaches a file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_crash_left_in_the_log_is_dropped_too() {
    let world = World::sqlite().await;
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("a", 7, 0), event("b", 8, 0)])]).await;
    node.crash().await;
    let (nodes, _) = gone();
    world.engine().erase(&caller(), &nodes, "asked to").await.expect("it erases");
    assert_eq!(found(&world.engine()).await.found.len(), 1, "the search says what is left in the log");
    world.start().await.stop().await;
    assert_eq!(world.stored().await.into_keys().collect::<Vec<_>>(), ["b"]);
    assert_eq!(found(&world.engine()).await.found, []);
    assert_eq!(world.engine().refused().await.expect("a count"), 0, "it had arrived before");
}

/// Files that were merged into others stay a while for those who read them; not where somebody in them is erased.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_were_merged_go_with_them() {
    let world = World::sqlite().await;
    for round in ["a", "b"] {
        let node = world.start().await;
        send(&node.engine, [batch(vec![event(round, 7, 0), event(&format!("{round}-other"), 8, 0)])]).await;
        node.stop().await;
    }
    let engine = world.engine();
    assert_eq!(engine.compact(true).await.expect("it merges"), 2);
    assert_eq!(
        found(&engine).await.found.len(),
        4,
        "the merged file, both of before, and the end of the log"
    );
    let (nodes, _) = gone();
    assert_eq!(engine.erase(&caller(), &nodes, "asked to").await.expect("it erases"), 2);
    // The log's last part is let go of by the next node that takes events.
    world.start().await.stop().await;
    assert_eq!(found(&engine).await.found, []);
    assert_eq!(world.stored().await.into_keys().collect::<Vec<_>>(), ["a-other", "b-other"]);
}
