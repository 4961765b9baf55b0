use std::collections::BTreeMap;

use kernel::{Caller, DAY_MS, GrantScope, HOUR_MS, Id, Label, Language, PageQuery, Timestamp};
use rulebook::clause::Status;
use rulebook::parameter;
use rulebook::run::{RowFilter, RowSet, Verdict};
use serde_json::json;
use store::testing::{START, TestStore};
use store::{Observation, on_both};

use crate::support::{MIGRATIONS, REVIEW_READ, app, folder, somebody};

const CLAUSES: &str = "- {id: TT-1.1, department: brand, title: {en: Review}, text: {en: Review all}}\n\
                       - {id: TT-1.2, department: it, title: {en: Other}, text: {en: Other}}\n\
                       - {id: TT-1.3, department: it, title: {en: Lost}, text: {en: Lost}}\n";
const PARAMETERS: &str = "- {key: due, kind: integer, default: 4, title: {en: Due}}\n\
                          - {key: share, kind: percent, default: 100, title: {en: Share}}\n\
                          - {key: rulebook.run.stale_hours, kind: integer, default: 24, title: {en: Stale}}\n";
const CONTROLS: &str = r#"
- id: review.by_other
  clauses: {TT-1.1: full}
  title: {en: Reviewed by another}
  rationale: {en: r}
  evidence:
    kind: ratio
    view: v_test_review
    filter: "state == 'approved'"
    numerator: "has(decided_at) && !same_person && decided_at - submitted_at <= hours(param('due'))"
    window: {days: 30}
    threshold: {op: ">=", parameter: share}
- id: review.newest
  clauses: {TT-1.2: partial}
  title: {en: Newest}
  rationale: {en: r}
  evidence:
    kind: record_state
    view: v_test_review
    of: newest
    holds: "now - submitted_at <= days(1)"
- id: review.none_rejected
  clauses: {TT-1.2: partial}
  title: {en: None}
  rationale: {en: r}
  evidence:
    kind: query
    view: v_test_review
    counted: "state in ['rejected']"
    threshold: {op: "==", value: 0}
    minimum_rows: 2
- id: lost
  clauses: {TT-1.3: full}
  title: {en: Lost}
  rationale: {en: r}
  evidence: {kind: query, view: v_nobody, threshold: {op: "==", value: 0}}
"#;

fn packs() -> Vec<rulebook::pack::Folder> {
    let files = [("clauses.yaml", CLAUSES), ("parameters.yaml", PARAMETERS), ("controls.yaml", CONTROLS)];
    vec![folder("test", &files)]
}

struct Review<'r> {
    id: &'r str,
    brand: &'r str,
    state: &'r str,
    people: (&'r str, &'r str),
    submitted: Timestamp,
    hours: Option<i64>,
}

async fn put(store: &TestStore, review: Review<'_>) {
    let mut tx = store.begin_observation(Observation::Measurement).await.expect("begins");
    let decided = review.hours.map(|hours| review.submitted.plus_ms(hours * HOUR_MS));
    let sql = "INSERT INTO review (id, brand_id, state, author, decider, author_name, submitted_at, decided_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (author, decider) = review.people;
    let args = store::args![
        review.id,
        review.brand,
        review.state,
        author,
        decider,
        "王芳",
        review.submitted,
        decided
    ];
    tx.exec(sql, args).await.expect("inserts");
    tx.commit().await.expect("commits");
}

fn approved<'r>(id: &'r str, brand: &'r str, people: (&'r str, &'r str)) -> Review<'r> {
    Review { id, brand, state: "approved", people, submitted: START.plus_ms(-6 * HOUR_MS), hours: Some(3) }
}

async fn statuses(app: &http_kit::App) -> BTreeMap<String, Status> {
    let page = rulebook::clause::list(app, Language::En, &PageQuery::default(), &Default::default()).await;
    page.expect("lists").items.into_iter().map(|clause| (clause.id, clause.status)).collect()
}

async fn rows(
    app: &http_kit::App,
    caller: &Caller,
    run: Id,
    set: Option<RowSet>,
) -> Vec<rulebook::run::EvidenceRow> {
    let page = PageQuery { page_size: Some(1), cursor: None };
    let mut page = rulebook::run::rows(app, caller, run, &page, &RowFilter { set }).await.expect("opens");
    let mut rows = page.items;
    while page.next_cursor.is_some() {
        let next = PageQuery { page_size: Some(1), cursor: page.next_cursor };
        page = rulebook::run::rows(app, caller, run, &next, &RowFilter { set }).await.expect("opens");
        rows.extend(page.items);
    }
    rows
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_clause_turns_with_what_people_do(store: TestStore) {
        let app = app(&store, packs()).await;
        let control = "review.by_other";
        assert_eq!(rulebook::evaluate_all(&app, None).await.expect("runs"), 3);
        let before = statuses(&app).await;
        assert_eq!(before["TT-1.1"], Status::Insufficient);
        assert_eq!(before["TT-1.3"], Status::Uncovered);

        put(&store, approved("r1", "b1", ("ann", "bob"))).await;
        put(&store, approved("r2", "b2", ("ann", "cid"))).await;
        // Before the window, and not about approved ones: neither counts.
        put(&store, Review { submitted: START.plus_days(-31), ..approved("r0", "b1", ("ann", "ann")) }).await;
        put(&store, Review { state: "draft", ..approved("r9", "b1", ("ann", "ann")) }).await;
        let run = rulebook::run::evaluate(&app, Language::En, control).await.expect("runs");
        assert_eq!((run.verdict, run.value, run.population), (Verdict::Followed, Some(100.0), 2));
        assert_eq!(run.row_ids, ["r2", "r1"]);
        assert_eq!(run.why, "In the last 30 days: 2 of 2 relevant records did it right (100%). Required: ≥ 100%.");
        assert_eq!(statuses(&app).await["TT-1.1"], Status::Followed);

        put(&store, approved("r3", "b1", ("dan", "dan"))).await;
        let run = rulebook::run::evaluate(&app, Language::En, control).await.expect("runs");
        assert_eq!((run.verdict, run.row_set, run.row_ids), (Verdict::Broken, RowSet::Others, vec!["r3".to_owned()]));
        assert_eq!(statuses(&app).await["TT-1.1"], Status::Broken);
        let counts = rulebook::status(&app).await.expect("counts");
        assert_eq!((counts.clauses, counts.covered, counts.broken, counts.uncovered), (3, 2, 1, 1));
        let turns = rulebook::run::turns(&app, Language::En, 7).await.expect("turns");
        assert_eq!(turns.iter().map(|t| (t.before, t.after)).collect::<Vec<_>>(), [
            (Verdict::Followed, Verdict::Broken),
            (Verdict::Insufficient, Verdict::Followed),
        ]);
        let detail = rulebook::clause::find(&app, Language::En, "TT-1.1").await.expect("shows");
        assert_eq!(detail.trend.last().and_then(|week| week.verdict), Some(Verdict::Broken));
    }

    async fn rows_open_within_scope_and_masked_for_the_caller(store: TestStore) {
        let app = app(&store, packs()).await;
        let (one, two) = (Id::new(), Id::new());
        put(&store, approved("r1", &one.to_string(), ("ann", "bob"))).await;
        put(&store, approved("r2", &two.to_string(), ("ann", "bob"))).await;
        let run = rulebook::run::evaluate(&app, Language::En, "review.by_other").await.expect("runs").id;

        let mut reader = somebody(&[REVIEW_READ], GrantScope::Company);
        let seen = rows(&app, &reader, run, None).await;
        assert_eq!(seen.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["r2", "r1"]);
        assert_eq!((seen[0].columns["author_name"].clone(), &seen[0].masked), (json!(null), &vec!["author_name".to_owned()]));
        assert_eq!(seen[0].link, "/reviews/r2");
        assert_eq!(seen[0].columns["same_person"], json!(false));
        assert_eq!(seen[0].columns["submitted_at"], json!("2026-11-22T02:00:00Z"));
        reader.clearance = Label::Personal;
        assert_eq!(rows(&app, &reader, run, None).await[0].columns["author_name"], json!("王芳"));

        let narrowed = somebody(&[REVIEW_READ], GrantScope::Brand(one));
        assert_eq!(rows(&app, &narrowed, run, Some(RowSet::All)).await.len(), 1);
        let stranger = somebody(&[], GrantScope::Company);
        let refused = rulebook::run::rows(&app, &stranger, run, &PageQuery::default(), &RowFilter::default()).await;
        assert_eq!(refused.expect_err("no right").status, 403);
    }

    async fn a_parameter_moves_the_verdict_and_the_run_says_with_what_it_was_found(store: TestStore) {
        let app = app(&store, packs()).await;
        put(&store, approved("r1", "b1", ("ann", "bob"))).await;
        let first = rulebook::run::evaluate(&app, Language::En, "review.by_other").await.expect("runs");
        assert_eq!(first.verdict, Verdict::Followed);
        // The same on the same day confirms the run.
        store.clock.advance_ms(HOUR_MS);
        let again = rulebook::run::evaluate(&app, Language::En, "review.by_other").await.expect("runs");
        assert_eq!((again.id, again.confirmed_at), (first.id, START.plus_ms(HOUR_MS)));

        let person = somebody(&[], GrantScope::Company);
        let tighter = serde_json::from_value(json!({"value": 2, "reason": "faster reviews"})).expect("a body");
        parameter::change(&app, &person, "due", 1, tighter).await.expect("changes");
        let run = rulebook::run::evaluate(&app, Language::En, "review.by_other").await.expect("runs");
        assert_eq!((run.verdict, run.inputs["due"].value.clone()), (Verdict::Broken, json!(2)));
        let reader = somebody(&[REVIEW_READ], GrantScope::Company);
        // The first run still opens what it found with its own figures.
        assert_eq!(rows(&app, &reader, first.id, None).await.len(), 1);
        assert_eq!(rows(&app, &reader, run.id, Some(RowSet::Counted)).await.len(), 0);
    }

    async fn states_and_breaches_are_judged_and_evidence_grows_old(store: TestStore) {
        let app = app(&store, packs()).await;
        put(&store, approved("r1", "b1", ("ann", "bob"))).await;
        rulebook::evaluate_all(&app, None).await.expect("runs");
        // One row is in order, but one row is too few to say that none was rejected.
        assert_eq!(statuses(&app).await["TT-1.2"], Status::Insufficient);
        put(&store, approved("r2", "b1", ("ann", "bob"))).await;
        rulebook::evaluate_all(&app, Some(&["v_test_review".to_owned()])).await.expect("runs");
        assert_eq!(statuses(&app).await["TT-1.2"], Status::Followed);
        assert_eq!(rulebook::status(&app).await.expect("counts").stale, 0);
        store.clock.advance_ms(DAY_MS + 1);
        assert_eq!(rulebook::status(&app).await.expect("counts").stale, 2);
        rulebook::evaluate_all(&app, None).await.expect("runs");
        assert_eq!(statuses(&app).await["TT-1.2"], Status::Broken);
        assert_eq!(rulebook::status(&app).await.expect("counts").stale, 0);
    }
}
