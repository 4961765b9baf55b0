//! What a condition says of facts and what its SQL says of rows is the same.

use std::collections::BTreeMap;

use kernel::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rulebook::expr::{Condition, Constant, Facts, Kind, Names};
use serde_json::{Map, Value, json};
use store::testing::{START, TestStore};
use store::{Observation, Query, args, on_both};

use crate::support::{MIGRATIONS, REVIEWS};

fn parameters() -> BTreeMap<String, Constant> {
    BTreeMap::from([
        ("hours".to_owned(), Constant::Integer(3)),
        ("share".to_owned(), Constant::Real(50.0)),
        ("quiet".to_owned(), Constant::TimeRange(8, 3)),
    ])
}

fn names() -> Names {
    let kinds = [("hours", Kind::Integer), ("share", Kind::Real), ("quiet", Kind::TimeRange)];
    Names::of_view(&REVIEWS, &kinds.map(|(key, kind)| (key.to_owned(), kind)).into())
}

fn leaf() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "state == 'approved'",
        "state != 'draft'",
        "state in ['draft', 'rejected']",
        "state.startsWith('appro')",
        "has(decided_at)",
        "same_person",
        "score >= param('share')",
        "score < rounds + 40",
        "rounds + 1 > 2",
        "rounds != 1",
        "within(rounds, param('quiet'))",
        "decided_at - submitted_at <= hours(param('hours'))",
        "submitted_at > now - hours(5)",
        "now - submitted_at >= minutes(180)",
        "submitted_at + duration('2h') < decided_at",
        "true",
    ])
    .prop_map(str::to_owned)
}

fn condition() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 12, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a} || {b})")),
        ]
    })
}

fn maybe<T: std::fmt::Debug + Clone + 'static>(values: Vec<T>) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.7, prop::sample::select(values))
}

#[derive(Clone, Debug)]
struct Row {
    state: Option<&'static str>,
    people: (Option<&'static str>, Option<&'static str>),
    score: Option<f64>,
    rounds: Option<i64>,
    submitted: Option<i64>,
    decided: Option<i64>,
}

fn row() -> impl Strategy<Value = Row> {
    let person = || maybe(vec!["ann", "bob"]);
    let hour = || maybe((-6..=0).collect::<Vec<i64>>());
    let state = maybe(vec!["draft", "approved", "rejected", "approval"]);
    (
        state,
        (person(), person()),
        maybe(vec![0.0, 41.5, 50.0, 99.9]),
        maybe((0..12).collect()),
        hour(),
        hour(),
    )
        .prop_map(|(state, people, score, rounds, submitted, decided)| Row {
            state,
            people,
            score,
            rounds,
            submitted,
            decided,
        })
}

fn at(hour: Option<i64>) -> Option<Timestamp> {
    hour.map(|hour| START.plus_ms(hour * kernel::HOUR_MS))
}

fn facts(row: &Row) -> Map<String, Value> {
    let same = row.people.0.zip(row.people.1).map(|(a, b)| a == b);
    let facts = json!({
        "state": row.state, "same_person": same, "score": row.score, "rounds": row.rounds,
        "submitted_at": at(row.submitted), "decided_at": at(row.decided),
    });
    facts.as_object().cloned().unwrap_or_default()
}

async fn put(store: &TestStore, rows: &[Row]) {
    let mut tx = store.begin_observation(Observation::Measurement).await.expect("begins");
    for (place, row) in rows.iter().enumerate() {
        let (author, decider) = row.people;
        let args = args![
            place.to_string(),
            row.state,
            author,
            decider,
            row.score,
            row.rounds,
            at(row.submitted),
            at(row.decided)
        ];
        let sql = "INSERT INTO review (id, state, author, decider, score, rounds, submitted_at, decided_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        tx.exec(sql, args).await.expect("inserts");
    }
    tx.commit().await.expect("commits");
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_condition_means_the_same_in_sql(store: TestStore) {
        let mut runner = TestRunner::deterministic();
        let rows = prop::collection::vec(row(), 60).new_tree(&mut runner).expect("rows").current();
        put(&store, &rows).await;
        for _ in 0..300 {
            let source = condition().new_tree(&mut runner).expect("a condition").current();
            let condition = Condition::parse(&source, &names()).expect(&source);
            let mut query = Query::new("SELECT id FROM v_test_review WHERE ", args![]);
            condition.push_sql(&mut query, &REVIEWS, &parameters(), START).expect("compiles");
            let mut found: Vec<usize> = store.list::<String>(query).await.expect(&source).iter().map(|id| id.parse().expect("a number")).collect();
            found.sort_unstable();
            let parameters = parameters();
            let expected: Vec<usize> = (0..rows.len())
                .filter(|place| {
                    let fields = facts(&rows[*place]);
                    condition.holds(&Facts { fields: &fields, parameters: &parameters, now: START })
                })
                .collect();
            assert_eq!(found, expected, "{source}");
        }
    }
}
