use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Id, Timestamp};
use lake::{Batch, Event, EventKind, EventLake};
use lake_engine::{Engine, MIGRATIONS, Settings, Wanted};
use store::Store;
use store::testing::{START, TestStore};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A lake over a test's database.
pub struct World {
    pub store: TestStore,
    /// Files are written after so many events; time alone writes none in a test.
    pub flush_rows: usize,
    /// Most bytes that may lie in the log alone.
    pub backlog_bytes: u64,
}

/// A node that takes events.
pub struct Node {
    pub engine: Arc<Engine>,
    stop: CancellationToken,
    work: JoinHandle<()>,
}

impl World {
    pub async fn sqlite() -> Self {
        Self {
            store: TestStore::sqlite_with(MIGRATIONS).await,
            flush_rows: 1_000_000,
            backlog_bytes: u64::MAX,
        }
    }

    pub async fn postgres() -> Self {
        Self {
            store: TestStore::postgres_with(MIGRATIONS).await,
            flush_rows: 1_000_000,
            backlog_bytes: u64::MAX,
        }
    }

    /// A lake that nobody started: for reading.
    pub fn engine(&self) -> Arc<Engine> {
        let mut settings = Settings::new(&self.store.dir().join("lake"), 3_600);
        settings.flush_rows = self.flush_rows;
        settings.segment_bytes = 4_096;
        settings.backlog_bytes = self.backlog_bytes;
        Arc::new(Engine::new(Store::clone(&self.store), settings))
    }

    /// Starts a node and waits until it takes events.
    pub async fn start(&self) -> Node {
        let (engine, stop) = (self.engine(), CancellationToken::new());
        let work = lake_engine::begin(engine.clone(), stop.clone()).await;
        until("the node takes events", async || engine.takes_events()).await;
        Node { engine, stop, work }
    }

    /// Returns what is in files: message ids with how often each is there.
    pub async fn stored(&self) -> BTreeMap<String, usize> {
        let mut text = Vec::new();
        self.engine().export(&Wanted::default(), &mut text).await.expect("an export");
        let mut ids = BTreeMap::new();
        for line in String::from_utf8(text).expect("text").lines() {
            let event: serde_json::Value = serde_json::from_str(line).expect("a JSON object a line");
            *ids.entry(event["message_id"].as_str().expect("an id").to_owned()).or_default() += 1;
        }
        ids
    }

    /// Reads every file and expects nothing to be wrong.
    pub async fn assert_whole(&self, events: i64) {
        let found = self.engine().verify(true).await.expect("the files can be read");
        assert_eq!((found.events, found.faults), (events, Vec::new()));
    }
}

impl Node {
    /// Stops as a signal would: what was acknowledged is put into files.
    pub async fn stop(self) {
        self.stop.cancel();
        self.work.await.expect("the work ends");
    }

    /// Stops as a crash would: nothing is put in order. The lock is let go of, as the system does for the dead.
    pub async fn crash(self) {
        self.work.abort();
        let _ = self.work.await;
    }
}

/// Waits for a condition, giving way to the work in between.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !condition().await {
        assert!(begun.elapsed().as_secs() < 60, "{what} did not come about");
        tokio::task::yield_now().await;
        std::thread::yield_now();
    }
}

pub fn source() -> Id {
    Id::from_digest([3; 16])
}

/// One of twenty people.
pub fn person(number: u64) -> Id {
    let mut digest = [0x5a; 16];
    digest[0] = (number % 20 * 12) as u8;
    Id::from_digest(digest)
}

/// An event of a person, so many hours after the tests begin.
pub fn event(id: &str, number: u64, hours: i64) -> Event {
    Event {
        message_id: id.to_owned(),
        kind: EventKind::Track,
        name: "Order Completed".to_owned(),
        node: person(number),
        user_id: Some(format!("u-{number}")),
        anonymous_id: None,
        happened_at: START.plus_ms(hours * 3_600_000),
        channel: None,
        properties: format!(r#"{{"revenue":{number},"order_id":"o-{number}"}}"#),
        context: "{}".to_owned(),
    }
}

pub fn batch(events: Vec<Event>) -> Batch {
    batch_at(events, START)
}

pub fn batch_at(events: Vec<Event>, received_at: Timestamp) -> Batch {
    Batch { source_id: source(), received_at, events }
}

/// Sends events one batch after another.
pub async fn send(engine: &Engine, batches: impl IntoIterator<Item = Batch>) {
    for batch in batches {
        engine.append(batch).await.expect("the batch is kept");
    }
}
