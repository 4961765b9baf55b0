//! Guests see the rows that they were invited to, what their type brings along, and no field, step or file beyond.

use std::sync::Arc;

use async_trait::async_trait;
use http_kit::{App, GuestAccount, GuestMade, PeoplePort, Person, StandIn, Unit};
use kernel::{Caller, GrantScope, Id, PageQuery, Permission, Result, Timestamp};
use rulebook::guest::{self, NewGuest, Withdrawal};
use rulebook::permissions::GUEST_INVITE;
use rulebook::record::{self, ActionInput, NewComment, NewRecord, RecordFilter};
use serde_json::{Map, Value as Json, json};
use store::testing::TestStore;
use store::{Tx, on_both};

use crate::support::{MIGRATIONS, app, faults, folder, somebody};

const CASE: &str = r#"
id: case
version: 1
prefix: CASE
title: {en: Case}
guests: {comment: true, children: [{record: job, by: case}]}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: cost, kind: number, title: {en: Cost}, guests: false}
  - {key: advice, kind: text, title: {en: Advice}}
machines: [{machine: case}]
"#;

const JOB: &str = r#"
id: job
version: 1
prefix: JOB
title: {en: Job}
guests: {}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: case, kind: reference, record: case, title: {en: Case}}
"#;

const MACHINE: &str = r#"
id: case
version: 1
title: {en: Case}
record: case
states: [{id: open, title: {en: Open}}, {id: done, title: {en: Done}, end: true}]
transitions:
  - {action: advise, from: [open], to: open, required_fields: [advice], permission: records.case.write, guests: true, title: {en: Advise}}
  - {action: agree, from: [open], to: open, guests: true, title: {en: Agree}}
  - {action: close, from: [open], to: done, permission: records.case.write, title: {en: Close}}
"#;

const PARAMETERS: &str = "- key: guest.longest_days\n  kind: days\n  default: 90\n  title: {en: Longest}\n\
    - key: notification.quiet_hours\n  kind: time_range\n  default: \"21:00-08:00\"\n  title: {en: Quiet}\n";

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("records/case.yaml", CASE),
        ("records/job.yaml", JOB),
        ("machines/case.yaml", MACHINE),
        ("parameters.yaml", PARAMETERS),
    ]
}

const READ: Permission = Permission::scoped("records.case.read");
const WRITE: Permission = Permission::scoped("records.case.write");
const JOBS: Permission = Permission::scoped("records.job.read");
const JOB_WRITE: Permission = Permission::scoped("records.job.write");

/// A door that makes one account.
#[derive(Debug)]
struct Door(Id);

#[async_trait]
impl PeoplePort for Door {
    async fn people(&self, _: &mut Tx, _: &[Id]) -> Result<Vec<Person>> {
        Ok(Vec::new())
    }
    async fn look_up(&self, _: &mut Tx, _: &[String]) -> Result<Vec<Person>> {
        Ok(Vec::new())
    }
    async fn staff(&self, _: &mut Tx, _: Option<Id>) -> Result<Vec<Id>> {
        Ok(Vec::new())
    }
    async fn caller(&self, _: &App, _: Id, _: &Caller) -> Result<Option<Caller>> {
        Ok(None)
    }
    async fn units(&self, _: &mut Tx) -> Result<Vec<Unit>> {
        Ok(Vec::new())
    }
    async fn holders_of_role(&self, _: &mut Tx, _: &str, _: Option<Id>) -> Result<Vec<Id>> {
        Ok(Vec::new())
    }
    async fn holders_of_permission(
        &self,
        _: &mut Tx,
        _: &str,
        _: Option<Id>,
        _: Option<Id>,
    ) -> Result<Vec<Id>> {
        Ok(Vec::new())
    }
    async fn stand_ins(&self, _: &mut Tx, _: &[Id], _: &str, _: Timestamp) -> Result<Vec<StandIn>> {
        Ok(Vec::new())
    }
    async fn invite_guest(&self, _: &mut Tx, _: &GuestAccount) -> Result<GuestMade> {
        Ok(GuestMade { user_id: self.0, has_link: true })
    }
    async fn guest_until(&self, _: &mut Tx, _: Id, _: Option<Timestamp>) -> Result<()> {
        Ok(())
    }
}

struct World {
    app: App,
    host: Caller,
    guest: Id,
    case: Id,
}

fn values(json: Json) -> Map<String, Json> {
    json.as_object().cloned().unwrap_or_default()
}

impl World {
    async fn new(store: &TestStore) -> Self {
        let app = app(store, vec![folder("test", &files())]).await;
        let guest = Id::new();
        app.people.connect(Arc::new(Door(guest)));
        let host = somebody(&[READ, WRITE, JOBS, JOB_WRITE, GUEST_INVITE], GrantScope::Company);
        let case = make(&app, &host, "case", json!({ "name": "Leak", "cost": 7 })).await;
        make(&app, &host, "case", json!({ "name": "Other" })).await;
        make(&app, &host, "job", json!({ "name": "Seal", "case": case })).await;
        make(&app, &host, "job", json!({ "name": "Sweep" })).await;
        Self { app, host, guest, case }
    }

    async fn invite(&self, days: i64) -> guest::RecordGuest {
        let new = NewGuest {
            name: "Chen".into(),
            email: "chen@partner.example".into(),
            organisation: "Partner".into(),
            language: None,
            valid_until: self.app.store.now().plus_days(days),
        };
        guest::invite(&self.app, &self.host, "case", self.case, &new).await.expect("invited")
    }

    /// The guest as the door lets them in at this moment.
    async fn caller(&self) -> Caller {
        let mut caller = somebody(&[], GrantScope::Company);
        caller.actor = kernel::Actor::User { id: self.guest, name: "Chen".into(), by_token: false };
        caller.grants = guest::grants(&self.app, self.guest).await.expect("granted").into();
        caller.guest = true;
        caller
    }

    async fn seen(&self, type_id: &str) -> Vec<String> {
        let caller = self.caller().await;
        let page = PageQuery::default();
        match record::list(&self.app, &caller, type_id, &page, &RecordFilter::default()).await {
            Ok(found) => found.items.into_iter().map(|one| one.title).collect(),
            Err(problem) => vec![problem.code.into_owned()],
        }
    }
}

async fn make(app: &App, who: &Caller, type_id: &str, given: Json) -> Id {
    let new = NewRecord { values: values(given), ..NewRecord::default() };
    record::create(app, who, type_id, new).await.expect("made").record.id
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_guest_sees_their_row_and_what_comes_with_it(store: TestStore) {
        let world = World::new(&store).await;
        assert_eq!(world.seen("case").await, ["access.missing_permission"], "before the invitation");
        world.invite(10).await;
        assert_eq!((world.seen("case").await, world.seen("job").await), (vec!["Leak".to_owned()], vec!["Seal".to_owned()]));
        let caller = world.caller().await;
        let shown = record::find(&world.app, &caller, "case", world.case).await.expect("theirs");
        assert_eq!((shown.record.values.get("cost"), shown.record.masked.as_slice()), (None, ["cost".to_owned()].as_slice()));
        let offered: Vec<&str> = shown.actions.iter().map(|one| one.action.as_str()).collect();
        assert_eq!(offered, ["advise", "agree"]);
        assert!(!shown.can_write);
    }

    async fn a_guest_takes_their_steps_and_writes_nothing_else(store: TestStore) {
        let world = World::new(&store).await;
        world.invite(10).await;
        let caller = world.caller().await;
        let act = async |who: &Caller, version: i64, action: &str, given: Json| {
            let input = ActionInput { values: values(given), reason: None };
            record::act(&world.app, who, "case", world.case, version, action, input).await
        };
        let sly = act(&caller, 1, "advise", json!({ "advice": "Seal it", "cost": 0 })).await.expect_err("not theirs");
        assert_eq!(sly.code, "rulebook.machine.not_for_guests");
        assert_eq!(act(&caller, 1, "close", json!({})).await.expect_err("the house's").status, 403);
        act(&caller, 1, "advise", json!({ "advice": "Seal it" })).await.expect("theirs");
        assert_eq!(act(&world.host, 2, "agree", json!({})).await.expect_err("the guest's").code, "rulebook.machine.guests_only");
        act(&caller, 2, "agree", json!({})).await.expect("theirs");
        let said = NewComment { text: "Done".into(), files: Vec::new() };
        record::comment(&world.app, &caller, "case", world.case, said).await.expect("may comment");
        let file = record::upload(&world.app, &caller, "a.txt", "text/plain", b"a").await.expect("stored");
        let brought = NewComment { text: "File".into(), files: vec![file] };
        assert_eq!(record::comment(&world.app, &caller, "case", world.case, brought).await.expect_err("no files").status, 403);
    }

    async fn access_ends_by_itself_and_by_hand(store: TestStore) {
        let world = World::new(&store).await;
        let first = world.invite(10).await;
        let why = Withdrawal { reason: "no need".into() };
        guest::withdraw(&world.app, &world.host, ("case", world.case, first.id), &why).await.expect("withdrawn");
        assert_eq!(world.seen("case").await, ["access.missing_permission"]);
        let second = world.invite(10).await;
        assert_ne!(second.id, first.id);
        store.clock.advance_ms(10 * 24 * kernel::HOUR_MS);
        assert_eq!(world.seen("case").await, ["access.missing_permission"], "by the clock, before any job");
        assert_eq!(guest::end_over(&world.app).await.expect("ended"), 1);
        assert_eq!(guest::end_over(&world.app).await.expect("nothing is left"), 0);
        let listed = guest::list(&world.app, &world.host, "case", world.case).await.expect("listed");
        let ends: Vec<Option<guest::GuestEnd>> = listed.items.iter().map(|one| one.ended_because).collect();
        assert_eq!(ends, [Some(guest::GuestEnd::Over), Some(guest::GuestEnd::Withdrawn)]);
    }
}

#[test]
fn a_pack_lets_in_nobody_where_that_cannot_hold() {
    let found = |place: &str, from: &str, to: &str| {
        let changed: Vec<(&str, String)> = files()
            .into_iter()
            .map(|(file, text)| (file, if file == place { text.replace(from, to) } else { text.to_owned() }))
            .collect();
        let borrowed: Vec<(&str, &str)> = changed.iter().map(|(file, text)| (*file, text.as_str())).collect();
        let codes = faults(&borrowed);
        codes.iter().filter_map(|fault| fault.split(' ').next_back()).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(found("", "", "").is_empty(), "as it stands it is sound");
    let of_case = |from: &str, to: &str| found("records/case.yaml", from, to);
    assert_eq!(of_case("fields:", "visible: parties\nfields:"), ["rulebook.pack.guests_of_secrets"]);
    assert_eq!(of_case("comment: true,", "files: true,"), ["rulebook.pack.guests_without_comment"]);
    assert_eq!(of_case("by: case", "by: name"), ["rulebook.pack.unknown_field"]);
    assert_eq!(
        of_case("title: {en: Advice}", "title: {en: Advice}, guests: false"),
        ["rulebook.pack.guests_see_no_field"]
    );
    assert_eq!(found("records/job.yaml", "guests: {}\n", ""), ["rulebook.pack.child_without_guests"]);
    assert_eq!(
        of_case("guests: {comment: true, children: [{record: job, by: case}]}\n", ""),
        ["rulebook.pack.guests_not_let_in", "rulebook.pack.guests_not_let_in"]
    );
}
