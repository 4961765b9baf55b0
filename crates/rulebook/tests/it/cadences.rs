use kernel::{DAY_MS, GrantScope, HOUR_MS, Permission};
use rulebook::cadence::open_due;
use rulebook::record::{self, ActionInput, NewRecord, RecordFilter};
use serde_json::json;
use store::on_both;

use crate::support::{MIGRATIONS, app, faults, folder, somebody};

const MEETING: &str = r"
id: meeting
version: 1
prefix: MT
title: {en: Meeting}
keys: [[name]]
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: held_on, kind: date, title: {en: Held}}
  - {key: project, kind: reference, record: project, title: {en: Project}}
";
const PROJECT: &str = r"
id: project
version: 1
prefix: P
title: {en: Project}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: reached_on, kind: date, title: {en: Reached}}
machines: [{machine: project}]
";
const MACHINE: &str = r"
id: project
version: 1
title: {en: Project}
record: project
states: [{id: running, title: {en: Running}}, {id: closed, title: {en: Closed}, end: true}]
transitions: [{action: close, from: [running], to: closed, permission: records.project.write, title: {en: Close}}]
";
const CADENCES: &str = r#"
- id: friday
  title: {en: Friday meeting}
  when: {weekly: {weekday: friday, time: "09:30"}}
  for_each: {record: project, filter: "!ended"}
  opens: {record: meeting, values: {name: $period, held_on: $occurrence, project: $id}}
- id: month_end
  title: {en: Month end}
  when: {monthly: {day: 31}}
  opens: {record: meeting, values: {name: $previous_period}}
- id: after
  title: {en: Review}
  when: {after: {field: reached_on, days: [7]}}
  for_each: {record: project}
  opens: {record: meeting, values: {name: $name, project: $id}}
"#;

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("records/meeting.yaml", MEETING),
        ("records/project.yaml", PROJECT),
        ("machines/project.yaml", MACHINE),
        ("cadences.yaml", CADENCES),
    ]
}

const PROJECTS: Permission = Permission::scoped("records.project.write");
const READ: Permission = Permission::scoped("records.project.read");
const MEETINGS: Permission = Permission::scoped("records.meeting.read");

on_both! {
    migrations = MIGRATIONS;

    async fn each_occurrence_opens_once_for_whom_it_is(store: TestStore) {
        let app = app(&store, vec![folder("test", &files())]).await;
        let who = somebody(&[PROJECTS, READ, MEETINGS], GrantScope::Company);
        let make = async |name: &str, reached: Option<&str>| {
            let given = json!({"name": name, "reached_on": reached});
            let new = NewRecord { values: given.as_object().cloned().expect("values"), ..NewRecord::default() };
            record::create(&app, &who, "project", new).await.expect("made").record
        };
        // It is Sunday, 22 November 2026.
        let running = make("Touchpoints", Some("2026-11-20")).await;
        let closed = make("Old", None).await;
        record::act(&app, &who, "project", closed.id, 1, "close", ActionInput::default()).await.expect("closes");
        let names = async || {
            let page = kernel::PageQuery::default();
            let found = record::list(&app, &who, "meeting", &page, &RecordFilter::default()).await.expect("lists");
            let mut names: Vec<String> = found.items.into_iter().map(|item| item.title).collect();
            names.sort();
            names
        };
        // Nothing is opened for the time before somebody watched.
        assert_eq!(open_due(&app).await.expect("looks"), 0);
        store.clock.advance_ms(5 * DAY_MS + HOUR_MS);
        // Friday, 09:00: a week after the project was reached, and not yet the meeting.
        assert_eq!(open_due(&app).await.expect("looks"), 1);
        store.clock.advance_ms(HOUR_MS);
        assert_eq!(open_due(&app).await.expect("looks"), 1);
        assert_eq!(open_due(&app).await.expect("looks"), 0);
        assert_eq!(names().await, ["2026-W48", "Touchpoints"]);
        let meeting = record::list(&app, &who, "meeting", &kernel::PageQuery::default(),
            &RecordFilter { search: Some("w48".into()), ..RecordFilter::default() }).await.expect("lists").items.remove(0);
        assert_eq!((&meeting.values["held_on"], &meeting.values["project"]), (&json!("2026-11-27"), &json!(running.id)));
        assert_eq!(meeting.owner_id, who.find_user_id());
        // Slept through a week and a month end: opened late, not dropped.
        store.clock.advance_ms(8 * DAY_MS);
        assert_eq!(open_due(&app).await.expect("looks"), 2);
        assert_eq!(names().await, ["2026-10", "2026-W48", "2026-W49", "Touchpoints"]);
    }
}

#[test]
fn a_cadence_at_fault_is_refused() {
    let broken = |from: &str, to: &str| {
        let text = CADENCES.replace(from, to);
        let mut files = files();
        files[3].1 = Box::leak(text.into_boxed_str());
        faults(&files).join("\n")
    };
    assert_eq!(broken("\"09:30\"", "\"9.30\""), "test/cadences.yaml:4 rulebook.pack.bad_cadence");
    assert_eq!(broken("{day: 31}", "{weekday: monday}"), "test/cadences.yaml:9 rulebook.pack.bad_cadence");
    assert_eq!(broken("field: reached_on", "field: name"), "test/cadences.yaml:13 rulebook.pack.bad_cadence");
    assert!(broken("held_on: $occurrence", "helt_on: $occurrence").contains("rulebook.pack.unknown_field"));
}
