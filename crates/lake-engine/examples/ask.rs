//! Answers questions about a lake and nothing else, so that what it uses is what the answer takes.
//!
//!     cargo run --release -p lake-engine --example ask -- DIRECTORY < questions.json
//!     cargo run --release -p lake-engine --example ask -- DIRECTORY sql [TIMES] < statement.sql
//!
//! SQL is asked as the workbench asks it of somebody who may see everything; asked several times, the last answer is printed.

#[path = "generate/table.rs"]
mod table;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use kernel::{Label, SystemClock};
use lake::sql::{Asked, EVENTS, Rows, Seen, SqlLake};
use lake::{EventLake, Question};
use lake_engine::{Engine, Settings};
use serde_json::Value as Json;
use store::{Config, Store};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let directory: PathBuf = arguments.next().context("a directory")?.into();
    let is_sql = arguments.next().is_some_and(|word| word == "sql");
    let times = arguments.next().map_or(Ok(1), |times| times.parse::<u32>())?;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let config = Config::Sqlite { file: directory.join("brandwright.db") };
    let store = Store::open(&config, Arc::new(SystemClock)).await.map_err(spoken)?;
    let mut settings = Settings::new(&directory.join("lake"), 10);
    // The machine may be busy with something else.
    settings.query_seconds = 3_600;
    settings.sql.seconds = 3_600;
    let engine = Engine::new(store.clone(), settings);
    if is_sql {
        let mut rows = Vec::new();
        for _ in 0..times {
            rows = in_sql(&engine, &text).await.map_err(spoken)?;
        }
        println!("{}", serde_json::to_string(&rows)?);
    } else {
        let questions: Vec<Question> = serde_json::from_str(&text)?;
        let answers = engine.ask(&questions).await.map_err(spoken)?;
        println!("{}", serde_json::to_string(&answers)?);
    }
    store.close().await;
    Ok(())
}

async fn in_sql(engine: &Engine, sql: &str) -> kernel::Result<Vec<Vec<Json>>> {
    let seen = |table| Seen { table, rows: Rows::All, clearance: Label::Secret };
    let tables = [EVENTS, table::PROFILES].map(seen).into();
    let mut answer = engine.open(Asked { sql: sql.to_owned(), values: BTreeMap::new(), tables }).await?;
    let mut rows = Vec::new();
    while let Some(more) = answer.next().await? {
        rows.extend(more);
    }
    Ok(rows)
}

fn spoken(problem: kernel::Problem) -> anyhow::Error {
    anyhow::anyhow!("{problem} {:?}", problem.source)
}
