//! How long a change of a calendar takes where a million clocks follow it.
//! Run it with `cargo test --release -p rulebook --test it -- --ignored a_million_clocks --nocapture`.

use kernel::{GrantScope, Id, Timestamp};
use rulebook::clock::Step;
use rulebook::permissions::CALENDAR_MANAGE;
use rulebook::{calendar, clock};
use serde_json::json;
use store::Observation;
use store::testing::TestStore;

use crate::calendar::{at, office};
use crate::clock::{new, start, with_office};
use crate::support::{MIGRATIONS, somebody};

const CLOCKS: usize = 1_000_000;
const CHUNK: usize = 20_000;

/// Clocks that started within a month, each with one reminder before it is due.
async fn fill(app: &http_kit::App, calendar: Id, due: Timestamp) {
    for chunk in 0..CLOCKS / CHUNK {
        let mut tx = app.store.begin_observation(Observation::Measurement).await.expect("begins");
        let (mut clocks, mut steps) = (Vec::new(), Vec::new());
        for place in 0..CHUNK {
            let (id, at) =
                (Id::new(), at("2026-11-02T01:00:00Z").plus_ms((chunk * CHUNK + place) as i64 * 2_000));
            clocks.push(store::args![
                id,
                "test.ticket",
                Id::new(),
                "solution",
                calendar,
                1_i64,
                true,
                calendar,
                144_000_i64,
                "running",
                at,
                144_000_000_i64,
                at,
                due,
                1_i64,
                at,
                at,
            ]);
            steps.push(store::args![id, "soon", "before_due", 3_600_i64, true, due, due]);
        }
        let head = "INSERT INTO rulebook_clock (id, subject_noun, subject_id, kind, calendar_id, calendar_version, \
            follows, receiver_calendar_id, budget_seconds, state, started_at, remaining_ms, last_event_at, due_at, \
            version, created_at, updated_at) VALUES";
        tx.insert_many(head, clocks, "").await.expect("inserts");
        let head =
            "INSERT INTO rulebook_clock_step (clock_id, step, basis, amount, waits, fire_at, wake_at) VALUES";
        tx.insert_many(head, steps, "").await.expect("inserts");
        tx.commit().await.expect("commits");
    }
}

#[tokio::test]
#[ignore = "measures for minutes"]
async fn a_million_clocks_are_counted_anew_on_sqlite() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let app = with_office(&store).await;
    let ladder: Vec<Step> = vec![];
    store.clock.set(at("2026-11-30T00:00:00Z"));
    let first = start(&app, new(3_600, ladder), "2026-11-02T09:00:00+08:00").await;
    fill(&app, first.calendar_id, at("2026-12-30T01:00:00Z")).await;
    let person = somebody(&[CALENDAR_MANAGE], GrantScope::Company);
    let change = json!({ "definition": office(), "reason": "to measure it" });
    let change = serde_json::from_value(change).expect("a body");
    let calendar = calendar::change(&app, &person, "office", 1, change).await.expect("changed");
    let began = std::time::Instant::now();
    let count = clock::recount(&app, calendar.id, 2, None).await.expect("counts");
    println!("{count} clocks counted anew in {:.1} s", began.elapsed().as_secs_f64());
    assert_eq!(count, CLOCKS as u64 + 1);
}
