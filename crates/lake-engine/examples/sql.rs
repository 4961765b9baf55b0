//! Answers SQL over a lake of made-up events and people, for comparison with other engines: `tests/lake/sql.py` asks both.
//!
//! Prints where the files are as one JSON object, then reads a statement a line and prints its answer as JSON.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::sync::Arc;
use std::time::Duration;

use kernel::{ColumnKind, Id, Label, Timestamp};
use lake::sql::{Asked, EVENTS, Origin, PEOPLE, Rows, Seen, SqlLake, Table, TableColumn, Told};
use lake::{Batch, Event, EventKind, EventLake};
use lake_engine::{Engine, Settings};
use serde_json::{Value as Json, json};
use store::Store;
use store::testing::{START, TestStore};
use tokio_util::sync::CancellationToken;

const PROFILES: Table = Table {
    name: "profiles",
    origin: Origin::Copied,
    columns: &[
        TableColumn::stored("id", ColumnKind::Text),
        TableColumn::stored("city", ColumnKind::Text),
        TableColumn::stored("children", ColumnKind::Integer),
        TableColumn::stored("score", ColumnKind::Real),
        TableColumn::stored("married", ColumnKind::Boolean),
        TableColumn::stored("created_at", ColumnKind::Time),
    ],
};
const PERSONS: u64 = 200;
const TOLD: usize = 4_000;

/// Numbers that only look as if nobody had chosen them (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most
    }

    fn id(&mut self) -> Id {
        let halves = [self.below(u64::MAX), self.below(u64::MAX)].map(u64::to_be_bytes);
        let mut digest = [0; 16];
        digest.copy_from_slice(&halves.concat());
        Id::from_digest(digest)
    }
}

fn event(chance: &mut Chance, number: usize, nodes: &[Id]) -> Event {
    let names = ["Product Viewed", "Product Added", "Order Completed", "Signed Up"];
    let value = chance.below(4_000) as f64 / 8.0;
    let properties = match chance.below(3) {
        0 => json!({}),
        1 => json!({ "revenue": value, "currency": (["CNY", "TWD", "USD"][chance.below(3) as usize]) }),
        _ => json!({ "product_id": format!("p-{}", chance.below(30)), "path": "/p/'\"茶" }),
    };
    let hours = chance.below(24 * 120) as i64;
    Event {
        message_id: format!("m-{number}"),
        kind: EventKind::Track,
        name: names[chance.below(4) as usize].to_owned(),
        node: nodes[chance.below(nodes.len() as u64) as usize],
        user_id: None,
        anonymous_id: Some(format!("a-{}", chance.below(50))),
        happened_at: START.plus_ms(-hours * 3_600_000 + chance.below(1_000) as i64),
        channel: (chance.below(2) == 0)
            .then(|| ["search", "mail", "直接"][chance.below(3) as usize].to_owned()),
        properties: properties.to_string(),
        context: "{}".to_owned(),
    }
}

async fn fill(engine: &Arc<Engine>, chance: &mut Chance) -> anyhow::Result<()> {
    let nodes: Vec<Id> = (0..PERSONS * 2).map(|_| chance.id()).collect();
    let stop = CancellationToken::new();
    let work = lake_engine::begin(engine.clone(), stop.clone()).await;
    while !engine.takes_events() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let events: Vec<Event> = (0..TOLD).map(|number| event(chance, number, &nodes)).collect();
    for events in events.chunks(250) {
        let batch = Batch { source_id: nodes[0], received_at: START, events: events.to_vec() };
        engine.append(batch).await.map_err(|problem| anyhow::anyhow!("{problem}"))?;
    }
    stop.cancel();
    work.await?;
    // Half of the nodes are somebody's; some people have two.
    let of: Vec<Vec<Json>> = nodes[..PERSONS as usize]
        .iter()
        .map(|node| json!([node, nodes[chance.below(PERSONS / 2) as usize]]))
        .map(|row| row.as_array().cloned().unwrap_or_default())
        .collect();
    let people: Vec<Vec<Json>> = nodes[..PERSONS as usize / 2].iter().map(|id| person(chance, *id)).collect();
    copy(engine, &of, &people).await.map_err(|problem| anyhow::anyhow!("{problem}"))
}

fn person(chance: &mut Chance, id: Id) -> Vec<Json> {
    let city = match chance.below(4) {
        0 => Json::Null,
        place => json!(["杭州", "Taipei", "o'Hara"][place as usize - 1]),
    };
    let children = if chance.below(5) == 0 { Json::Null } else { json!(chance.below(4)) };
    let at: Timestamp = START.plus_ms(-(chance.below(1_000_000_000) as i64));
    let score = chance.below(1_000) as f64 / 4.0;
    vec![json!(id), city, children, json!(score), json!(chance.below(2) == 0), json!(at.ms())]
}

async fn copy(engine: &Engine, nodes: &[Vec<Json>], people: &[Vec<Json>]) -> kernel::Result<()> {
    let mut making = engine.begin_copies(Id::new())?;
    making.add(&PEOPLE, nodes)?;
    making.add(&PROFILES, people)?;
    let told = |table| Told { table, watermark: START, fingerprint: String::new(), kept: false };
    making.finish(&[told(PEOPLE), told(PROFILES)]).await
}

async fn answer(engine: &Engine, sql: &str) -> kernel::Result<Json> {
    let seen = |table| Seen { table, rows: Rows::All, clearance: Label::Secret };
    let tables = [EVENTS, PROFILES].map(seen).into();
    let mut answer = engine.open(Asked { sql: sql.to_owned(), values: BTreeMap::new(), tables }).await?;
    let mut rows = Vec::new();
    while let Some(more) = answer.next().await? {
        rows.extend(more);
    }
    Ok(json!({ "columns": answer.columns(), "rows": rows }))
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let seed = std::env::args().nth(1).and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let store = TestStore::sqlite_with(lake_engine::MIGRATIONS).await;
    let mut settings = Settings::new(&store.dir().join("lake"), 3_600);
    settings.flush_rows = 700;
    let engine = Arc::new(Engine::new(Store::clone(&store), settings));
    fill(&engine, &mut Chance(seed)).await?;
    let spoken = |problem: kernel::Problem| anyhow::anyhow!("{problem}");
    let (files, copies) = (engine.settings().files(), engine.settings().copies());
    let events: Vec<_> =
        engine.live_files().await.map_err(spoken)?.iter().map(|file| files.join(&file.name)).collect();
    let mut place = BTreeMap::from([("events".to_owned(), json!(events))]);
    for copy in engine.copies().await.map_err(spoken)? {
        place.insert(copy.table_name, json!(copies.join(copy.file)));
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", json!(place))?;
    for line in std::io::stdin().lock().lines() {
        let told = match answer(&engine, &line?).await {
            Ok(found) => found,
            Err(problem) => json!({ "code": problem.code, "args": problem.args }),
        };
        writeln!(out, "{told}")?;
        out.flush()?;
    }
    Ok(())
}
