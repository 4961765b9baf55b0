use std::collections::BTreeSet;

use kernel::{Caller, Id};
use lake::EventLake;
use proptest::prelude::*;

use crate::world::{World, batch, event, person, send};

/// Sends `rounds` of events, each written into files of its own.
async fn filled(world: &World, rounds: u64, events: u64) {
    for round in 0..rounds {
        let node = world.start().await;
        let events = (0..events)
            .map(|number| event(&format!("{round}-{number}"), number * 7 + round, number as i64 * 36));
        send(&node.engine, [batch(events.collect())]).await;
        node.stop().await;
    }
}

async fn merging_keeps_every_event(world: World) {
    // Fewer files of a level than a node merges by itself.
    filled(&world, 3, 100).await;
    let before = world.stored().await;
    let engine = world.engine();
    assert_eq!(engine.live_files().await.expect("a manifest").len(), 18);
    assert_eq!(engine.compact(true).await.expect("it merges"), 18);
    let files = engine.live_files().await.expect("a manifest");
    let months: BTreeSet<&str> = files.iter().map(|file| file.month.as_str()).collect();
    assert_eq!(files.len(), months.len(), "one file a month");
    assert_eq!(months.len(), 6, "the events reach over six months");
    assert_eq!(world.stored().await, before);
    world.assert_whole(300).await;
    assert_eq!(engine.compact(true).await.expect("nothing to do"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn merging_keeps_every_event_on_sqlite() {
    merging_keeps_every_event(World::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn merging_keeps_every_event_on_postgres() {
    merging_keeps_every_event(World::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_who_is_erased() {
    let world = World::sqlite().await;
    filled(&world, 3, 40).await;
    let engine = world.engine();
    let gone: BTreeSet<Id> = [person(7), person(14)].into();
    let files = engine.live_files().await.expect("a manifest");
    let erased = engine.erase(&Caller::system("test"), &gone, "asked to").await.expect("it erases");
    assert!(erased > 0);
    let left = world.stored().await.len() as i64;
    assert_eq!(left + erased, 120);
    world.assert_whole(left).await;
    // Not one byte: the old files are gone from the disk, and no new one names them.
    let folder = engine.settings().files();
    for file in &files {
        let still = engine.live_files().await.expect("a manifest").iter().any(|live| live.id == file.id);
        assert_eq!(folder.join(&file.name).exists(), still);
    }
    let again = engine.erase(&Caller::system("test"), &gone, "asked again").await.expect("it erases");
    assert_eq!(again, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_months_go_as_a_whole() {
    let world = World::sqlite().await;
    filled(&world, 2, 100).await;
    let engine = world.engine();
    let before = engine.live_files().await.expect("a manifest");
    let february = kernel::Timestamp::from_ms(1_801_440_000_000);
    let dropped =
        engine.drop_before(&Caller::system("test"), february, "kept long enough").await.expect("it drops");
    let left = engine.live_files().await.expect("a manifest");
    assert!(dropped > 0 && left.iter().all(|file| file.month.as_str() >= "2027-02"), "{left:?}");
    world.assert_whole(200 - dropped).await;
    for gone in before.iter().filter(|file| left.iter().all(|kept| kept.id != file.id)) {
        assert!(!engine.settings().files().join(&gone.name).exists());
    }
    let again = engine.drop_before(&Caller::system("test"), february, "once more").await.expect("it answers");
    assert_eq!(again, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_is_found() {
    let world = World::sqlite().await;
    filled(&world, 1, 30).await;
    let engine = world.engine();
    let file = engine.live_files().await.expect("a manifest").remove(0);
    let path = engine.settings().files().join(&file.name);
    let mut bytes = std::fs::read(&path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).expect("a file");
    let found = engine.verify(false).await.expect("it answers");
    assert_eq!(
        found.faults.iter().map(|fault| fault.file.as_str()).collect::<Vec<_>>(),
        [file.name.as_str()]
    );
    std::fs::remove_file(&path).expect("it goes");
    assert_eq!(engine.verify(false).await.expect("it answers").faults.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever arrives in whatever order, over however many files: what is stored is what was sent, once each.
    #[test]
    fn what_is_stored_is_what_was_sent(
        lives in prop::collection::vec((prop::collection::vec((0..40_u64, 0..2_000_i64), 1..30), any::<bool>()), 1..4),
        merges in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut world = World::sqlite().await;
            world.flush_rows = 16;
            let mut sent = BTreeSet::new();
            for (events, crashes) in lives {
                let node = world.start().await;
                for (number, hours) in events {
                    let id = format!("m-{number}");
                    send(&node.engine, [batch(vec![event(&id, number, hours)])]).await;
                    sent.insert(id);
                }
                if crashes { node.crash().await } else { node.stop().await }
            }
            world.start().await.stop().await;
            if merges {
                world.engine().compact(true).await.expect("it merges");
            }
            let stored = world.stored().await;
            assert_eq!(stored.keys().cloned().collect::<BTreeSet<_>>(), sent);
            assert!(stored.values().all(|times| *times == 1));
            world.assert_whole(sent.len() as i64).await;
        });
    }
}
