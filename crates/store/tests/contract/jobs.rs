//! Jobs, schedules, events.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use kernel::{DAY_MS, DomainEvent, HOUR_MS, MINUTE_MS, PageQuery, Problem};
use serde::{Deserialize, Serialize};
use store::jobs::{self, JobFilter, JobRow, JobState};
use store::{Every, Job, JobError, JobKind, Lease, Observation, Registry, Runner, Store, on_both};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::common::user;

/// What the jobs of these stories work on.
#[derive(Debug, Default)]
struct App {
    log: Mutex<Vec<String>>,
    broken: Mutex<bool>,
    started: Notify,
    go_on: Notify,
}

impl App {
    fn say(&self, words: impl Into<String>) {
        self.log.lock().unwrap().push(words.into());
    }

    fn said(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Say {
    words: String,
}

impl JobKind for Say {
    const KIND: &'static str = "test.say";
    const MAX_ATTEMPTS: i64 = 3;
}

#[async_trait]
impl Job<App> for Say {
    async fn run(&self, app: &App, lease: &Lease) -> Result<(), JobError> {
        app.say(&self.words);
        lease.progress(&serde_json::json!({"said": 1})).await?;
        match self.words.as_str() {
            "panic" => panic!("as asked"),
            "refuse" => Err(Problem::unprocessable("test.never").into()),
            "tomorrow"
                if lease.attempt() == 1 && lease.store().now() < store::testing::START.plus_days(1) =>
            {
                Err(JobError::RetryAt(store::testing::START.plus_days(1)))
            }
            _ if *app.broken.lock().unwrap() => Err(Problem::unavailable("test.broken").into()),
            _ => Ok(()),
        }
    }
}

/// Goes before everything else.
#[derive(Debug, Serialize, Deserialize)]
struct Urgent {}

impl JobKind for Urgent {
    const KIND: &'static str = "test.urgent";
    const PRIORITY: i64 = 5;
}

#[async_trait]
impl Job<App> for Urgent {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        app.say("urgent");
        Ok(())
    }
}

/// Waits to be told to go on; then asks whether it still has its lease.
#[derive(Debug, Serialize, Deserialize)]
struct Long {}

impl JobKind for Long {
    const KIND: &'static str = "test.long";
    const MAX_ATTEMPTS: i64 = 2;
}

#[async_trait]
impl Job<App> for Long {
    async fn run(&self, app: &App, lease: &Lease) -> Result<(), JobError> {
        app.started.notify_one();
        app.go_on.notified().await;
        let mut tx = lease.store().begin_observation(Observation::Upkeep).await?;
        let guarded = lease.guard(&mut tx).await;
        drop(tx);
        app.say(if guarded.is_ok() { "guarded" } else { "refused" });
        if let Err(problem) = lease.check().await {
            app.say(&*problem.code);
            return Err(problem.into());
        }
        app.say("still mine");
        Ok(())
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Happened {
    number: i64,
}

impl DomainEvent for Happened {
    const KIND: &'static str = "test.thing.happened";
}

fn registry() -> Registry<App> {
    let mut registry = Registry::new();
    registry.job::<Say>().job::<Urgent>().job::<Long>();
    registry
}

fn runner(store: &Store) -> (Runner<App>, Arc<App>) {
    let app = Arc::new(App::default());
    (Runner::new(store.clone(), app.clone(), registry(), 2), app)
}

async fn enqueue<J: JobKind>(store: &Store, job: J) {
    let mut tx = store.begin_observation(Observation::Upkeep).await.unwrap();
    tx.enqueue(&job).await.unwrap();
    tx.commit().await.unwrap();
}

fn say(words: &str) -> Say {
    Say { words: words.to_owned() }
}

async fn jobs_of(store: &Store, kind: &str) -> Vec<JobRow> {
    let filter = JobFilter { kind: Some(kind.to_owned()), state: None };
    jobs::list(store, &filter, &PageQuery::default()).await.unwrap().items
}

/// Waits until so many jobs said their words.
async fn done(store: &Store, count: usize) {
    while jobs_of(store, Say::KIND).await.iter().filter(|job| job.state == JobState::Done).count() < count {
        tokio::task::yield_now().await;
    }
}

async fn only(store: &Store) -> JobRow {
    let mut rows = jobs_of(store, Say::KIND).await;
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

on_both! {
    async fn a_job_lives_and_dies_with_its_transaction(store: TestStore) {
        let (runner, app) = runner(&store);
        let mut tx = store.begin_observation(Observation::Upkeep).await.unwrap();
        tx.enqueue(&say("never")).await.unwrap();
        drop(tx);
        enqueue(&store, say("once")).await;
        assert_eq!(runner.run_due().await, 1);
        assert_eq!(app.said(), ["once"]);
        assert_eq!(runner.run_due().await, 0);
        let job = only(&store).await;
        assert_eq!((job.state, job.attempts, job.progress), (JobState::Done, 1, Some(serde_json::json!({"said": 1}))));
    }

    async fn order_is_by_priority_then_age_and_nothing_runs_early(store: TestStore) {
        let (runner, app) = runner(&store);
        let mut tx = store.begin_observation(Observation::Upkeep).await.unwrap();
        tx.enqueue_at(&say("later"), store.now().plus_ms(HOUR_MS)).await.unwrap();
        tx.enqueue(&say("first")).await.unwrap();
        tx.enqueue(&say("second")).await.unwrap();
        tx.enqueue(&Urgent {}).await.unwrap();
        tx.commit().await.unwrap();
        runner.run_due().await;
        assert_eq!(app.said(), ["urgent", "first", "second"]);
        store.clock.advance_ms(HOUR_MS);
        runner.run_due().await;
        assert_eq!(app.said(), ["later"]);
    }

    async fn a_failing_job_waits_longer_each_time_and_then_fails(store: TestStore) {
        let (runner, app) = runner(&store);
        *app.broken.lock().unwrap() = true;
        enqueue(&store, say("try")).await;
        assert_eq!(runner.run_due().await, 1);
        let job = only(&store).await;
        assert_eq!((job.state, job.run_at), (JobState::Waiting, store.now().plus_ms(MINUTE_MS)));
        assert_eq!(job.last_error.as_deref(), Some("test.broken (503)"));
        store.clock.advance_ms(MINUTE_MS);
        assert_eq!(runner.run_due().await, 1);
        assert_eq!(only(&store).await.run_at, store.now().plus_ms(2 * MINUTE_MS));
        store.clock.advance_ms(2 * MINUTE_MS);
        assert_eq!(runner.run_due().await, 1);
        let job = only(&store).await;
        assert_eq!((job.state, job.attempts, job.finished_at), (JobState::Failed, 3, Some(store.now())));
        // A person mends the cause and lets it run again.
        *app.broken.lock().unwrap() = false;
        let again = jobs::retry(&store, &user("陈晓"), job.id).await.unwrap();
        assert_eq!((again.state, again.attempts), (JobState::Waiting, 0));
        assert_eq!(runner.run_due().await, 1);
        assert_eq!(only(&store).await.state, JobState::Done);
        assert_eq!(app.said().len(), 4);
        let refused = jobs::retry(&store, &user("陈晓"), job.id).await.unwrap_err();
        assert_eq!((refused.status, &*refused.code), (409, "store.job_state"));
    }

    async fn refusals_fail_at_once_and_panics_are_tried_again(store: TestStore) {
        let (runner, _app) = runner(&store);
        enqueue(&store, say("refuse")).await;
        runner.run_due().await;
        let refused = only(&store).await;
        assert_eq!((refused.state, refused.attempts), (JobState::Failed, 1));
        enqueue(&store, say("panic")).await;
        runner.run_due().await;
        let panicked = jobs_of(&store, Say::KIND).await.remove(0);
        assert_eq!(panicked.state, JobState::Waiting);
        assert!(panicked.last_error.is_some_and(|words| words.contains("panicked")));
    }

    async fn too_early_is_no_failure(store: TestStore) {
        let (runner, app) = runner(&store);
        enqueue(&store, say("tomorrow")).await;
        assert_eq!(runner.run_due().await, 1);
        let job = only(&store).await;
        assert_eq!((job.state, job.attempts, job.last_error), (JobState::Waiting, 0, None));
        store.clock.advance_ms(DAY_MS);
        runner.run_due().await;
        assert_eq!((only(&store).await.state, app.said().len()), (JobState::Done, 2));
    }

    async fn payloads_and_kinds_that_nobody_reads_show(store: TestStore) {
        let (runner, _app) = runner(&store);
        enqueue(&store, say("x")).await;
        store.tamper("UPDATE job SET payload = '{\"word\":1}'").await;
        runner.run_due().await;
        let job = only(&store).await;
        assert_eq!(job.state, JobState::Failed);
        assert!(job.last_error.is_some_and(|words| words.starts_with("store.job_payload_unreadable")));
        store.tamper("UPDATE job SET kind = 'gone', state = 'waiting', attempts = 0").await;
        runner.run_due().await;
        let job = jobs_of(&store, "gone").await.remove(0);
        assert_eq!(job.state, JobState::Waiting);
        assert!(job.last_error.is_some_and(|words| words.starts_with("store.job_kind_unknown")));
    }

    async fn a_key_lets_one_job_wait_or_run_and_is_free_after_it(store: TestStore) {
        let (runner, app) = runner(&store);
        let once = async |words| {
            let mut tx = store.begin_observation(Observation::Upkeep).await.unwrap();
            let added = tx.enqueue_once(&say(words), "key").await.unwrap();
            tx.commit().await.unwrap();
            added
        };
        assert!(once("first").await);
        assert!(!once("second").await);
        runner.run_due().await;
        assert!(once("third").await);
        runner.run_due().await;
        assert_eq!(app.said(), ["first", "third"]);
        assert!(once("fourth").await);
        let waiting = jobs_of(&store, Say::KIND).await.remove(0);
        jobs::cancel(&store, &user("陈晓"), waiting.id).await.unwrap();
        assert!(once("fifth").await);
    }

    async fn whoever_lost_the_lease_changes_nothing(store: TestStore) {
        let (slow, slow_app) = runner(&store);
        let (quick, quick_app) = runner(&store);
        enqueue(&store, Long {}).await;
        let second_try = async {
            slow_app.started.notified().await;
            // The node goes silent for longer than its lease.
            store.clock.advance_ms(2 * MINUTE_MS);
            quick_app.go_on.notify_one();
            assert_eq!(quick.run_due().await, 1);
            assert_eq!(quick_app.said(), ["guarded", "still mine"]);
            slow_app.go_on.notify_one();
        };
        let (tries, ()) = tokio::join!(slow.run_due(), second_try);
        assert_eq!(tries, 1);
        assert_eq!(slow_app.said(), ["refused", "store.lease_lost"]);
        let job = jobs_of(&store, Long::KIND).await.remove(0);
        assert_eq!((job.state, job.attempts, job.finished_at), (JobState::Done, 2, Some(store.now())));
        assert_eq!(job.last_error, None);
    }

    async fn a_job_that_kills_its_worker_each_time_fails(store: TestStore) {
        for _ in 0..2 {
            let (runner, app) = runner(&store);
            if jobs_of(&store, Long::KIND).await.is_empty() {
                enqueue(&store, Long {}).await;
            }
            tokio::select! {
                _ = runner.run_due() => panic!("it waits for ever"),
                () = app.started.notified() => {}
            }
            store.clock.advance_ms(2 * MINUTE_MS);
        }
        assert_eq!(runner(&store).0.run_due().await, 0);
        let job = jobs_of(&store, Long::KIND).await.remove(0);
        assert_eq!((job.state, job.attempts), (JobState::Failed, 2));
        assert_eq!(job.last_error.as_deref(), Some("store.job_abandoned"));
    }

    async fn whoever_comes_alone_takes_over_at_once(store: TestStore) {
        let node = async |workers| {
            let app = Arc::new(App::default());
            let mut registry = registry();
            registry.on_arrival("test.arrival", |_| say("nobody is here"));
            let runner = Runner::new(store.reopen().await, app.clone(), registry, workers);
            (app, tokio::spawn(runner.run(CancellationToken::new())))
        };
        let (first_app, first) = node(1).await;
        done(&store, 1).await;
        enqueue(&store, Long {}).await;
        first_app.started.notified().await;
        // Beside a living worker the leases stand.
        let (second_app, second) = node(1).await;
        enqueue(&store, say("hello")).await;
        done(&store, 2).await;
        assert_eq!((first_app.said(), second_app.said()), (vec!["nobody is here".to_owned()], vec!["hello".to_owned()]));
        assert_eq!(jobs_of(&store, Long::KIND).await[0].attempts, 1);
        for dead in [first, second] {
            dead.abort();
            dead.await.expect_err("it was killed");
        }
        // No lease has run out: the clock stands still.
        let (third_app, third) = node(2).await;
        third_app.started.notified().await;
        done(&store, 3).await;
        assert_eq!(third_app.said(), ["nobody is here"]);
        let job = jobs_of(&store, Long::KIND).await.remove(0);
        assert_eq!((job.state, job.attempts), (JobState::Running, 2));
        third.abort();
    }

    async fn a_cancelled_job_is_told_so(store: TestStore) {
        let (runner, app) = runner(&store);
        enqueue(&store, Long {}).await;
        let caller = user("陈晓");
        let cancel = async {
            app.started.notified().await;
            let job = jobs_of(&store, Long::KIND).await.remove(0);
            assert_eq!(job.state, JobState::Running);
            jobs::cancel(&store, &caller, job.id).await.unwrap();
            app.go_on.notify_one();
        };
        tokio::join!(runner.run_due(), cancel);
        assert_eq!(app.said(), ["refused", "store.lease_lost"]);
        assert_eq!(jobs_of(&store, Long::KIND).await.remove(0).state, JobState::Cancelled);
        let filter = store::audit::AuditFilter { action: Some("cancel".into()), ..Default::default() };
        let everything = kernel::Scope::everything();
        let log = store::audit::list(&store, &filter, &PageQuery::default(), &everything).await.unwrap();
        assert_eq!(log.items[0].changes.as_ref().unwrap()["state"], serde_json::json!(["running", "cancelled"]));
    }

    async fn two_workers_never_have_the_same_job(store: TestStore) {
        let mut tx = store.begin_observation(Observation::Upkeep).await.unwrap();
        for n in 0..60 {
            tx.enqueue(&say(&n.to_string())).await.unwrap();
        }
        tx.commit().await.unwrap();
        let app = Arc::new(App::default());
        let nodes = [store.reopen().await, store.reopen().await, store.reopen().await];
        let nodes = nodes.map(|node| Runner::new(node, app.clone(), registry(), 1));
        let tries = futures::future::join_all(nodes.iter().map(Runner::run_due)).await;
        assert_eq!(tries.iter().sum::<usize>(), 60);
        let mut said: Vec<i64> = app.said().iter().map(|n| n.parse().unwrap()).collect();
        said.sort_unstable();
        assert_eq!(said, (0..60).collect::<Vec<_>>());
    }

    async fn schedules_come_due_once_and_make_up_for_lost_time_once(store: TestStore) {
        let app = Arc::new(App::default());
        let mut registry = registry();
        registry.schedule("test.tick", Every::minutes(10), || say("tick"));
        let runner = Runner::new(store.clone(), app.clone(), registry, 1);
        assert_eq!(runner.run_due().await, 0);
        store.clock.advance_ms(10 * MINUTE_MS);
        runner.run_due().await;
        runner.run_due().await;
        assert_eq!(app.said(), ["tick"]);
        store.clock.advance_ms(DAY_MS);
        runner.run_due().await;
        assert_eq!(app.said(), ["tick"]);
        let rows = jobs::schedules(&store).await.unwrap();
        let row = rows.iter().find(|row| row.kind == "test.tick").unwrap();
        assert_eq!((row.next_run_at, row.last_run_at), (store.now().plus_ms(10 * MINUTE_MS), Some(store.now())));
        // A new version ticks more often: its first time is not the old one's.
        let mut registry = self::registry();
        registry.schedule("test.tick", Every::minutes(1), || say("tock"));
        let runner = Runner::new(store.clone(), app.clone(), registry, 1);
        runner.run_due().await;
        store.clock.advance_ms(MINUTE_MS);
        runner.run_due().await;
        assert_eq!(app.said(), ["tock"]);
    }

    async fn events_reach_each_handler_in_order_and_a_failing_one_holds_up_its_own(store: TestStore) {
        let app = Arc::new(App::default());
        let mut registry = Registry::new();
        registry
            .on("test.steady", async |app: Arc<App>, event: Happened| {
                app.say(format!("steady {}", event.number));
                Ok(())
            })
            .on("test.moody", async |app: Arc<App>, event: Happened| {
                if event.number == 2 && *app.broken.lock().unwrap() {
                    return Err(Problem::unavailable("test.broken").into());
                }
                app.say(format!("moody {}", event.number));
                Ok(())
            });
        let runner = Runner::new(store.clone(), app.clone(), registry, 2);
        *app.broken.lock().unwrap() = true;
        let mut tx = store.begin_observation(Observation::Upkeep).await.unwrap();
        for number in 1..=3 {
            tx.emit(&Happened { number }).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tx = store.begin_observation(Observation::Upkeep).await.unwrap();
        tx.emit(&Happened { number: 9 }).await.unwrap();
        drop(tx);
        // Three by the steady one, one done and one failed by the moody one.
        assert_eq!(runner.run_due().await, 5);
        let mut said = app.said();
        said.sort();
        assert_eq!(said, ["moody 1", "steady 1", "steady 2", "steady 3"]);
        *app.broken.lock().unwrap() = false;
        assert_eq!(runner.run_due().await, 0);
        store.clock.advance_ms(MINUTE_MS);
        assert_eq!(runner.run_due().await, 2);
        assert_eq!(app.said(), ["moody 2", "moody 3"]);
    }

    async fn upkeep_forgets_what_is_old(store: TestStore) {
        let (runner, _app) = runner(&store);
        enqueue(&store, say("old")).await;
        enqueue(&store, say("refuse")).await;
        runner.run_due().await;
        store.clock.advance_ms(8 * DAY_MS);
        runner.run_due().await;
        let left = jobs_of(&store, Say::KIND).await;
        assert_eq!(left.iter().map(|job| job.state).collect::<Vec<_>>(), [JobState::Failed]);
    }

    async fn lists_turn_pages_from_the_newest(store: TestStore) {
        for n in 0..5 {
            enqueue(&store, say(&n.to_string())).await;
        }
        let mut page = PageQuery { page_size: Some(2), cursor: None };
        let mut seen = Vec::new();
        loop {
            let rows = jobs::list(&store, &JobFilter::default(), &page).await.unwrap();
            seen.extend(rows.items.iter().map(|job| job.id));
            page.cursor = rows.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted_by(|a, b| a > b));
        let none = JobFilter { kind: None, state: Some(JobState::Done) };
        assert!(jobs::list(&store, &none, &PageQuery::default()).await.unwrap().items.is_empty());
    }

    async fn background_work_seals_the_log_and_signs_at_the_end(store: TestStore) {
        let secrets = store.secrets().await;
        let anchor = store.dir().join("audit.jsonl");
        let sealer = store::audit::Sealer::new((*store).clone(), &secrets, &anchor).await.unwrap();
        let act = async || {
            let mut tx = store.begin(&user("陈晓")).await.unwrap();
            tx.audit(store::Audit::new("approve", "test.thing", 1)).await.unwrap();
            tx.commit().await.unwrap();
        };
        act().await;
        let (runner, _app) = runner(&store);
        let runner = runner.sealing(sealer);
        runner.run_due().await;
        act().await;
        let shutdown = CancellationToken::new();
        shutdown.cancel();
        runner.run(shutdown).await;
        let key = store::audit::public_key(&secrets).await.unwrap();
        let report = store::audit::verify(&store, &key, Some(&anchor)).await.unwrap();
        assert_eq!((report.sealed, report.anchored, report.holds()), (2, 2, true));
    }

    async fn the_background_wakes_at_a_commit_and_stops_when_told(store: TestStore) {
        let (runner, app) = runner(&store);
        let shutdown = CancellationToken::new();
        let work = tokio::spawn(runner.run(shutdown.clone()));
        enqueue(&store, Long {}).await;
        app.started.notified().await;
        shutdown.cancel();
        app.go_on.notify_one();
        work.await.unwrap();
        // It noticed at its next look, and goes on after the restart as if it had not begun.
        assert_eq!(app.said(), ["guarded", "store.stopping"]);
        let job = jobs_of(&store, Long::KIND).await.remove(0);
        assert_eq!((job.state, job.attempts), (JobState::Waiting, 0));
    }
}
