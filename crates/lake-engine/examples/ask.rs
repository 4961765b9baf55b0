//! Answers questions about a lake's events and nothing else, so that what it uses is what the answer takes.
//!
//!     cargo run --release -p lake-engine --example ask -- DIRECTORY < questions.json

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use kernel::SystemClock;
use lake::{EventLake, Question};
use lake_engine::{Engine, Settings};
use store::{Config, Store};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let directory: PathBuf = std::env::args().nth(1).context("a directory")?.into();
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let questions: Vec<Question> = serde_json::from_str(&text)?;
    let config = Config::Sqlite { file: directory.join("brandwright.db") };
    let store = Store::open(&config, Arc::new(SystemClock)).await.map_err(spoken)?;
    let mut settings = Settings::new(&directory.join("lake"), 10);
    // The machine may be busy with something else.
    settings.query_seconds = 3_600;
    let answers = Engine::new(store.clone(), settings).ask(&questions).await.map_err(spoken)?;
    println!("{}", serde_json::to_string(&answers)?);
    store.close().await;
    Ok(())
}

fn spoken(problem: kernel::Problem) -> anyhow::Error {
    anyhow::anyhow!("{problem} {:?}", problem.source)
}
