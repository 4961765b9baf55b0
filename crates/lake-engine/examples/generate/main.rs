//! Makes a lake of made-up events of one year, and a table of the people's profiles beside it, for measurements.
//!
//!     cargo run --release -p lake-engine --example generate -- DIRECTORY [PEOPLE] [EVENTS] [SEED]
//!
//! The same numbers make the same events. DIRECTORY is a data directory of the product, or becomes one with the lake alone.

mod events;
mod profiles;
mod random;
mod table;
mod world;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use kernel::SystemClock;
use lake_engine::{Engine, MIGRATIONS, Settings, Written};
use store::{Config, Store};

use self::world::World;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let directory: PathBuf = arguments.next().context("a directory")?.into();
    let mut number = |usual| arguments.next().map_or(Ok(usual), |text| text.parse::<u64>());
    let (people, events, seed) = (number(2_000_000)?, number(30_000_000)?, number(7)?);
    std::fs::create_dir_all(&directory)?;
    let file = directory.join("brandwright.db");
    let store = Store::open(&Config::Sqlite { file }, Arc::new(SystemClock)).await.map_err(spoken)?;
    store.migrate(MIGRATIONS).await.map_err(spoken)?;
    let engine = Engine::new(store.clone(), Settings::new(&directory.join("lake"), 10));
    let world = World::new(seed, people, events);
    // Events that are there stay: only the profiles are made anew.
    if engine.live_files().await.map_err(spoken)?.is_empty() {
        let written = months(&world, &engine)?;
        engine.take_in(&written).await.map_err(spoken)?;
    }
    profiles::write(&world, &engine).await.map_err(spoken)?;
    let files = engine.live_files().await.map_err(spoken)?;
    let (rows, bytes) =
        files.iter().fold((0, 0), |(rows, bytes), file| (rows + file.rows, bytes + file.bytes));
    println!(
        "{}",
        serde_json::json!({ "people": people, "events": rows, "files": files.len(), "bytes": bytes })
    );
    store.close().await;
    Ok(())
}

/// Writes a file for each month, as many at a time as there are cores.
fn months(world: &World, engine: &Engine) -> anyhow::Result<Vec<Written>> {
    let next = AtomicUsize::new(0);
    let work = || -> anyhow::Result<Vec<Written>> {
        let mut written = Vec::new();
        loop {
            let month = next.fetch_add(1, Ordering::Relaxed);
            if month >= 12 {
                return Ok(written);
            }
            written.extend(engine.write_ordered(events::of_month(world, month)).map_err(spoken)?);
        }
    };
    let workers = std::thread::available_parallelism()?.get();
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let mut all = Vec::new();
        for worker in running {
            all.extend(worker.join().map_err(|_| anyhow::anyhow!("a worker panicked"))??);
        }
        Ok(all)
    })
}

fn spoken(problem: kernel::Problem) -> anyhow::Error {
    anyhow::anyhow!("{problem} {:?}", problem.source)
}
