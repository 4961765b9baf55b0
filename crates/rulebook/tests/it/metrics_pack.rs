//! The pack that the tests of metrics and dashboards share, and what a metric at fault is refused for.

use std::sync::Arc;

use async_trait::async_trait;
use http_kit::{App, PeoplePort, Person, StandIn, Unit};
use kernel::{Caller, GrantScope, Id, Permission, Result, Timestamp};
use rulebook::pack::Folder;
use rulebook::permissions::{METRIC_MEASURE, METRIC_READ};
use rulebook::record::{self, NewRecord, RecordDetail};
use serde_json::Value as Json;
use store::jobs::{Registry, Runner};
use store::testing::TestStore;
use store::{Observation, Tx};

use crate::support::{REVIEW_READ, faults, folder, somebody};

pub const METRICS: &str = r#"
- id: review.score
  version: 1
  title: {en: Mean score}
  unit: score
  better: lower
  key: true
  figure: {kind: figure, view: v_test_review, statistic: average, of: {column: score}, by: brand_id}
  every: hourly
  limits:
    near: {op: ">=", parameter: score.near}
    over: {op: ">=", value: 30}
    clears_by: 2
    owner: {role: brand}
- id: review.count
  version: 1
  title: {en: Reviews}
  unit: count
  better: higher
  figure: {kind: query, view: v_test_review, counted: "state == 'approved'", window: {days: 30}}
  every: daily
- id: review.share
  version: 1
  title: {en: Share}
  unit: percent
  better: higher
  figure: {kind: ratio, view: v_test_review, numerator: "state == 'approved'"}
  every: daily
- id: review.per_count
  version: 1
  title: {en: Score per review}
  unit: score
  better: higher
  formula: "metric('review.score') / metric('review.count') + 1"
  every: daily
"#;
pub const PARAMETERS: &str = "- {key: score.near, kind: integer, default: 24, title: {en: Near}}\n\
     - {key: answer, kind: minutes, default: 60, title: {en: Answer}}\n\
     - {key: rulebook.run.stale_hours, kind: integer, default: 24, title: {en: Stale}}\n";
pub const WARNING: &str = r"
id: warning
version: 1
prefix: W
title: {en: Warning}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: metric, kind: metric, title: {en: Metric}}
  - {key: series, kind: text, title: {en: Series}}
  - {key: level, kind: choice, title: {en: Level}, options: [{id: near, title: {en: Near}}, {id: over, title: {en: Over}}]}
  - {key: measured, kind: number, decimals: 2, title: {en: Measured}}
  - {key: limit_value, kind: number, decimals: 2, title: {en: Limit}}
  - {key: fired_at, kind: time, title: {en: Fired}}
  - {key: answered_at, kind: time, title: {en: Answered}, read_only: true}
  - {key: measure, kind: text, title: {en: Measure}}
  - {key: false_alarm, kind: boolean, title: {en: False}}
  - {key: after_at, kind: time, title: {en: After}, read_only: true}
  - {key: after_value, kind: number, decimals: 2, title: {en: After}, read_only: true}
  - {key: cleared_at, kind: time, title: {en: Cleared}, read_only: true}
  - {key: cleared_value, kind: number, decimals: 2, title: {en: Cleared}, read_only: true}
alert:
  metric: metric
  series: series
  level: level
  value: measured
  limit: limit_value
  at: fired_at
  answered_at: answered_at
  false_alarm: false_alarm
  remeasured_at: after_at
  remeasured_value: after_value
  cleared_at: cleared_at
  cleared_value: cleared_value
  escalate: {action: escalate, after: {parameter: answer}}
  missed: {record: incident, metric: metric, at: at}
machines: [{machine: warning}]
";
pub const WARNING_MACHINE: &str = r"
id: warning
version: 1
title: {en: Warning}
record: warning
states:
  - {id: fired, title: {en: Fired}, work: {who: {field: owner_id}, title: {en: Answer it}}}
  - {id: escalated, title: {en: Escalated}}
  - {id: answered, title: {en: Answered}}
  - {id: closed, title: {en: Closed}, end: true}
transitions:
  - {action: answer, from: [fired, escalated], to: answered, required_fields: [measure], permission: records.warning.write, title: {en: Answer}, effects: [{set: {answered_at: $now}}]}
  - {action: escalate, from: [fired], to: escalated, title: {en: Escalate}}
  - {action: close, from: [answered], to: closed, permission: records.warning.write, title: {en: Close}}
";
pub const INCIDENT: &str = r"
id: incident
version: 1
prefix: I
title: {en: Incident}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: metric, kind: metric, title: {en: Metric}}
  - {key: at, kind: time, title: {en: At}}
";
pub const GOAL: &str = r#"
id: goal
version: 1
prefix: G
title: {en: Goal}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: metric, kind: metric, title: {en: Metric}}
  - {key: brand, kind: text, title: {en: Brand}}
  - {key: actual, kind: number, decimals: 1, title: {en: Actual}}
  - {key: measured_on, kind: date, title: {en: Measured}}
  - {key: rows, kind: number, title: {en: Rows}}
  - {key: limit_value, kind: number, decimals: 1, title: {en: Limit}}
  - {key: beyond, kind: computed, formula: "actual > limit_value", title: {en: Beyond}}
  - {key: secret, kind: number, label: secret, title: {en: Secret}}
  - key: figures
    kind: table
    title: {en: Figures}
    fields:
      - {key: metric, kind: metric, title: {en: Metric}}
      - {key: name, kind: text, title: {en: Name}}
      - {key: value, kind: number, decimals: 1, title: {en: Value}}
      - {key: at, kind: date, title: {en: At}}
measured:
  - metric: metric
    value: actual
    at: measured_on
    rows: rows
    series: brand
    breach: {field: beyond, record: breach, values: {name: $name, goal: $id, value: $actual}}
freezes: {table: figures, on: [close], metric: metric, value: value, at: at, name: name}
machines: [{machine: goal}]
"#;
pub const BREACH: &str = r"
id: breach
version: 1
prefix: B
title: {en: Breach}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: goal, kind: reference, record: goal, title: {en: Goal}}
  - {key: value, kind: number, decimals: 1, title: {en: Value}}
";
pub const GOAL_MACHINE: &str = r"
id: goal
version: 1
title: {en: Goal}
record: goal
states: [{id: open, title: {en: Open}}, {id: closed, title: {en: Closed}, end: true}]
transitions: [{action: close, from: [open], to: closed, permission: records.goal.write, title: {en: Close}}]
";

/// Returns the files of the pack, some of them replaced or added.
pub fn files(changed: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut files = vec![
        ("metrics.yaml", METRICS),
        ("parameters.yaml", PARAMETERS),
        ("records/warning.yaml", WARNING),
        ("records/incident.yaml", INCIDENT),
        ("records/goal.yaml", GOAL),
        ("records/breach.yaml", BREACH),
        ("machines/warning.yaml", WARNING_MACHINE),
        ("machines/goal.yaml", GOAL_MACHINE),
    ];
    for (path, text) in changed {
        files.retain(|(known, _)| known != path);
        files.push((path, text));
    }
    files
}

pub fn pack(changed: &[(&'static str, &'static str)]) -> Vec<Folder> {
    vec![folder("test", &files(changed))]
}

/// One person who holds every role.
#[derive(Debug)]
pub struct OnePerson(pub Id);

#[async_trait]
impl PeoplePort for OnePerson {
    async fn people(&self, _tx: &mut Tx, ids: &[Id]) -> Result<Vec<Person>> {
        let one = Person {
            id: self.0,
            name: "Owner".into(),
            email: "owner@test.example".into(),
            language: None,
            department_id: None,
            manager_id: None,
            active: true,
        };
        Ok(if ids.contains(&self.0) { vec![one] } else { Vec::new() })
    }

    async fn look_up(&self, _tx: &mut Tx, _words: &[String]) -> Result<Vec<Person>> {
        Ok(Vec::new())
    }

    async fn staff(&self, _tx: &mut Tx, _unit: Option<Id>) -> Result<Vec<Id>> {
        Ok(vec![self.0])
    }

    async fn caller(&self, _app: &App, _id: Id, _request: &Caller) -> Result<Option<Caller>> {
        Ok(None)
    }

    async fn units(&self, _tx: &mut Tx) -> Result<Vec<Unit>> {
        Ok(Vec::new())
    }

    async fn holders_of_role(&self, _tx: &mut Tx, _role: &str, _unit: Option<Id>) -> Result<Vec<Id>> {
        Ok(vec![self.0])
    }

    async fn holders_of_permission(
        &self,
        _tx: &mut Tx,
        _permission: &str,
        _brand: Option<Id>,
        _unit: Option<Id>,
    ) -> Result<Vec<Id>> {
        Ok(vec![self.0])
    }

    async fn stand_ins(
        &self,
        _tx: &mut Tx,
        _ids: &[Id],
        _kind: &str,
        _at: Timestamp,
    ) -> Result<Vec<StandIn>> {
        Ok(Vec::new())
    }
}

/// An app with the pack, one person, and what works in the background.
pub struct World {
    pub app: Arc<App>,
    pub runner: Runner<App>,
    pub who: Caller,
}

impl World {
    pub async fn open(store: &TestStore, changed: &[(&'static str, &'static str)]) -> Self {
        let app = crate::support::app(store, pack(changed)).await;
        let who = somebody(&all(), GrantScope::Company);
        app.people.connect(Arc::new(OnePerson(who.find_user_id().expect("a user"))));
        let app = Arc::new(app);
        let mut registry = Registry::new();
        rulebook::metric::jobs::register(&mut registry);
        let runner = Runner::new(app.store.clone(), app.clone(), registry, 1);
        let world = Self { app, runner, who };
        world.work().await;
        rulebook::metric::measure_due(&world.app).await.expect("measures");
        world
    }

    pub async fn work(&self) {
        self.runner.drain().await.expect("background work runs");
    }

    pub async fn make(&self, type_id: &str, values: Json) -> RecordDetail {
        let new = NewRecord { values: values.as_object().cloned().expect("values"), ..NewRecord::default() };
        record::create(&self.app, &self.who, type_id, new).await.expect("made")
    }

    pub async fn all(&self, type_id: &str) -> Vec<record::Record> {
        let page = kernel::PageQuery::default();
        record::list(&self.app, &self.who, type_id, &page, &Default::default()).await.expect("lists").items
    }
}

/// Everything that the tests ask for.
pub fn all() -> Vec<Permission> {
    const NAMES: [&str; 8] = [
        "records.warning.read",
        "records.warning.write",
        "records.goal.read",
        "records.goal.write",
        "records.breach.read",
        "records.incident.read",
        "records.incident.write",
        "records.breach.write",
    ];
    let own = [METRIC_READ, METRIC_MEASURE, REVIEW_READ, rulebook::permissions::CLAUSE_READ];
    NAMES.iter().map(|name| Permission::scoped(name)).chain(own).collect()
}

/// Puts a review with a score into the database, or changes it.
pub async fn score(store: &TestStore, id: &str, brand: &str, state: &str, score: f64) {
    let mut tx = store.begin_observation(Observation::Measurement).await.expect("begins");
    tx.exec("DELETE FROM review WHERE id = $1", store::args![id]).await.expect("clears");
    let sql = "INSERT INTO review (id, brand_id, state, score, author_name, submitted_at) \
               VALUES ($1, $2, $3, $4, '王芳', $5)";
    let now = tx.now();
    tx.exec(sql, store::args![id, brand, state, score, now]).await.expect("inserts");
    tx.commit().await.expect("commits");
}

fn broken(from: &str, to: &str) -> String {
    let text = METRICS.replacen(from, to, 1);
    assert_ne!(text, METRICS, "{from} is there");
    faults(&files(&[("metrics.yaml", Box::leak(text.into_boxed_str()))])).join("\n")
}

#[test]
fn a_metric_at_fault_is_refused_with_its_line() {
    assert_eq!(faults(&files(&[])), Vec::<String>::new());
    assert_eq!(
        broken("id: review.score", "id: Review"),
        "test/metrics.yaml:2 rulebook.pack.bad_metric_id\ntest/metrics.yaml:34 rulebook.pack.unknown_metric"
    );
    assert!(
        broken("{column: score}", "{column: state}")
            .contains("test/metrics.yaml:8 rulebook.expression.unknown_field")
    );
    assert!(
        broken("by: brand_id", "by: nothing").contains("test/metrics.yaml:8 rulebook.pack.unknown_field")
    );
    assert!(
        broken("parameter: score.near", "parameter: nobody")
            .contains("rulebook.expression.unknown_parameter")
    );
    assert!(
        broken("parameter: score.near", "parameter: answer")
            .contains("rulebook.pack.parameter_of_other_kind")
    );
    assert!(
        broken("op: \">=\", value: 30", "op: \"<\", value: 30")
            .contains("test/metrics.yaml:12 rulebook.pack.limit_direction")
    );
    assert!(broken("clears_by: 2", "clears_by: -2").contains("rulebook.pack.bad_band"));
    assert!(broken("owner: {role: brand}", "owner: {}").contains("rulebook.pack.one_receiver"));
    assert!(
        broken("owner: {role: brand}", "owner: {role: brand}\n    opens: {record: goal}")
            .contains("rulebook.pack.no_alert_fields")
    );
    assert!(broken("metric('review.count')", "metric('nobody')").contains("rulebook.pack.unknown_metric"));
    assert!(
        broken("metric('review.count')", "metric('review.per_count')").contains("rulebook.pack.metric_cycle")
    );
    assert!(
        broken("counted: \"state == 'approved'\"", "numerator: \"state == 'approved'\"")
            .contains("rulebook.pack.figure_parts")
    );
    assert!(
        broken("counted: \"state == 'approved'\"", "counted: \"nothing == 1\"")
            .contains("test/metrics.yaml:20 rulebook.expression.unknown_field")
    );
    assert!(broken("id: review.count", "id: review.score").contains("rulebook.pack.duplicate"));
}

#[test]
fn a_record_type_says_where_values_of_metrics_go() {
    let broken = |path: &'static str, text: &str, from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from} is there");
        faults(&files(&[(path, Box::leak(changed.into_boxed_str()))])).join("\n")
    };
    let goal = |from: &str, to: &str| broken("records/goal.yaml", GOAL, from, to);
    assert_eq!(
        goal("value: actual\n", "value: name\n"),
        "test/records/goal.yaml:26 rulebook.pack.field_of_other_kind"
    );
    assert!(goal("field: beyond", "field: name").contains("rulebook.pack.field_of_other_kind"));
    assert!(goal("record: breach", "record: nobody").contains("rulebook.pack.unknown_record_type"));
    assert!(goal("table: figures", "table: name").contains("rulebook.pack.field_of_other_kind"));
    let warning = |from: &str, to: &str| broken("records/warning.yaml", WARNING, from, to);
    assert!(warning("limit: limit_value", "limit: name").contains("rulebook.pack.field_of_other_kind"));
    assert!(
        warning("level: level\n", "level: level\n  near: nothing\n").contains("rulebook.pack.unknown_field")
    );
}
