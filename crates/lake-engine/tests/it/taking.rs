use kernel::DAY_MS;
use lake::EventLake;
use store::testing::START;

use crate::world::{World, batch, batch_at, event, send, source, until};

async fn a_retry_never_counts(world: World) {
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("a", 1, 0), event("b", 2, 0), event("a", 1, 0)])]).await;
    send(&node.engine, [batch(vec![event("b", 2, 0)])]).await;
    node.stop().await;
    // Also not after a restart, and 30 days later.
    let node = world.start().await;
    send(&node.engine, [batch_at(vec![event("a", 1, 0), event("c", 3, 0)], START.plus_ms(30 * DAY_MS))])
        .await;
    node.stop().await;
    let stored = world.stored().await;
    assert_eq!(stored.into_iter().collect::<Vec<_>>(), [("a".into(), 1), ("b".into(), 1), ("c".into(), 1)]);
    let stats = world.engine().stats().await.expect("figures");
    assert_eq!((stats.events, stats.duplicates, stats.log_bytes), (3, 3, 0));
    assert_eq!(stats.watermark, Some(START.plus_ms(30 * DAY_MS)));
    world.assert_whole(3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_never_counts_on_sqlite() {
    a_retry_never_counts(World::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_never_counts_on_postgres() {
    a_retry_never_counts(World::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sources_event_of_the_same_id_is_another_event() {
    let world = World::sqlite().await;
    let node = world.start().await;
    let mut other = batch(vec![event("a", 1, 0)]);
    other.source_id = kernel::Id::from_digest([4; 16]);
    send(&node.engine, [batch(vec![event("a", 1, 0)]), other]).await;
    node.stop().await;
    assert_eq!(world.stored().await.into_values().collect::<Vec<_>>(), [2]);
}

/// What was acknowledged is in the log alone when the node dies; files, ids and cursor are behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_crash() {
    let mut world = World::sqlite().await;
    world.flush_rows = 40;
    let mut expected = 0;
    for life in 0..6_u64 {
        let node = world.start().await;
        for number in 0..25_u64 {
            // Each is sent twice, as by a source whose answer was lost; each life also repeats what the last one sent.
            let id = |life: u64| format!("{life}-{number}");
            send(&node.engine, [batch(vec![event(&id(life), number, number as i64)])]).await;
            send(&node.engine, [batch(vec![event(&id(life), number, number as i64)])]).await;
            if life > 0 {
                send(&node.engine, [batch(vec![event(&id(life - 1), number, number as i64)])]).await;
            }
        }
        expected += 25;
        if life % 2 == 0 { node.crash().await } else { node.stop().await }
    }
    world.start().await.stop().await;
    let stored = world.stored().await;
    assert_eq!(stored.len(), expected);
    assert!(stored.values().all(|times| *times == 1), "{stored:?}");
    world.assert_whole(expected as i64).await;
}

/// A backup brings files and log, not the ids.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_are_learnt_again_from_the_files() {
    let world = World::sqlite().await;
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("a", 1, 0)])]).await;
    node.stop().await;
    std::fs::remove_dir_all(world.engine().settings().seen()).expect("the ids go");
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("a", 1, 0), event("b", 1, 0)])]).await;
    node.stop().await;
    assert_eq!(world.stored().await.into_values().collect::<Vec<_>>(), [1, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tail_that_a_crash_left_costs_nothing() {
    let world = World::sqlite().await;
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("a", 1, 0)])]).await;
    node.crash().await;
    let log = world.engine().settings().log();
    let newest = std::fs::read_dir(&log).expect("a log").filter_map(|entry| Some(entry.ok()?.path()));
    let newest = newest.filter(|path| path.extension().is_some_and(|e| e == "log")).max().expect("a segment");
    let mut bytes = std::fs::read(&newest).expect("a segment");
    bytes.extend_from_slice(&bytes.clone()[..30]);
    std::fs::write(&newest, bytes).expect("a segment");
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("b", 1, 0)])]).await;
    node.stop().await;
    assert_eq!(world.stored().await.into_keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(world.engine().stats().await.expect("figures").log_bytes, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_waits_for_the_directory() {
    let world = World::sqlite().await;
    let node = world.start().await;
    let second = world.engine();
    let stop = tokio_util::sync::CancellationToken::new();
    let waiting = lake_engine::begin(second.clone(), stop.clone()).await;
    let refused = second.append(batch(vec![event("a", 1, 0)])).await.expect_err("it is not its turn");
    assert_eq!((refused.status, refused.code.as_ref()), (503, "lake.not_running"));
    stop.cancel();
    waiting.await.expect("it ends");
    node.stop().await;
}

/// Nobody is told that an event is kept when there is no room to keep up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sources_are_asked_to_wait_when_too_much_comes() {
    let mut world = World::sqlite().await;
    world.backlog_bytes = 100;
    let node = world.start().await;
    let mut kept = 0;
    let refused = loop {
        match node.engine.append(batch(vec![event(&format!("m-{kept}"), 1, 0)])).await {
            Ok(()) => kept += 1,
            Err(problem) => break problem,
        }
        assert!(kept < 10_000, "nobody is asked to wait");
    };
    assert_eq!((refused.status, refused.code.as_ref()), (429, "lake.overloaded"));
    assert!(refused.args["retry_after_seconds"].as_i64().is_some_and(|seconds| seconds > 0));
    node.stop().await;
    assert_eq!(world.stored().await.len(), kept);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_arrives_is_seen_at_once() {
    let world = World::sqlite().await;
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("a", 1, 0), event("b", 2, 1)])]).await;
    until("both are seen", async || node.engine.recent(Some(source())).len() == 2).await;
    let ids: Vec<String> = node.engine.recent(None).into_iter().map(|event| event.message_id).collect();
    assert_eq!(ids, ["b", "a"]);
    assert!(node.engine.recent(Some(kernel::Id::new())).is_empty());
    node.stop().await;
}
