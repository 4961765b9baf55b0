use std::collections::BTreeMap;

use kernel::{Column, ColumnKind, Timestamp, View};
use serde_json::{Map, Value, json};
use store::{Query, args};

use super::{Condition, Constant, Facts, Fault, Kind, Names};

const VIEW: View = View {
    name: "v_test",
    columns: &[
        Column::new("state", ColumnKind::Text),
        Column::new("minutes", ColumnKind::Integer),
        Column::new("share", ColumnKind::Real),
        Column::new("ok", ColumnKind::Boolean),
        Column::new("at", ColumnKind::Time),
        Column::new("done_at", ColumnKind::Time),
    ],
    at: "at",
    permission: "test.read",
    link: "",
};

fn names() -> Names {
    let parameters = BTreeMap::from([
        ("due_hours".to_owned(), Kind::Integer),
        ("age".to_owned(), Kind::Duration),
        ("quiet".to_owned(), Kind::TimeRange),
    ]);
    Names::of_view(&VIEW, &parameters)
}

fn parameters() -> BTreeMap<String, Constant> {
    BTreeMap::from([
        ("due_hours".to_owned(), Constant::Integer(4)),
        ("age".to_owned(), Constant::Duration(86_400_000)),
        ("quiet".to_owned(), Constant::TimeRange(1_260, 540)),
    ])
}

fn read(source: &str) -> Result<Condition, Fault> {
    Condition::parse(source, &names())
}

fn holds(source: &str, facts: &Value) -> bool {
    let empty = Map::new();
    let now: Timestamp = "2026-11-22T08:00:00Z".parse().expect("a time");
    let facts = Facts { fields: facts.as_object().unwrap_or(&empty), parameters: &parameters(), now };
    read(source).expect(source).holds(&facts)
}

#[test]
fn an_absent_value_compares_to_nothing_and_differs_from_everything() {
    let none = json!({});
    assert!(!holds("state == 'a'", &none));
    assert!(holds("state != 'a'", &none));
    assert!(!holds("minutes < 5", &none));
    assert!(holds("!(minutes < 5)", &none));
    assert!(!holds("ok", &none));
    assert!(holds("!ok && !has(state)", &none));
    assert!(!holds("state in ['a', 'b'] || state.startsWith('a')", &none));
}

#[test]
fn times_and_lengths_of_time_are_counted() {
    let facts = json!({"at": "2026-11-22T03:00:00Z", "done_at": "2026-11-22T06:59:59Z"});
    assert!(holds("done_at - at <= hours(param('due_hours'))", &facts));
    assert!(!holds("done_at - at <= duration('3h')", &facts));
    assert!(holds("at > now - param('age') && at < now - minutes(30)", &facts));
    assert!(holds("now - at >= hours(5) && now - at <= hours(5)", &facts));
}

#[test]
fn a_minute_of_the_day_is_inside_a_range_past_midnight() {
    assert!(holds("within(minutes, param('quiet'))", &json!({"minutes": 1_300})));
    assert!(holds("within(minutes, param('quiet'))", &json!({"minutes": 539})));
    assert!(!holds("within(minutes, param('quiet'))", &json!({"minutes": 540})));
    assert!(!holds("within(minutes, param('quiet'))", &json!({})));
    assert_eq!(
        read("within(minutes, param('age'))").expect_err("no range").code,
        "rulebook.expression.kinds_differ"
    );
    assert_eq!(
        read("param('quiet') == param('quiet')").expect_err("no order").code,
        "rulebook.expression.kinds_differ"
    );
}

#[test]
fn what_is_no_test_of_known_fields_is_refused_by_name() {
    let code = |source: &str| read(source).expect_err(source).code;
    assert_eq!(code("stat == 'a'"), "rulebook.expression.unknown_field");
    assert_eq!(code("state == 1"), "rulebook.expression.kinds_differ");
    assert_eq!(code("at + at < now"), "rulebook.expression.kinds_differ");
    assert_eq!(code("state < 'b'"), "rulebook.expression.kinds_differ");
    assert_eq!(code("minutes"), "rulebook.expression.not_a_test");
    assert_eq!(code("param('x') > 1"), "rulebook.expression.unknown_parameter");
    assert_eq!(code("state.matches('a.*')"), "rulebook.expression.unsupported");
    assert_eq!(code("[1, 2].exists(x, x > 1)"), "rulebook.expression.unsupported");
    assert_eq!(code("ok ? true : false"), "rulebook.expression.unsupported");
    assert_eq!(code("state == "), "rulebook.expression.syntax");
    assert_eq!(code(&format!("state == '{}'", "a".repeat(2_000))), "rulebook.expression.too_long");
    let deep = (0..9).fold("ok".to_owned(), |inner, _| format!("(ok || !({inner} && ok))"));
    assert_eq!(code(&deep), "rulebook.expression.too_big");
    assert_eq!(code(&["minutes > 1"; 80].join(" || ")), "rulebook.expression.too_big");
}

#[test]
fn input_is_bound_and_columns_are_the_views_own() {
    let condition = read("state in ['a', 'b'] && !(minutes >= 5) && at > now - hours(param('due_hours'))")
        .expect("a condition");
    assert_eq!(condition.parameters(), ["due_hours"]);
    let mut query = Query::new("WHERE ", args![]);
    condition.push_sql(&mut query, &VIEW, &parameters(), Timestamp::from_ms(0)).expect("compiles");
    assert_eq!(
        query.text(),
        "WHERE ((state IN ($1, $2) AND state IS NOT NULL) AND NOT (minutes >= $3 AND minutes IS NOT NULL) \
         AND (at > ($4 - ($5 * $6)) AND at IS NOT NULL))"
    );
}
