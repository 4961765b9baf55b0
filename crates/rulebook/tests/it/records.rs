use kernel::{Caller, GrantScope, Label, PageQuery, Permission};
use rulebook::Rulebook;
use rulebook::pack::Folder;
use rulebook::record::{self, ActionInput, NewRecord, RecordDetail, RecordFilter, RecordPatch};
use serde_json::{Value as Json, json};
use store::on_both;

use crate::support::{MIGRATIONS, app, faults, folder, somebody};

const RISK: &str = r#"
id: risk
version: 1
prefix: RISK
title: {en: Risk}
permissions: [accept]
keys: [[name]]
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: likelihood, kind: rating, title: {en: Likelihood}, required: true}
  - {key: impact, kind: rating, title: {en: Impact}, required: true}
  - {key: score, kind: computed, formula: likelihood * impact, title: {en: Score}}
  - {key: grade, kind: computed, formula: "score >= 15 ? 'high' : (score >= 8 ? 'medium' : 'low')", title: {en: Grade}}
  - {key: loss, kind: money, title: {en: Loss}, label: secret}
  - {key: review_on, kind: date, title: {en: Review}}
  - key: steps
    kind: table
    title: {en: Steps}
    fields:
      - {key: what, kind: text, title: {en: What}, required: true}
      - {key: days, kind: number, title: {en: Days}}
  - {key: days, kind: computed, formula: "sum_of(steps, days)", title: {en: Days}}
  - {key: open_measures, kind: rollup, title: {en: Open}, rollup: {record: measure, by: risk, figure: count, where: "!ended"}}
checks:
  - {when: "grade == 'high' && count_of(steps) == 0", refuse: {en: A high risk needs steps.}, field: steps}
machines: [{machine: risk}]
views:
  - {id: top, kind: list, title: {en: Top}, filter: "!ended && score >= 8", sort: -score, columns: [name, score]}
"#;

const MEASURE: &str = r#"
id: measure
version: 1
prefix: M
title: {en: Measure}
visible: parties
fields:
  - {key: what, kind: text, title: {en: What}, required: true}
  - {key: risk, kind: reference, record: risk, title: {en: Risk}}
  - {key: helper, kind: person, party: true, title: {en: Helper}}
machines: [{machine: measure}]
"#;

const RISK_MACHINE: &str = r#"
id: risk
version: 1
title: {en: Risk}
record: risk
roles: [author]
facts: {reason: text}
states:
  - {id: open, title: {en: Open}, work: {who: {field: owner_id}, title: {en: Treat it}, due: {days: 3}, actions: [treat]}}
  - {id: treated, title: {en: Treated}}
  - {id: accepted, title: {en: Accepted}, end: true}
transitions:
  - action: treat
    from: [open]
    to: treated
    permission: records.risk.write
    title: {en: Treat}
    effects:
      - create: {record: measure, for_each: steps, values: {what: $row.what, risk: $id}}
      - set: {review_on: $plus_days(30)}
  - {action: accept, from: [open, treated], guard: "grade == 'high'", refuse: {en: Too high to accept.}, permission: records.risk.accept, title: {en: Accept}}
  - action: accept
    from: [open, treated]
    to: accepted
    permission: records.risk.accept
    separate_from: [author]
    required_fields: [reason]
    title: {en: Accept}
    effects: [{cascade: {record: measure, by: risk, action: drop}}]
"#;

const MEASURE_MACHINE: &str = r#"
id: measure
version: 1
title: {en: Measure}
record: measure
roles: [author]
states: [{id: open, title: {en: Open}}, {id: done, title: {en: Done}, end: true}, {id: dropped, title: {en: Dropped}, end: true}]
transitions:
  - {action: finish, from: [open], to: done, permission: records.measure.write, title: {en: Finish}}
  - {action: drop, from: [open], to: dropped, title: {en: Drop}}
"#;

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("records/risk.yaml", RISK),
        ("records/measure.yaml", MEASURE),
        ("machines/risk.yaml", RISK_MACHINE),
        ("machines/measure.yaml", MEASURE_MACHINE),
    ]
}

fn packs() -> Vec<Folder> {
    vec![folder("test", &files())]
}

const fn permission(code: &'static str) -> Permission {
    Permission::scoped(code)
}
const READ: Permission = permission("records.risk.read");
const WRITE: Permission = permission("records.risk.write");
const ACCEPT: Permission = permission("records.risk.accept");
const MEASURES: Permission = permission("records.measure.read");
const MEASURE_WRITE: Permission = permission("records.measure.write");

fn values(json: Json) -> serde_json::Map<String, Json> {
    json.as_object().cloned().unwrap_or_default()
}

async fn make(app: &http_kit::App, who: &Caller, name: &str, likelihood: i64, impact: i64) -> RecordDetail {
    let given = json!({"name": name, "likelihood": likelihood, "impact": impact,
        "steps": [{"what": "ask", "days": 2}, {"what": "act", "days": 3}]});
    let new = NewRecord { values: values(given), ..NewRecord::default() };
    record::create(app, who, "risk", new).await.expect("made")
}

async fn titles(app: &http_kit::App, who: &Caller, filter: RecordFilter, size: u32) -> Vec<String> {
    let mut found = Vec::new();
    let mut page = PageQuery { page_size: Some(size), cursor: None };
    loop {
        let got = record::list(app, who, "risk", &page, &filter).await.expect("lists");
        found.extend(got.items.into_iter().map(|item| item.title));
        match got.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return found,
        }
    }
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_record_follows_its_type(store: TestStore) {
        let app = app(&store, packs()).await;
        let who = somebody(&[READ, WRITE], GrantScope::Company);
        let risk = make(&app, &who, "Rival", 2, 4).await;
        let row = &risk.record;
        assert_eq!((row.number.as_str(), row.title.as_str(), row.state.as_deref()), ("RISK-0001", "Rival", Some("open")));
        assert_eq!((&row.values["score"], &row.values["grade"], &row.values["days"]), (&json!(8), &json!("medium"), &json!(5)));
        assert_eq!(row.owner_id, who.find_user_id());

        let refuse = async |given: Json| {
            let new = NewRecord { values: values(given), ..NewRecord::default() };
            record::create(&app, &who, "risk", new).await.expect_err("refused")
        };
        let wrong = refuse(json!({"name": "x", "likelihood": 9, "impact": 1, "what": 1, "score": 3})).await;
        let fields: Vec<(&str, &str)> = wrong.fields.iter().map(|f| (f.field.as_str(), f.code.as_str())).collect();
        assert_eq!(fields, [
            ("likelihood", "rulebook.record.rating_expected"),
            ("score", "rulebook.record.not_written"),
            ("what", "rulebook.record.unknown_field"),
        ]);
        let missing = refuse(json!({"name": " "})).await;
        assert_eq!(missing.fields.len(), 3);
        let check = refuse(json!({"name": "y", "likelihood": 5, "impact": 5})).await;
        assert_eq!((check.code.as_ref(), check.args["reason"].as_str()), ("rulebook.record.refused", Some("A high risk needs steps.")));
        let twice = refuse(json!({"name": "Rival", "likelihood": 1, "impact": 1})).await;
        assert_eq!((twice.status, twice.args["number"].as_str()), (409, Some("RISK-0001")));
    }

    async fn a_change_is_kept_and_a_stale_one_refused(store: TestStore) {
        let app = app(&store, packs()).await;
        let who = somebody(&[READ, WRITE], GrantScope::Company);
        let risk = make(&app, &who, "Rival", 2, 4).await.record;
        let patch = |given: Json| RecordPatch { values: values(given), ..RecordPatch::default() };
        let changed = record::update(&app, &who, "risk", risk.id, 1, patch(json!({"impact": 5, "review_on": "2026-12-01"}))).await;
        let changed = changed.expect("changed").record;
        assert_eq!((changed.version, &changed.values["score"]), (2, &json!(10)));
        let stale = record::update(&app, &who, "risk", risk.id, 1, patch(json!({"impact": 1}))).await;
        assert_eq!(stale.expect_err("stale").status, 412);
        let history = record::history(&app, &who, "risk", risk.id, &PageQuery::default()).await.expect("kept").items;
        assert_eq!(history.iter().map(|c| c.action.as_str()).collect::<Vec<_>>(), ["change", "create"]);
        assert_eq!(history[0].changes["score"], json!([8, 10]));
    }

    async fn an_action_moves_has_effects_and_sums_up(store: TestStore) {
        let app = app(&store, packs()).await;
        let who = somebody(&[READ, WRITE, ACCEPT, MEASURES, MEASURE_WRITE], GrantScope::Company);
        let boss = somebody(&[READ, ACCEPT], GrantScope::Company);
        let risk = make(&app, &who, "Rival", 2, 4).await;
        let offered: Vec<(&str, bool)> = risk.actions.iter().map(|a| (a.action.as_str(), a.allowed)).collect();
        assert_eq!(offered, [("treat", true), ("accept", false)]);
        let id = risk.record.id;
        let treated = record::act(&app, &who, "risk", id, 1, "treat", ActionInput::default()).await.expect("treats").record;
        assert_eq!((treated.state.as_deref(), &treated.values["open_measures"]), (Some("treated"), &json!(2)));
        assert!(treated.values["review_on"].as_str().is_some_and(|day| day.len() == 10));
        let related = record::related(&app, &who, "risk", id).await.expect("related");
        assert_eq!((related.len(), related[0].items.len()), (1, 2));

        let version = treated.version;
        let own = record::act(&app, &who, "risk", id, version, "accept", ActionInput::default()).await.expect_err("own");
        assert_eq!(own.code, "rulebook.machine.separated");
        let reason = record::act(&app, &boss, "risk", id, version, "accept", ActionInput::default()).await.expect_err("why");
        assert_eq!(reason.code, "rulebook.machine.field_missing");
        let input = ActionInput { reason: Some("small".into()), ..ActionInput::default() };
        let done = record::act(&app, &boss, "risk", id, version, "accept", input).await.expect("accepts").record;
        assert!(done.ended && done.closed_at.is_some());
        assert_eq!(done.values["open_measures"], json!(0));
        let shut = record::update(&app, &who, "risk", id, done.version, RecordPatch::default()).await.expect_err("ended");
        assert_eq!(shut.code, "rulebook.record.ended");
    }

    async fn lists_are_filtered_sorted_and_paged(store: TestStore) {
        let app = app(&store, packs()).await;
        let who = somebody(&[READ, WRITE], GrantScope::Company);
        for (place, (likelihood, impact)) in [(1, 1), (2, 5), (5, 5), (3, 3), (2, 5)].into_iter().enumerate() {
            let risk = make(&app, &who, &format!("R{place}"), likelihood, impact).await.record;
            if place % 2 == 0 {
                let patch = RecordPatch { values: values(json!({"review_on": format!("2026-12-0{}", place + 1)})), ..RecordPatch::default() };
                record::update(&app, &who, "risk", risk.id, 1, patch).await.expect("dated");
            }
        }
        let sorted = |sort: &str| RecordFilter { sort: Some(sort.into()), ..RecordFilter::default() };
        assert_eq!(titles(&app, &who, RecordFilter::default(), 2).await, ["R4", "R3", "R2", "R1", "R0"]);
        assert_eq!(titles(&app, &who, sorted("-score"), 2).await, ["R2", "R4", "R1", "R3", "R0"]);
        // Those without a value come last, whatever the order.
        assert_eq!(titles(&app, &who, sorted("review_on"), 2).await, ["R0", "R2", "R4", "R1", "R3"]);
        assert_eq!(titles(&app, &who, sorted("-review_on"), 1).await, ["R4", "R2", "R0", "R1", "R3"]);
        let view = RecordFilter { view: Some("top".into()), ..RecordFilter::default() };
        assert_eq!(titles(&app, &who, view, 50).await, ["R2", "R4", "R1", "R3"]);
        let filter = |text: &str| RecordFilter { filter: Some(text.into()), ..RecordFilter::default() };
        assert_eq!(titles(&app, &who, filter("grade == 'high'"), 50).await, ["R2"]);
        assert_eq!(titles(&app, &who, filter("owner_id == $me && !has(review_on)"), 50).await, ["R3", "R1"]);
        // Pages that the filter fills and the last one that it does not, in every order.
        for size in [1, 2, 3, 50] {
            assert_eq!(titles(&app, &who, filter("score >= 9"), size).await, ["R4", "R3", "R2", "R1"]);
            let both = |sort: &str| RecordFilter { filter: Some("score >= 9".into()), ..sorted(sort) };
            assert_eq!(titles(&app, &who, both("score"), size).await, ["R3", "R1", "R4", "R2"]);
            assert_eq!(titles(&app, &who, both("-score"), size).await, ["R2", "R4", "R1", "R3"]);
            assert_eq!(titles(&app, &who, both("-review_on"), size).await, ["R4", "R2", "R1", "R3"]);
        }
        assert_eq!(titles(&app, &who, RecordFilter { search: Some("r3".into()), ..RecordFilter::default() }, 50).await, ["R3"]);
        let odd = record::list(&app, &who, "risk", &PageQuery::default(), &filter("nothing == 1")).await.expect_err("odd");
        assert_eq!((odd.status, odd.code.as_ref()), (400, "rulebook.expression.unknown_field"));
        let groups = record::groups(&app, &who, "risk", "grade", None, &RecordFilter::default()).await.expect("counts");
        assert_eq!(groups.iter().map(|g| g.records).sum::<i64>(), 5);
    }

    async fn whoever_may_not_is_refused(store: TestStore) {
        let app = app(&store, packs()).await;
        let who = somebody(&[READ, WRITE], GrantScope::Company);
        let risk = make(&app, &who, "Rival", 2, 4).await.record;
        let stranger = somebody(&[MEASURES], GrantScope::Company);
        assert_eq!(record::find(&app, &stranger, "risk", risk.id).await.expect_err("no right").status, 403);
        // Rows of others are not there for those who see their own only.
        let own = somebody(&[READ, WRITE], GrantScope::Own);
        assert_eq!(record::find(&app, &own, "risk", risk.id).await.expect_err("not theirs").status, 404);
        assert!(titles(&app, &own, RecordFilter::default(), 50).await.is_empty());
        let reader = somebody(&[READ], GrantScope::Company);
        assert_eq!(record::create(&app, &reader, "risk", NewRecord::default()).await.expect_err("reads").status, 403);

        // A field above the clearance is masked, and cannot be filtered or sorted by.
        let mut trusted = somebody(&[READ, WRITE], GrantScope::Company);
        trusted.clearance = Label::Secret;
        let patch = RecordPatch { values: values(json!({"loss": 500})), ..RecordPatch::default() };
        record::update(&app, &trusted, "risk", risk.id, 1, patch).await.expect("written");
        let seen = record::find(&app, &reader, "risk", risk.id).await.expect("seen").record;
        assert_eq!((seen.values.get("loss"), seen.masked.as_slice()), (None, ["loss".to_owned()].as_slice()));
        let history = record::history(&app, &reader, "risk", risk.id, &PageQuery::default()).await.expect("kept");
        assert_eq!(history.items[0].changes["loss"], json!([null, null]));
        for filter in [
            RecordFilter { filter: Some("loss > 1".into()), ..RecordFilter::default() },
            RecordFilter { sort: Some("loss".into()), ..RecordFilter::default() },
        ] {
            let refused = record::list(&app, &reader, "risk", &PageQuery::default(), &filter).await;
            assert_eq!(refused.expect_err("hidden").status, 403);
        }
        // A record above the clearance is not there at all.
        let patch = RecordPatch { label: Some(Label::Secret), ..RecordPatch::default() };
        record::update(&app, &trusted, "risk", risk.id, 2, patch).await.expect("raised");
        assert_eq!(record::find(&app, &reader, "risk", risk.id).await.expect_err("secret").status, 404);
        assert!(titles(&app, &reader, RecordFilter::default(), 50).await.is_empty());
    }

    async fn only_parties_see_what_is_theirs(store: TestStore) {
        let app = app(&store, packs()).await;
        let who = somebody(&[MEASURES, MEASURE_WRITE], GrantScope::Company);
        let other = somebody(&[MEASURES, MEASURE_WRITE], GrantScope::Company);
        let helper = somebody(&[MEASURES], GrantScope::Company);
        let given = json!({"what": "talk", "helper": helper.user_id().expect("a user")});
        let new = NewRecord { values: values(given), ..NewRecord::default() };
        let made = record::create(&app, &who, "measure", new).await.expect("made").record;
        assert!(record::find(&app, &helper, "measure", made.id).await.is_ok());
        assert_eq!(record::find(&app, &other, "measure", made.id).await.expect_err("no party").status, 404);
        let seen = async |caller: &Caller| {
            let page = PageQuery::default();
            record::list(&app, caller, "measure", &page, &RecordFilter::default()).await.expect("lists").items.len()
        };
        assert_eq!((seen(&who).await, seen(&helper).await, seen(&other).await), (1, 1, 0));
    }

    async fn a_new_version_keeps_what_is_stored_where_it_is(store: TestStore) {
        let old = app(&store, packs()).await;
        let who = somebody(&[READ, WRITE], GrantScope::Company);
        make(&old, &who, "Rival", 2, 4).await;
        let newer = RISK
            .replace("version: 1", "version: 2")
            .replace("  - {key: review_on, kind: date, title: {en: Review}}\n", "  - {key: cause, kind: text, title: {en: Cause}}\n")
            .replace("filter: \"!ended && score >= 8\"", "filter: \"!has(cause)\"");
        let mut files = files();
        files[0].1 = Box::leak(newer.into_boxed_str());
        files[2].1 = Box::leak(RISK_MACHINE.replace("version: 1", "version: 2").replace("      - set: {review_on: $plus_days(30)}\n", "").into_boxed_str());
        let new = app(&store, vec![folder("test", &files)]).await;
        let sorted = RecordFilter { view: Some("top".into()), ..RecordFilter::default() };
        assert_eq!(titles(&new, &who, sorted, 50).await, ["Rival"]);
        // The same number with other content is no version.
        files[0].1 = Box::leak(RISK.replace("Likelihood", "Chance").into_boxed_str());
        files[2].1 = RISK_MACHINE;
        let changed = Rulebook::from_folders(vec![folder("test", &files)], &[], &[]).expect("sound");
        let mut parts = axum::http::Extensions::new();
        parts.insert(changed);
        let clash = http_kit::App { parts, ..new };
        assert_eq!(rulebook::publish(&clash).await.expect_err("refused").code, "rulebook.pack.record_type_changed");
    }
}

#[test]
fn a_type_at_fault_is_refused_with_file_line_and_reason() {
    let broken = |from: &str, to: &str| {
        let text = RISK.replace(from, to);
        let mut files: Vec<(&str, &str)> = files();
        files[0].1 = &text;
        faults(&files)
    };
    let one = |from: &str, to: &str| broken(from, to).join("\n");
    let formula = one("formula: likelihood * impact", "formula: likelihood * name");
    assert!(formula.starts_with("test/records/risk.yaml:12 rulebook.expression.kinds_differ"), "{formula}");
    assert!(
        one("kind: rating, title: {en: Impact}", "kind: ratting, title: {en: Impact}")
            .contains("rulebook.pack.yaml")
    );
    assert!(
        one("title: {en: Loss}", "title: {zh-Hant: 損失}")
            .contains("risk.yaml:14 rulebook.pack.text_missing")
    );
    assert!(one("sort: -score", "sort: -scores").contains("risk.yaml:28 rulebook.pack.unknown_field"));
    assert!(one("machine: risk}", "machine: riks}").contains("rulebook.pack.unknown_machine"));
    assert!(one("by: risk, figure", "by: what, figure").contains("rulebook.pack.no_such_reference"));
    assert!(one("keys: [[name]]", "keys: [[nome]]").contains("rulebook.pack.unknown_field"));
    assert!(one("prefix: RISK", "prefix: risk").contains("rulebook.pack.bad_prefix"));
}
