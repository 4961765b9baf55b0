//! What was acknowledged stays: full disks, killed processes.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use kernel::{DomainEvent, Id, Result, SystemClock};
use serde::{Deserialize, Serialize};
use store::testing::TestStore;
use store::{Audit, Config, JobKind, Store, args, on_both};

use crate::common::{MIGRATIONS, user};

store::sql! {
    NAMES = "SELECT CAST(name AS BIGINT) FROM thing ORDER BY CAST(name AS BIGINT)";
    COUNTS = "SELECT (SELECT COUNT(*) FROM thing), (SELECT COUNT(*) FROM audit_entry),
        (SELECT COUNT(*) FROM audit_unsealed), (SELECT COUNT(*) FROM job), (SELECT COUNT(*) FROM outbox_event)";
}

#[derive(Serialize, Deserialize)]
struct Made(i64);

impl JobKind for Made {
    const KIND: &'static str = "test.made";
}

impl DomainEvent for Made {
    const KIND: &'static str = "test.thing.made";
}

/// One change with everything that goes with it.
async fn change(store: &Store, number: i64) -> Result<()> {
    let mut tx = store.begin(&user("陈晓")).await?;
    let padding = "。".repeat(1_000);
    let made = args![Id::new(), number.to_string(), padding];
    tx.exec("INSERT INTO thing (id, name, extra) VALUES ($1, $2, $3)", made).await?;
    tx.enqueue(&Made(number)).await?;
    tx.emit(&Made(number)).await?;
    tx.audit(Audit::new("create", "test.thing", number)).await?;
    tx.commit().await
}

async fn assert_whole(store: &Store, acknowledged: i64) -> i64 {
    let names: Vec<i64> = store.all(NAMES, args![]).await.unwrap();
    let count = i64::try_from(names.len()).unwrap();
    assert_eq!(names, (1..=count).collect::<Vec<_>>(), "no change is missing in between");
    // The last one may have been committed just before it could be acknowledged.
    assert!((acknowledged..=acknowledged + 1).contains(&count), "{acknowledged} acknowledged, {count} there");
    let counts: (i64, i64, i64, i64, i64) = store.get(COUNTS, args![]).await.unwrap();
    assert_eq!(counts, (count, count, count, count, count), "every change has its audit row, job and event");
    count
}

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    const FULL: &str = "PRAGMA max_page_count = 300";
    store.tamper(FULL).await;
    let mut acknowledged = 0;
    let refused = loop {
        match change(&store, acknowledged + 1).await {
            Ok(()) => acknowledged += 1,
            Err(problem) => break problem,
        }
    };
    assert_eq!((refused.status, &*refused.code), (507, "store.disk_full"), "{refused}");
    assert!(acknowledged > 20, "{acknowledged}");
    assert_eq!(assert_whole(&store, acknowledged).await, acknowledged);
    // Still full, still answering.
    store.tamper(FULL).await;
    let refused = change(&store, acknowledged + 1).await.unwrap_err();
    assert_eq!(refused.status, 507, "{refused}");
    assert_eq!(assert_whole(&store.reopen().await, acknowledged).await, acknowledged);
    // Room again, and on it goes.
    store.tamper("PRAGMA max_page_count = 1073741823").await;
    change(&store, acknowledged + 1).await.unwrap();
    assert_whole(&store, acknowledged + 1).await;
}

/// Commits until it is killed, for the story below, which writes the address to its input.
#[tokio::test]
#[ignore = "is started and killed by every_acknowledged_commit_survives_a_kill"]
async fn commit_until_killed() {
    let mut order = String::new();
    std::io::stdin().read_line(&mut order).unwrap();
    let Ok((sqlite, place, from)) = serde_json::from_str::<(bool, String, i64)>(&order) else { return };
    let config = if sqlite { Config::Sqlite { file: place.into() } } else { Config::Postgres { url: place } };
    let store = Store::open(&config, Arc::new(SystemClock)).await.unwrap();
    for number in from.. {
        change(&store, number).await.unwrap();
        writeln!(std::io::stdout(), "\nacknowledged {number}").unwrap();
    }
}

fn start(store: &TestStore, from: i64) -> Child {
    let order = match store.config() {
        Config::Sqlite { file } => (true, file.display().to_string(), from),
        Config::Postgres { url } => (false, url.clone(), from),
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "durability::commit_until_killed"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", store::json(&order)).unwrap();
    child
}

on_both! {
    migrations = MIGRATIONS;

    async fn every_acknowledged_commit_survives_a_kill(store: TestStore) {
        let mut count = 0;
        for round in 1..=10 {
            let mut child = start(&store, count + 1);
            let lines = BufReader::new(child.stdout.take().unwrap()).lines();
            let mut numbers = lines.map_while(std::io::Result::ok).filter_map(|line| {
                line.strip_prefix("acknowledged ")?.parse::<i64>().ok()
            });
            let enough = count + 3 * round;
            let mut last = numbers.find(|number| *number >= enough).expect("the child commits");
            child.kill().unwrap();
            // What it still said before it died was acknowledged as well.
            last = numbers.last().unwrap_or(last);
            child.wait().unwrap();
            count = assert_whole(&store.reopen().await, last).await;
        }
        assert!(count >= 3 * (1..=10).sum::<i64>());
    }
}
