//! Clocks: what their events come to, on both databases.

use http_kit::App;
use kernel::{Caller, GrantScope, HOUR_MS, Id, Timestamp};
use rulebook::calendar;
use rulebook::clock::{self, Clock, ClockState, NewClock, Step, StepBasis};
use rulebook::permissions::CALENDAR_MANAGE;
use serde_json::json;
use store::testing::TestStore;
use store::{Audit, Tx, on_both};

use crate::calendar::{at, office};
use crate::support::{MIGRATIONS, app, somebody};

const HOUR: i64 = 3_600;

async fn begin(app: &App) -> Tx {
    let mut tx = app.store.begin(&Caller::system("test")).await.expect("begins");
    tx.audit(Audit::new("test", "test.thing", "1")).await.expect("audits");
    tx
}

/// Makes the calendar `office`, Monday to Friday 9 to 18 in Shanghai.
pub async fn with_office(store: &TestStore) -> App {
    let app = app(store, vec![]).await;
    let person = somebody(&[CALENDAR_MANAGE], GrantScope::Company);
    let names = json!({ "zh-Hans": "办公室", "zh-Hant": "辦公室", "en": "Office" });
    let new = json!({ "code": "office", "names": names, "definition": office(), "reason": "for tests" });
    calendar::create(&app, &person, serde_json::from_value(new).expect("a body")).await.expect("made");
    app
}

pub fn new(budget_seconds: i64, ladder: Vec<Step>) -> NewClock<'static> {
    NewClock {
        subject_noun: "test.ticket",
        subject_id: Id::new(),
        kind: "solution",
        calendar: Some("office"),
        receiver_calendar: Some("office"),
        follows: true,
        budget_seconds,
        ladder,
    }
}

fn step(name: &str, basis: StepBasis, amount: i64, waits: bool) -> Step {
    Step { name: name.to_owned(), basis, amount, waits }
}

pub async fn start(app: &App, new: NewClock<'_>, when: &str) -> Clock {
    let mut tx = begin(app).await;
    let clock = clock::start(app, &mut tx, new, at(when)).await.expect("starts");
    tx.commit().await.expect("commits");
    clock
}

/// Records acts, each when it happened.
async fn act(app: &App, id: Id, acts: &[(&str, &str)]) -> Clock {
    let mut last = None;
    for (what, when) in acts {
        let mut tx = begin(app).await;
        let when = at(when);
        let clock = match *what {
            "pause" => clock::pause(app, &mut tx, id, when).await,
            "resume" => clock::resume(app, &mut tx, id, when).await,
            _ => clock::stop(app, &mut tx, id, when).await,
        };
        last = Some(clock.expect(what));
        tx.commit().await.expect("commits");
    }
    last.expect("an act")
}

async fn fired(store: &TestStore) -> Vec<(String, Option<Timestamp>)> {
    let sql =
        "SELECT step, fired_at FROM rulebook_clock_step WHERE fired_at IS NOT NULL ORDER BY fired_at, step";
    store.all(sql, store::args![]).await.expect("reads")
}

async fn events(store: &TestStore) -> i64 {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM outbox_event WHERE kind = 'rulebook.clock_step'";
    store.get(sql, store::args![]).await.expect("counts")
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_pause_adds_exactly_the_work_that_lies_in_it(store: TestStore) {
        let app = with_office(&store).await;
        store.clock.set(at("2026-11-20T10:00:00Z"));
        // Sixteen hours from Monday morning, halted for four hours and for one: due on Wednesday at noon.
        let clock = start(&app, new(16 * HOUR, vec![]), "2026-11-09T09:00:00+08:00").await;
        assert_eq!(clock.due_at, Some(at("2026-11-10T16:00:00+08:00")));
        let paused = act(&app, clock.id, &[("pause", "2026-11-09T10:00:00+08:00")]).await;
        assert_eq!((paused.state, paused.due_at, paused.remaining_ms), (ClockState::Paused, None, 15 * HOUR_MS));
        let resumed = act(&app, clock.id, &[
            ("resume", "2026-11-09T14:00:00+08:00"),
            ("pause", "2026-11-10T11:00:00+08:00"),
            ("resume", "2026-11-10T12:00:00+08:00"),
        ]).await;
        assert_eq!(resumed.due_at, Some(at("2026-11-11T12:00:00+08:00")));
        // Halted from Friday at three until Monday at ten: four hours of work, not three days.
        let clock = start(&app, new(16 * HOUR, vec![]), "2026-11-05T09:00:00+08:00").await;
        let resumed = act(&app, clock.id, &[
            ("pause", "2026-11-06T15:00:00+08:00"),
            ("resume", "2026-11-09T10:00:00+08:00"),
        ]).await;
        assert_eq!(resumed.due_at, Some(at("2026-11-09T11:00:00+08:00")));
    }

    async fn a_breach_is_decided_when_it_happened(store: TestStore) {
        let app = with_office(&store).await;
        store.clock.set(at("2026-11-20T10:00:00Z"));
        let monday = "2026-11-09T09:00:00+08:00";
        // Said long after, but it happened in time, to the second.
        let kept = start(&app, new(2 * HOUR, vec![]), monday).await;
        let kept = act(&app, kept.id, &[("stop", "2026-11-09T11:00:00+08:00")]).await;
        assert_eq!((kept.state, kept.breached_at), (ClockState::Stopped, None));
        let late = start(&app, new(2 * HOUR, vec![]), monday).await;
        let late = act(&app, late.id, &[("stop", "2026-11-09T11:00:01+08:00")]).await;
        assert_eq!(late.breached_at, Some(at("2026-11-09T11:00:00+08:00")));
        assert_eq!(late.due_at, late.breached_at);

        // Nobody said anything: the breach is noted. Then a pause comes to light that was there all along.
        let open = start(&app, new(2 * HOUR, vec![]), monday).await;
        clock::fire(&app).await.expect("looks");
        let noted = clock::get(&app, open.id).await.expect("there").clock;
        assert_eq!(noted.breached_at, Some(at("2026-11-09T11:00:00+08:00")));
        let mended = act(&app, open.id, &[("pause", "2026-11-09T10:00:00+08:00")]).await;
        assert_eq!((mended.state, mended.breached_at), (ClockState::Paused, None));
        // Events that do not fit together are refused, and so is what has not happened yet.
        let mut tx = begin(&app).await;
        let refused = clock::pause(&app, &mut tx, open.id, at("2026-11-09T10:30:00+08:00")).await;
        assert_eq!(refused.expect_err("paused already").code, "rulebook.clock.out_of_order");
        drop(tx);
        let mut tx = begin(&app).await;
        let refused = clock::resume(&app, &mut tx, open.id, at("2026-12-01T10:30:00+08:00")).await;
        assert_eq!(refused.expect_err("not yet").code, "rulebook.clock.in_the_future");
    }

    async fn a_clock_is_bound_to_another_budget_and_calendar(store: TestStore) {
        let app = with_office(&store).await;
        store.clock.set(at("2026-11-20T10:00:00Z"));
        let clock = start(&app, new(2 * HOUR, vec![]), "2026-11-09T09:00:00+08:00").await;
        let mut tx = begin(&app).await;
        let longer = clock::rebind(&app, &mut tx, clock.id, None, Some(4 * HOUR), at("2026-11-09T10:00:00+08:00")).await;
        assert_eq!(longer.expect("bound").due_at, Some(at("2026-11-09T13:00:00+08:00")));
        // The company works in UTC there: 17:00 in Shanghai is 9:00.
        let other = clock::rebind(&app, &mut tx, clock.id, Some("company"), None, at("2026-11-09T12:00:00+08:00")).await;
        assert_eq!(other.expect("bound").due_at, Some(at("2026-11-09T10:00:00Z")));
        tx.commit().await.expect("commits");
        let detail = clock::get(&app, clock.id).await.expect("there");
        assert_eq!((detail.events.len(), detail.clock.version), (3, 3));
    }

    async fn reminders_wait_for_open_hours_and_fire_once(store: TestStore) {
        let app = with_office(&store).await;
        let ladder = vec![
            step("half", StepBasis::Percent, 50, true),
            step("soon", StepBasis::BeforeDue, HOUR, true),
            step("due", StepBasis::AfterDue, 0, true),
            step("alarm", StepBasis::AfterDue, 0, false),
            step("over", StepBasis::AfterDue, HOUR, true),
        ];
        // Friday at 14: four hours of work are over at 18, when the office closes.
        store.clock.set(at("2026-11-20T14:00:00+08:00"));
        let clock = start(&app, new(4 * HOUR, ladder), "2026-11-20T14:00:00+08:00").await;
        let look = async |when: &str| {
            store.clock.set(at(when));
            clock::fire(&app).await.expect("looks")
        };
        assert_eq!(look("2026-11-20T15:59:59+08:00").await, 0);
        assert_eq!((look("2026-11-20T16:00:00+08:00").await, look("2026-11-20T16:00:00+08:00").await), (1, 0));
        assert_eq!(look("2026-11-20T17:00:00+08:00").await, 1);
        // At closing time: what waits goes to Monday, what does not wait fires.
        assert_eq!((look("2026-11-20T18:00:00+08:00").await, look("2026-11-21T12:00:00+08:00").await), (2, 0));
        let names = |fired: Vec<(String, Option<Timestamp>)>| fired.into_iter().map(|(step, _)| step).collect::<Vec<_>>();
        assert_eq!(names(fired(&store).await), ["half", "soon", "alarm"]);
        let waiting = clock::get(&app, clock.id).await.expect("there");
        let due = waiting.steps.iter().find(|step| step.step == "due").expect("a step");
        assert_eq!((due.fire_at, due.deferred_to), (Some(at("2026-11-20T18:00:00+08:00")), Some(at("2026-11-23T09:00:00+08:00"))));
        assert_eq!((look("2026-11-23T09:00:00+08:00").await, look("2026-11-23T10:00:00+08:00").await), (1, 1));
        assert_eq!(names(fired(&store).await), ["half", "soon", "alarm", "due", "over"]);
        assert_eq!(look("2026-11-30T10:00:00+08:00").await, 0);
        assert_eq!(events(&store).await, 5);
    }

    async fn a_halted_clock_reminds_of_nothing_until_it_goes_on(store: TestStore) {
        let app = with_office(&store).await;
        store.clock.set(at("2026-11-20T14:00:00+08:00"));
        let clock = start(&app, new(2 * HOUR, vec![step("half", StepBasis::Percent, 50, true)]), "2026-11-20T14:00:00+08:00").await;
        store.clock.set(at("2026-11-23T14:00:00+08:00"));
        act(&app, clock.id, &[("pause", "2026-11-20T14:30:00+08:00")]).await;
        assert_eq!(clock::fire(&app).await.expect("looks"), 0);
        act(&app, clock.id, &[("resume", "2026-11-23T14:00:00+08:00")]).await;
        let detail = clock::get(&app, clock.id).await.expect("there");
        assert_eq!(detail.steps[0].fire_at, Some(at("2026-11-23T14:30:00+08:00")));
        store.clock.set(at("2026-11-23T15:00:00+08:00"));
        act(&app, clock.id, &[("stop", "2026-11-23T14:20:00+08:00")]).await;
        assert_eq!((clock::fire(&app).await.expect("looks"), events(&store).await), (0, 0));
    }

    async fn clocks_that_follow_a_calendar_are_counted_anew(store: TestStore) {
        let app = with_office(&store).await;
        store.clock.set(at("2026-11-20T14:00:00+08:00"));
        let half = || vec![step("half", StepBasis::Percent, 50, true)];
        let simple = start(&app, new(8 * HOUR, half()), "2026-11-20T14:00:00+08:00").await;
        let pinned = start(&app, NewClock { follows: false, ..new(8 * HOUR, half()) }, "2026-11-20T14:00:00+08:00").await;
        let halted = start(&app, new(8 * HOUR, half()), "2026-11-19T14:00:00+08:00").await;
        act(&app, halted.id, &[("pause", "2026-11-19T15:00:00+08:00"), ("resume", "2026-11-20T10:00:00+08:00")]).await;
        let done = start(&app, new(8 * HOUR, half()), "2026-11-19T14:00:00+08:00").await;
        act(&app, done.id, &[("stop", "2026-11-19T15:00:00+08:00")]).await;

        let person = somebody(&[CALENDAR_MANAGE], GrantScope::Company);
        let mut definition = serde_json::to_value(office()).expect("json");
        definition["exceptions"] = json!([{ "date": "2026-11-23", "rule": { "kind": "closed" }, "name": "Stocktaking" }]);
        let change = json!({ "definition": definition, "reason": "closed on Monday" });
        let change = serde_json::from_value(change).expect("a body");
        let calendar = calendar::change(&app, &person, "office", 1, change).await.expect("changed");
        assert_eq!(clock::recount(&app, calendar.id, 2, None).await.expect("counts"), 2);
        assert_eq!(clock::recount(&app, calendar.id, 2, None).await.expect("counts"), 0);

        let due = async |id: Id| {
            let detail = clock::get(&app, id).await.expect("there");
            (detail.clock.due_at, detail.clock.calendar_version, detail.former.first().and_then(|former| former.due_at))
        };
        let (monday, tuesday) = (at("2026-11-23T13:00:00+08:00"), at("2026-11-24T13:00:00+08:00"));
        assert_eq!(due(simple.id).await, (Some(tuesday), 2, Some(monday)));
        assert_eq!(due(pinned.id).await, (Some(monday), 1, None));
        // Seven hours were left on Friday at ten: done the same day, Monday does not matter.
        assert_eq!(due(halted.id).await, (Some(at("2026-11-20T17:00:00+08:00")), 2, None));
        assert_eq!(due(done.id).await.1, 1);
        // An event after that counts by the new version.
        store.clock.set(at("2026-11-24T14:00:00+08:00"));
        let stopped = act(&app, simple.id, &[("stop", "2026-11-24T13:00:00+08:00")]).await;
        assert_eq!(stopped.breached_at, None);
        let stopped = act(&app, pinned.id, &[("stop", "2026-11-24T13:00:00+08:00")]).await;
        assert_eq!(stopped.breached_at, Some(monday));
    }
}
