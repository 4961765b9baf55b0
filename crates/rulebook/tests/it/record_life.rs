//! Records under approval, notices of what becomes of them, and the calendar that they stand in.

use std::sync::Arc;

use async_trait::async_trait;
use http_kit::{App, AppState, SecondFactorPort};
use kernel::{
    Caller, Clock, DAY_MS, GrantScope, Id, Label, ManualClock, PageQuery, Permission, Problem, Result,
    Timestamp,
};
use rulebook::approval::{self, ApprovalFilter, ApprovalState, Decision, NewDecision};
use rulebook::notification::{self, NoticeKind, NotificationFilter};
use rulebook::record::{self, ActionInput, NewRecord, Record, RecordPatch};
use rulebook::task::{self, TaskFilter};
use rulebook::{cadence, feed};
use serde_json::{Value as Json, json};
use store::testing::TestStore;
use store::{args, on_both};

use crate::staff::Staff;
use crate::support::{MIGRATIONS, app, folder, somebody};

const PLAN: &str = r#"
id: plan
version: 1
prefix: PLAN
title: {en: Plan}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: amount, kind: money, title: {en: Amount}}
  - {key: way, kind: text, title: {en: Way}}
  - {key: keeper, kind: person, title: {en: Keeper}}
  - {key: due_on, kind: date, title: {en: Due}, default: $plus_days(3)}
  - {key: at, kind: time, title: {en: At}}
  - {key: spoken_by, kind: person, default: $caller, title: {en: Speaker}}
machines: [{machine: plan}]
views:
  - {id: days, kind: calendar, title: {en: Days}, from: due_on}
  - {id: hours, kind: calendar, title: {en: Hours}, from: at}
"#;

const MACHINE: &str = r#"
id: plan
version: 1
title: {en: Plan}
record: plan
roles: [author, boss]
states:
  - {id: draft, title: {en: Draft}, work: {who: {field: owner_id}, title: {en: Write it}, due: {days: 5}}}
  - {id: valid, title: {en: Valid}}
  - {id: done, title: {en: Done}, end: true}
transitions:
  - action: adopt
    from: [draft]
    to: valid
    permission: records.plan.write
    title: {en: Adopt}
    approval: {steps: [{id: boss, title: {en: Boss}, who: [{role: management}], as: boss}]}
    effects: [{notify: {who: [{field: keeper}], text: {en: Was adopted}}}]
  - {action: go, from: [draft, valid], to: valid, guard: "amount > 100", permission: records.plan.write, title: {en: Go}, effects: [{set: {way: dear}}]}
  - {action: go, from: [draft, valid], to: valid, permission: records.plan.write, title: {en: Go}, effects: [{set: {way: cheap}}]}
  - action: sign
    from: [draft]
    to: valid
    signed: true
    permission: records.plan.write
    title: {en: Sign}
    approval: {signed: true, steps: [{id: boss, title: {en: Boss}, who: [{role: management}]}]}
  - {action: end, from: [valid], to: done, permission: records.plan.write, title: {en: End}}
"#;

const CADENCES: &str = r#"
- id: weekly
  title: {en: Weekly plan}
  when: {weekly: {weekday: monday, time: "09:00"}}
  opens: {record: plan, values: {name: $period}, owner: {role: management}}
"#;

const RULES: Permission = Permission::scoped("records.rule.read");
const RULE_WRITE: Permission = Permission::scoped("records.rule.write");
const READINGS: Permission = Permission::scoped("records.reading.read");
const READING_WRITE: Permission = Permission::scoped("records.reading.write");
const NDAS: Permission = Permission::scoped("records.nda.read");
const NDA_WRITE: Permission = Permission::scoped("records.nda.write");
const READ: Permission = Permission::scoped("records.plan.read");
const WRITE: Permission = Permission::scoped("records.plan.write");

const RULE: &str = r#"
id: rule
version: 1
prefix: RULE
title: {en: Rule}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: open, kind: rollup, title: {en: Open}, rollup: {record: reading, by: rule, figure: count, where: "!ended"}}
machines: [{machine: rule}]
"#;

const READING: &str = r#"
id: reading
version: 1
prefix: READ
title: {en: Reading}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: rule, kind: reference, record: rule, title: {en: Rule}}
  - {key: person, kind: person, title: {en: Person}}
machines: [{machine: reading}]
"#;

const RULE_MACHINE: &str = r#"
id: rule
version: 1
title: {en: Rule}
record: rule
states: [{id: draft, title: {en: Draft}}, {id: valid, title: {en: Valid}}, {id: gone, title: {en: Gone}, end: true}]
transitions:
  - action: publish
    from: [draft]
    to: valid
    permission: records.rule.write
    title: {en: Publish}
    effects: [{create: {record: reading, values: {name: $name, rule: $id, person: $person}, for_each_person: all}}]
  - {action: end, from: [valid], to: gone, permission: records.rule.write, title: {en: End}}
"#;

const READING_MACHINE: &str = r#"
id: reading
version: 1
title: {en: Reading}
record: reading
states:
  - {id: open, title: {en: Open}, work: {who: {field: person}, title: {en: Read it}, actions: [confirm], banner: true}}
  - {id: read, title: {en: Read}, end: true}
transitions: [{action: confirm, from: [open], to: read, permission: records.reading.write, title: {en: Confirm}}]
"#;

const NDA: &str = r#"
id: nda
version: 1
prefix: NDA
title: {en: Agreement}
clears: {person: person, when: "has(signed_on)", parameter: secret.nda_required}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: person, kind: person, title: {en: Person}}
  - {key: signed_on, kind: date, title: {en: Signed on}}
"#;

const PARAMETERS: &str = r#"
- key: notification.quiet_hours
  kind: time_range
  default: "21:00-08:00"
  title: {en: Quiet}
- {key: secret.nda_required, kind: boolean, default: true, title: {en: Agreement}}
"#;

struct World {
    staff: Arc<Staff>,
    app: AppState,
    who: Caller,
    boss: Caller,
    keeper: Caller,
}

impl World {
    async fn new(store: &TestStore) -> Self {
        let files = [
            ("records/plan.yaml", PLAN),
            ("machines/plan.yaml", MACHINE),
            ("records/rule.yaml", RULE),
            ("machines/rule.yaml", RULE_MACHINE),
            ("records/reading.yaml", READING),
            ("machines/reading.yaml", READING_MACHINE),
            ("records/nda.yaml", NDA),
            ("cadences.yaml", CADENCES),
            ("parameters.yaml", PARAMETERS),
        ];
        let mut app = app(store, vec![folder("test", &files)]).await;
        app.parts.insert(rulebook::ApprovalHooks::new(vec![Arc::new(record::RecordApprovals)]));
        let all = [READ, WRITE, RULES, RULE_WRITE, READINGS, READING_WRITE, NDAS, NDA_WRITE];
        let [who, boss, keeper] = [0, 1, 2].map(|_| somebody(&all, GrantScope::Company));
        let mut staff = Staff::of(&[(&who, "Ann"), (&boss, "Boss"), (&keeper, "Keeper")]);
        staff.roles.insert("management", vec![boss.user_id().expect("a user")]);
        let staff = Arc::new(staff);
        app.people.connect(staff.clone());
        app.parts.insert(http_kit::SecondFactor(Arc::new(Codes)));
        Self { staff, app: Arc::new(app), who, boss, keeper }
    }

    async fn plan(&self, given: Json) -> Record {
        let new =
            NewRecord { values: given.as_object().cloned().unwrap_or_default(), ..NewRecord::default() };
        record::create(&self.app, &self.who, "plan", new).await.expect("made").record
    }

    async fn act(&self, plan: &Record, action: &str) -> Record {
        let now = record::find(&self.app, &self.who, "plan", plan.id).await.expect("there").record;
        let input = ActionInput::default();
        record::act(&self.app, &self.who, "plan", plan.id, now.version, action, input)
            .await
            .expect("done")
            .record
    }

    async fn change(&self, plan: &Record, given: Json) -> Record {
        let now = record::find(&self.app, &self.who, "plan", plan.id).await.expect("there").record;
        let patch = serde_json::from_value::<RecordPatch>(given).expect("a patch");
        record::update(&self.app, &self.who, "plan", plan.id, now.version, patch)
            .await
            .expect("changed")
            .record
    }

    async fn approval(&self) -> approval::Approval {
        let filter =
            ApprovalFilter { r#box: Some(approval::ApprovalBox::Asked), ..ApprovalFilter::default() };
        let page = PageQuery::default();
        approval::list(&self.app, &self.who, &page, &filter).await.expect("lists").items.remove(0)
    }

    async fn told(&self, who: &Caller, kind: NoticeKind) -> Vec<String> {
        let filter = NotificationFilter { unread: None, kind: Some(kind) };
        let page = notification::list(&self.app, who, &PageQuery::default(), &filter).await.expect("lists");
        page.items.into_iter().map(|one| one.title).collect()
    }

    async fn work(&self, who: &Caller) -> usize {
        let page = PageQuery::default();
        task::list(&self.app, who, &page, &TaskFilter::default()).await.expect("lists").items.len()
    }
}

fn decision() -> NewDecision {
    NewDecision { step_id: None, decision: Decision::Approve, comment: None, content_hash: None, code: None }
}

/// Takes "123456" from everybody.
#[derive(Debug)]
struct Codes;

#[async_trait]
impl SecondFactorPort for Codes {
    async fn check(&self, _: &App, _: Id, code: &str) -> Result<()> {
        if code == "123456" { Ok(()) } else { Err(Problem::unprocessable("identity.input_invalid")) }
    }
}

on_both! {
    migrations = MIGRATIONS;

    async fn everybody_gets_one_and_whoever_joins_too(store: TestStore) {
        let world = World::new(&store).await;
        let new = NewRecord { values: json!({"name": "Dress"}).as_object().cloned().unwrap_or_default(), ..NewRecord::default() };
        let rule = record::create(&world.app, &world.who, "rule", new).await.expect("made").record;
        let input = ActionInput::default();
        let rule = record::act(&world.app, &world.who, "rule", rule.id, 1, "publish", input).await.expect("published").record;
        assert_eq!(rule.values["open"], json!(3));
        let banner = async |who: &Caller| {
            let filter = TaskFilter { kind: Some("rulebook.record.banner".into()), ..TaskFilter::default() };
            task::list(&world.app, who, &PageQuery::default(), &filter).await.expect("lists").items.len()
        };
        assert_eq!(banner(&world.boss).await, 1);
        assert_eq!(record::newcomers(&world.app).await.expect("looks"), 0);
        let newcomer = somebody(&[], GrantScope::Company);
        world.staff.join(newcomer.user_id().expect("a user"), "New");
        assert_eq!(record::newcomers(&world.app).await.expect("looks"), 1);
        assert_eq!((record::newcomers(&world.app).await.expect("looks"), banner(&newcomer).await), (0, 1));

        let filter = format!("person == '{}'", world.boss.user_id().expect("a user"));
        let filter = record::RecordFilter { filter: Some(filter), ..Default::default() };
        let mine = record::list(&world.app, &world.boss, "reading", &PageQuery::default(), &filter).await.expect("lists").items.remove(0);
        record::act(&world.app, &world.boss, "reading", mine.id, 1, "confirm", ActionInput::default()).await.expect("confirmed");
        assert_eq!(banner(&world.boss).await, 0);
    }

    async fn what_is_secret_takes_an_agreement_and_every_look_is_noted(store: TestStore) {
        let world = World::new(&store).await;
        let plan = world.plan(json!({"name": "Hidden"})).await;
        let mut trusted = world.who.clone();
        trusted.clearance = Label::Secret;
        let patch = RecordPatch { label: Some(Label::Secret), ..RecordPatch::default() };
        record::update(&world.app, &trusted, "plan", plan.id, 1, patch).await.expect_err("raised, and not seen any more");
        let seen = async |who: &Caller| {
            let (page, filter) = (PageQuery::default(), record::RecordFilter::default());
            record::list(&world.app, who, "plan", &page, &filter).await.expect("lists").items.len()
        };
        assert_eq!(seen(&trusted).await, 0);
        let refused = record::open(&world.app, &trusted, "plan", plan.id).await.expect_err("no agreement");
        assert_eq!((refused.status, refused.code.as_ref()), (403, "rulebook.record.not_cleared"));
        assert_eq!(record::open(&world.app, &world.boss, "plan", plan.id).await.expect_err("no clearance").status, 404);

        let given = json!({"name": "Mine", "person": trusted.user_id().expect("a user"), "signed_on": "2026-01-01"});
        let new = NewRecord { values: given.as_object().cloned().unwrap_or_default(), ..NewRecord::default() };
        record::create(&world.app, &world.boss, "nda", new).await.expect("signed");
        assert_eq!(seen(&trusted).await, 1);
        record::open(&world.app, &trusted, "plan", plan.id).await.expect("opens");
        let noted = rulebook::access::list(&world.app, &PageQuery::default(), &Default::default()).await.expect("noted").items;
        let noted: Vec<&str> = noted.iter().map(|one| one.act.as_str()).collect();
        // One refusal when the label was raised, which showed the record no more; one when it was opened.
        assert_eq!(noted, ["view", "refused", "refused"]);
    }

    async fn whoever_signs_gives_a_code(store: TestStore) {
        let world = World::new(&store).await;
        let plan = world.plan(json!({"name": "Shop"})).await;
        let detail = record::find(&world.app, &world.who, "plan", plan.id).await.expect("there");
        let sign = detail.actions.iter().find(|action| action.action == "sign").expect("offered");
        assert_eq!(sign.fields, ["second_factor"]);
        let act = async |code: Option<&str>| {
            let values = code.map_or(json!({}), |code| json!({ "second_factor": code }));
            let input = ActionInput { values: values.as_object().cloned().unwrap_or_default(), reason: None };
            record::act(&world.app, &world.who, "plan", plan.id, 1, "sign", input).await
        };
        assert_eq!(act(None).await.expect_err("no code").code, "rulebook.approval.code_missing");
        assert_eq!(act(Some("1")).await.expect_err("wrong").code, "identity.input_invalid");
        act(Some("123456")).await.expect("asks for the approval");
        let waiting = world.approval().await;
        assert!(waiting.signed);
        let refused = approval::decide(&world.app, &world.boss, waiting.id, &decision()).await.expect_err("no code");
        assert_eq!(refused.code, "rulebook.approval.code_missing");
        let signed = NewDecision { code: Some("123456".into()), ..decision() };
        let done = approval::decide(&world.app, &world.boss, waiting.id, &signed).await.expect("signs");
        assert_eq!(done.state, ApprovalState::Approved);
    }

    async fn nobody_agrees_to_what_changed_meanwhile(store: TestStore) {
        let world = World::new(&store).await;
        let keeper = world.keeper.user_id().expect("a user");
        let plan = world.plan(json!({"name": "Shop", "amount": 5, "keeper": keeper})).await;
        assert_eq!(world.work(&world.who).await, 1);
        world.act(&plan, "adopt").await;
        assert_eq!((world.work(&world.who).await, world.work(&world.boss).await), (0, 1));
        let asked = world.told(&world.boss, NoticeKind::Approval).await;
        assert!(asked.len() == 1 && asked[0].contains("Shop"), "{asked:?}");

        world.change(&plan, json!({"values": {"amount": 9}})).await;
        assert_eq!(world.approval().await.state, ApprovalState::Voided);
        assert_eq!((world.work(&world.who).await, world.work(&world.boss).await), (1, 0), "the work is the owner's again");
        // What is not part of what people agree to leaves it as it is.
        world.act(&plan, "adopt").await;
        world.change(&plan, json!({"owner_id": null})).await;
        let waiting = world.approval().await;
        assert_eq!(waiting.state, ApprovalState::Pending);
        approval::decide(&world.app, &world.boss, waiting.id, &decision()).await.expect("agrees");
        let adopted = record::find(&world.app, &world.who, "plan", plan.id).await.expect("there").record;
        assert_eq!((adopted.state.as_deref(), adopted.owner_id), (Some("valid"), None));
        let heard = world.told(&world.who, NoticeKind::Approval).await;
        assert!(heard.len() == 1 && heard[0].contains("was approved"), "{heard:?}");
        let heard = world.told(&world.keeper, NoticeKind::Record).await;
        assert!(heard.len() == 1 && heard[0].contains("Was adopted"), "{heard:?}");
    }

    async fn what_is_taken_back_is_its_owners_work_again(store: TestStore) {
        let world = World::new(&store).await;
        let plan = world.plan(json!({"name": "Shop"})).await;
        world.act(&plan, "adopt").await;
        let id = world.approval().await.id;
        approval::withdraw(&world.app, &world.who, id, None).await.expect("taken back");
        assert_eq!((world.work(&world.who).await, world.work(&world.boss).await), (1, 0));
    }

    async fn the_guard_says_which_effects_follow(store: TestStore) {
        let world = World::new(&store).await;
        let (small, large) = (world.plan(json!({"name": "S", "amount": 5})).await, world.plan(json!({"name": "L", "amount": 500})).await);
        assert_eq!(world.act(&small, "go").await.values["way"], json!("cheap"));
        assert_eq!(world.act(&large, "go").await.values["way"], json!("dear"));
    }

    async fn people_hear_once_that_work_comes_due_and_that_it_is_late(store: TestStore) {
        let clock = Arc::new(ManualClock::starting_at(Timestamp::from_ms(1_795_334_400_000)));
        let world = World::new(&store).await;
        let opened = store::Store::open(store.config(), clock.clone()).await.expect("opens");
        let app = Arc::try_unwrap(world.app).unwrap_or_else(|_| panic!("nobody else has it"));
        let world = World { app: Arc::new(http_kit::App { store: opened, ..app }), ..world };
        world.plan(json!({"name": "Shop"})).await;
        assert_eq!(task::remind(&world.app).await.expect("looks"), 0, "five days are long");
        clock.set(clock.now().plus_ms(4 * DAY_MS + 1));
        assert_eq!(task::remind(&world.app).await.expect("looks"), 1);
        assert_eq!(task::remind(&world.app).await.expect("looks"), 0);
        clock.set(clock.now().plus_ms(DAY_MS));
        assert_eq!(task::remind(&world.app).await.expect("looks"), 1);
        let told = world.told(&world.who, NoticeKind::Deadline).await;
        assert!(told.len() == 2 && told[0].starts_with("Late:") && told[1].starts_with("Due soon:"), "{told:?}");
    }

    async fn a_feed_shows_its_owner_what_waits_and_nobody_else_anything(store: TestStore) {
        let world = World::new(&store).await;
        let boss = world.boss.user_id().expect("a user");
        let shop = world.plan(json!({"name": "Shop; open", "at": Timestamp::from_ms(world.app.store.now().ms() + DAY_MS)})).await;
        world.plan(json!({"name": "Kept", "keeper": boss})).await;
        let secret = world.plan(json!({"name": "Hidden", "keeper": boss})).await;
        let mut trusted = world.who.clone();
        trusted.clearance = Label::Secret;
        let patch = RecordPatch { label: Some(Label::Secret), ..RecordPatch::default() };
        record::update(&world.app, &trusted, "plan", secret.id, 1, patch).await.expect_err("raised, and not seen any more");

        assert!(!feed::find(&world.app, &world.who).await.expect("asks").active);
        let made = feed::create(&world.app, &world.who).await.expect("made");
        let url = made.url.expect("shown once");
        let token = url.rsplit('/').next().expect("a secret").to_owned();
        let stranger = Caller::anonymous(kernel::Language::En, "r".into());
        let text = feed::read(&world.app, &stranger, &token).await.expect("reads").replace("\r\n ", "");
        for part in ["BEGIN:VCALENDAR", &format!("record-{}-days@", shop.id), &format!("record-{}-hours@", shop.id), "Shop\\; open", "VALUE=DATE", "task-"] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(!text.contains("Hidden"));
        assert!(feed::find(&world.app, &world.who).await.expect("asks").read_at.is_some());

        // Another one ends the first.
        feed::create(&world.app, &world.who).await.expect("made");
        assert_eq!(feed::read(&world.app, &stranger, &token).await.expect_err("ended").status, 404);
        let boss = feed::create(&world.app, &world.boss).await.expect("made").url.expect("shown");
        let text = feed::read(&world.app, &stranger, boss.rsplit('/').next().expect("a secret")).await.expect("reads");
        assert!(text.contains("Kept") && text.contains("Weekly plan") && !text.contains("Shop"), "{text}");
        feed::end(&world.app, &world.boss).await.expect("ended");
        assert_eq!(feed::read(&world.app, &stranger, boss.rsplit('/').next().expect("a secret")).await.expect_err("ended").status, 404);
        let kept: i64 = world.app.store.get("SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_calendar_feed WHERE digest = $1", args![token]).await.expect("counts");
        assert_eq!(kept, 0, "no secret stands in the database");
        assert_eq!(cadence::open_due(&world.app).await.expect("looks"), 0);
    }
}
