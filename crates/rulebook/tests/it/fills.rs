//! Fields that fill themselves, from records and from published views, and records as documents that mails bring along.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use http_kit::App;
use kernel::ports::{MailOutcome, MailPort, OutgoingMail};
use kernel::{Caller, GrantScope, Permission};
use rulebook::notification::{self, Digest, NewNotificationChoices, NoticeKind, NotificationChoice};
use rulebook::record::{self, ActionInput, NewRecord, Record};
use serde_json::{Value as Json, json};
use store::on_both;
use store::testing::TestStore;

use crate::exports::holds;
use crate::staff::Staff;
use crate::support::{MIGRATIONS, app, faults, folder, somebody};

const JOB: &str = r#"
id: job
version: 1
prefix: JOB
title: {en: Job}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: team, kind: text, title: {en: Team}}
  - {key: due_on, kind: date, title: {en: Due}}
  - {key: points, kind: number, title: {en: Points}}
  - {key: done, kind: boolean, title: {en: Done}, default: false}
  - {key: pay, kind: money, title: {en: Pay}, label: secret}
"#;

const ROUND: &str = r#"
id: round
version: 1
prefix: ROUND
title: {en: Round}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: team, kind: text, title: {en: Team}}
  - key: agenda
    kind: table
    title: {en: Agenda}
    fields:
      - {key: topic, kind: text, title: {en: Topic}, required: true}
      - {key: due, kind: date, title: {en: Due}}
  - key: open
    kind: table
    title: {en: Open}
    read_only: true
    fields: [{key: job, kind: reference, record: job, title: {en: Job}}]
  - {key: points, kind: number, title: {en: Points}}
  - {key: share, kind: percent, title: {en: Share}}
  - {key: notes, kind: rich_text, title: {en: Notes}}
  - key: readers
    kind: table
    title: {en: Readers}
    fields: [{key: who, kind: person, title: {en: Who}}]
fills:
  - {field: agenda, on: [make, refresh], record: job, by: {team: team}, where: "!done", sort: due_on, values: {topic: {en: "{name} is due {due_on}"}, due: $row.due_on}}
  - {field: open, on: [make, refresh], record: job, by: {team: team}, where: "!done", sort: name, values: {job: $row.id}}
  - {field: points, on: [refresh], record: job, by: {team: team}, figure: sum, of: points}
  - {field: share, on: [make, refresh], when: "points > 0", record: job, by: {team: team}, where: done, figure: share}
  - {field: notes, record: job, by: {team: team}, sort: -points, limit: 1, values: {line: "Most: {name}"}}
machines: [{machine: round}]
"#;

const ROUND_MACHINE: &str = r#"
id: round
version: 1
title: {en: Round}
record: round
states: [{id: open, title: {en: Open}}, {id: out, title: {en: Out}, end: true}]
transitions:
  - {action: refresh, from: [open], to: open, permission: records.round.write, title: {en: Refresh}}
  - action: issue
    from: [open]
    to: out
    permission: records.round.write
    title: {en: Issue}
    effects: [{notify: {who: [{rows: readers.who}], text: {en: Please read it}, document: true}}]
"#;

const QUIET: &str = r#"
- key: notification.quiet_hours
  kind: time_range
  default: "00:00-00:01"
  title: {en: Quiet}
"#;

/// A mail server that remembers what it took.
#[derive(Debug, Default)]
struct Post(Mutex<Vec<OutgoingMail>>);

#[async_trait]
impl MailPort for Post {
    async fn send(&self, mail: &OutgoingMail) -> MailOutcome {
        self.0.lock().expect("not poisoned").push(mail.clone());
        MailOutcome::Accepted { reply: "250 ok".into() }
    }
}

struct World {
    app: App,
    who: Caller,
}

impl World {
    async fn new(store: &TestStore) -> Self {
        let files = [
            ("records/job.yaml", JOB),
            ("records/round.yaml", ROUND),
            ("machines/round.yaml", ROUND_MACHINE),
            ("parameters.yaml", QUIET),
        ];
        let app = app(store, vec![folder("test", &files)]).await;
        let may = ["job.read", "job.write", "round.read", "round.write"];
        let may = may.map(|name| Permission::scoped(format!("records.{name}").leak()));
        let world = Self { who: somebody(&may, GrantScope::Company), app };
        for (name, team, due, points, done) in [
            ("Late", "a", "2026-01-02", 3, false),
            ("Later", "a", "2026-02-03", 5, false),
            ("Done", "a", "2026-01-01", 2, true),
            ("Other", "b", "2026-01-01", 9, false),
        ] {
            let given = json!({"name": name, "team": team, "due_on": due, "points": points, "done": done});
            world.make("job", given).await;
        }
        world
    }

    async fn make(&self, type_id: &str, given: Json) -> Record {
        let values = given.as_object().cloned().unwrap_or_default();
        let new = NewRecord { values, ..NewRecord::default() };
        record::create(&self.app, &self.who, type_id, new).await.expect("made").record
    }

    async fn act(&self, round: &Record, action: &str) -> Record {
        let now = record::find(&self.app, &self.who, "round", round.id).await.expect("there").record;
        let input = ActionInput::default();
        record::act(&self.app, &self.who, "round", round.id, now.version, action, input)
            .await
            .expect("done")
            .record
    }
}

/// Returns a file with one record type that is filled like this.
fn filled(fill: &str) -> String {
    let machines = ROUND.find("fills:").map_or(ROUND, |place| &ROUND[..place]);
    format!("{machines}fills:\n  - {fill}\nmachines: [{{machine: round}}]\n")
}

/// Returns the codes of what is wrong with a fill.
fn refused(fill: &str) -> Vec<String> {
    let round = filled(fill);
    let files = [
        ("records/job.yaml", JOB),
        ("records/round.yaml", round.as_str()),
        ("machines/round.yaml", ROUND_MACHINE),
    ];
    faults(&files)
}

on_both! {
    migrations = MIGRATIONS;

    async fn what_the_product_knows_is_filled_in(store: TestStore) {
        let world = World::new(&store).await;
        let round = world.make("round", json!({"name": "Monday", "team": "a"})).await;
        let late = json!({"topic": "Late is due 2026-01-02", "due": "2026-01-02"});
        let later = json!({"topic": "Later is due 2026-02-03", "due": "2026-02-03"});
        assert_eq!(round.values["agenda"], json!([late, later]));
        assert_eq!(round.values["open"].as_array().map(Vec::len), Some(2));
        assert_eq!(round.values["notes"], json!("- Most: Later"));
        // There were no points yet when the share was asked for.
        assert!(!round.values.contains_key("share") && !round.values.contains_key("points"));

        world.make("job", json!({"name": "Anew", "team": "a", "due_on": "2026-03-04"})).await;
        let round = world.act(&round, "refresh").await;
        let anew = json!({"topic": "Anew is due 2026-03-04", "due": "2026-03-04"});
        assert_eq!(round.values["agenda"], json!([late, later, anew]), "nothing stands twice");
        assert_eq!(round.values["open"].as_array().map(Vec::len), Some(3));
        assert_eq!((&round.values["points"], &round.values["share"]), (&json!(10), &json!(25.0)));
        assert_eq!(round.values["notes"], json!("- Most: Later"), "a text that is there is left alone");
    }

    async fn what_people_gave_stays(store: TestStore) {
        let world = World::new(&store).await;
        let own = json!([{"topic": "Mine"}]);
        let round = world.make("round", json!({"name": "Monday", "team": "a", "agenda": own, "notes": "Own"})).await;
        assert_eq!((&round.values["agenda"], &round.values["notes"]), (&own, &json!("Own")));
        // Without a team there is nothing that belongs to it.
        let alone = world.make("round", json!({"name": "Alone"})).await;
        assert!(!alone.values.contains_key("agenda"));
    }

    async fn a_record_goes_to_its_readers_as_a_document(store: TestStore) {
        let world = World::new(&store).await;
        let reader = somebody(&[], GrantScope::Company);
        world.app.people.connect(Arc::new(Staff::of(&[(&world.who, "Ann"), (&reader, "Reader")])));
        let post = Arc::new(Post::default());
        world.app.ports.mail.connect(post.clone());
        // The morning's digest is not waited for.
        let kind = NoticeKind::Record;
        let choice = NotificationChoice { kind, in_app: true, mail: true, webhook: false, digest: Digest::None };
        let new = NewNotificationChoices { choices: vec![choice], quiet_hours: None, digest_hour: 8 };
        notification::choose(&world.app, &reader, &new).await.expect("chosen");
        let readers = json!([{"who": reader.user_id().expect("a user")}]);
        let round = world.make("round", json!({"name": "Monday", "team": "a", "readers": readers})).await;
        world.act(&round, "issue").await;
        assert_eq!(notification::deliver(&world.app).await.expect("delivers"), 1);
        let mails = post.0.lock().expect("not poisoned").clone();
        let [file] = mails[0].attachments.as_slice() else { panic!("one file, not {:?}", mails[0].attachments) };
        assert_eq!((file.name.as_str(), file.media_type.as_str()), ("ROUND-0001.pdf", "application/pdf"));
        assert!(file.bytes.starts_with(b"%PDF"));
        let text: Vec<u8> = "Late is due".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(holds(&file.bytes, &text), "the agenda stands in it");
    }
}

#[test]
fn a_fill_that_cannot_be_is_refused() {
    let one = |fill: &str| refused(fill).join("\n");
    assert_eq!(one("{field: points, record: job, figure: count}"), "");
    // Nobody publishes this yet; it is filled once somebody does.
    assert_eq!(one("{field: points, view: v_later, figure: count}"), "");
    let cases = [
        ("{field: gone, record: job, figure: count}", "unknown_field"),
        ("{field: points, record: gone, figure: count}", "unknown_record_type"),
        ("{field: points, record: job, figure: sum}", "fill_shape"),
        ("{field: points, figure: count}", "fill_shape"),
        ("{field: agenda, record: job, figure: count}", "fill_shape"),
        ("{field: agenda, record: job, values: {gone: $row.name}}", "unknown_field"),
        ("{field: agenda, record: job, values: {topic: $row.gone}}", "unknown_field"),
        ("{field: agenda, record: job, by: {team: gone}, values: {topic: $row.name}}", "unknown_field"),
        (
            "{field: agenda, record: job, where: \"points > 'x'\", values: {topic: $row.name}}",
            "rulebook.expression",
        ),
        ("{field: agenda, metrics: [gone]}", "fill_shape"),
        ("{field: points, on: [dance], record: job, figure: count}", "unknown_action"),
        // What a few may see must not stand where many see it.
        ("{field: points, record: job, figure: sum, of: pay}", "fill_reveals"),
        ("{field: agenda, view: v_test_review, values: {topic: $row.author_name}}", "fill_reveals"),
    ];
    for (fill, code) in cases {
        let found = one(fill);
        assert!(found.contains(code) && found.starts_with("test/records/round.yaml:"), "{fill}: {found}");
    }
}
