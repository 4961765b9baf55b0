//! Stories of approvals, on both databases.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use http_kit::{App, AppState, PeoplePort, Person, SecondFactor, SecondFactorPort, StandIn, Unit};
use kernel::ports::{MailOutcome, MailPort, OutgoingMail};
use kernel::{Caller, GrantScope, HOUR_MS, Id, Language, PageQuery, Problem, Result, Timestamp};
use rulebook::approval::{
    self, Approval, ApprovalBox, ApprovalFilter, ApprovalState, ApprovalStepState, Decision, LinkDecision,
    NewDecision,
};
use rulebook::machine::{self, Content, Outcome, Step};
use rulebook::{ApprovalHook, ApprovalHooks, task};
use serde_json::{Value as Json, json};
use store::jobs::{Registry, Runner};
use store::testing::TestStore;
use store::{Audit, Tx, on_both};

use crate::support::{MIGRATIONS, WRITE, app, folder, somebody};

const MACHINE: &str = "\
id: budget
version: 1
title: {en: Budget}
facts: {amount: integer, owner_id: text, department_id: text, boss_id: text}
roles: [requester, first, second]
states:
  - {id: draft, title: {en: Draft}}
  - {id: valid, title: {en: Valid}}
  - {id: gone, title: {en: Gone}, end: true}
transitions:
  - action: adopt
    from: [draft]
    to: valid
    permission: brand.content.write
    as: requester
    title: {en: Adopt}
    approval:
      money: true
      steps:
        - id: head
          title: {en: Head}
          who: [{field: boss_id}]
          separate_from: [requester]
          as: first
          due: {working_hours: 4}
        - id: finance
          title: {en: Finance}
          when: amount > 100000
          group: top
          who: [{role: finance}]
          separate_from: [requester, first]
          as: second
        - id: board
          title: {en: Board}
          when: amount > 100000
          group: top
          who: [{role: board}]
          mode: {quorum: 2}
  - action: end
    from: [draft, valid]
    to: gone
    permission: brand.content.write
    title: {en: End}
  - action: close
    from: [valid]
    to: gone
    permission: brand.content.write
    title: {en: Close}
    approval:
      rejected: draft
      steps:
        - id: all
          title: {en: All}
          who: [{role: board}]
          mode: all
          due: {days: 1}
          on_timeout: reject
  - action: rush
    from: [draft]
    to: valid
    permission: brand.content.write
    title: {en: Rush}
    approval:
      steps:
        - id: late
          title: {en: Late}
          who: [{field: boss_id}]
          due: {days: 1}
          on_timeout: {escalate: {role: finance}}
          delegable: false
";

/// The staff of the stories.
#[derive(Debug, Default)]
struct Staff {
    people: Vec<Person>,
    roles: BTreeMap<&'static str, Vec<Id>>,
    stand_ins: Vec<StandIn>,
}

#[derive(Debug, Clone, Default)]
struct People(Arc<Mutex<Staff>>);

impl People {
    fn change(&self, change: impl FnOnce(&mut Staff)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn read<T>(&self, read: impl FnOnce(&Staff) -> T) -> T {
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl PeoplePort for People {
    async fn people(&self, _tx: &mut Tx, ids: &[Id]) -> Result<Vec<Person>> {
        Ok(self.read(|staff| staff.people.iter().filter(|p| ids.contains(&p.id)).cloned().collect()))
    }

    async fn look_up(&self, _tx: &mut Tx, words: &[String]) -> Result<Vec<Person>> {
        let meant = |p: &&Person| words.contains(&p.email) || words.contains(&p.name);
        Ok(self.read(|staff| staff.people.iter().filter(meant).cloned().collect()))
    }

    async fn staff(&self, _: &mut Tx, _: Option<Id>) -> Result<Vec<Id>> {
        Ok(self.read(|staff| staff.people.iter().map(|p| p.id).collect()))
    }

    async fn caller(&self, _: &App, _: Id, _: &Caller) -> Result<Option<Caller>> {
        Ok(None)
    }

    async fn units(&self, _tx: &mut Tx) -> Result<Vec<Unit>> {
        Ok(Vec::new())
    }

    async fn holders_of_role(&self, _tx: &mut Tx, role: &str, _unit: Option<Id>) -> Result<Vec<Id>> {
        Ok(self.read(|staff| staff.roles.get(role).cloned().unwrap_or_default()))
    }

    async fn holders_of_permission(
        &self,
        _tx: &mut Tx,
        _permission: &str,
        _brand: Option<Id>,
        _unit: Option<Id>,
    ) -> Result<Vec<Id>> {
        Ok(self.read(|staff| staff.people.iter().map(|p| p.id).collect()))
    }

    async fn stand_ins(&self, _tx: &mut Tx, ids: &[Id], _kind: &str, _at: Timestamp) -> Result<Vec<StandIn>> {
        let fits = |s: &&StandIn| ids.contains(&s.for_id);
        Ok(self.read(|staff| staff.stand_ins.iter().filter(fits).cloned().collect()))
    }
}

/// A thing with a content, whose domain hears of the approvals.
#[derive(Debug, Clone, Default)]
struct Thing(Arc<Mutex<(String, Vec<String>)>>);

impl Thing {
    fn say(&self, word: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.push(word);
    }

    fn heard(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    fn set(&self, hash: &str) {
        hash.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).0);
    }
}

#[async_trait]
impl ApprovalHook for Thing {
    fn subject_noun(&self) -> &str {
        "test.*"
    }

    async fn content_hash(&self, _tx: &mut Tx, _app: &App, _noun: &str, _id: Id) -> Result<String> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).0.clone())
    }

    async fn approved(
        &self,
        _tx: &mut Tx,
        _app: &App,
        _caller: &Caller,
        approval: &Approval,
        step: &Step,
    ) -> Result<()> {
        self.say(format!("{} approved: {}", approval.action, step.to));
        Ok(())
    }

    async fn rejected(
        &self,
        _tx: &mut Tx,
        _app: &App,
        _caller: &Caller,
        approval: &Approval,
        step: Option<&Step>,
    ) -> Result<()> {
        self.say(format!("{} rejected: {}", approval.action, step.map_or("stays", |step| step.to.as_str())));
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Inbox(Mutex<Vec<OutgoingMail>>);

#[async_trait]
impl MailPort for Inbox {
    async fn send(&self, mail: &OutgoingMail) -> MailOutcome {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(mail.clone());
        MailOutcome::Accepted { reply: "250 ok".into() }
    }
}

/// Takes "123456" from everybody.
#[derive(Debug)]
struct Codes;

#[async_trait]
impl SecondFactorPort for Codes {
    async fn check(&self, _app: &App, _user_id: Id, code: &str) -> Result<()> {
        if code == "123456" { Ok(()) } else { Err(Problem::unprocessable("identity.input_invalid")) }
    }
}

struct World {
    app: AppState,
    people: People,
    thing: Thing,
    inbox: Arc<Inbox>,
    runner: Runner<App>,
    instance: machine::Instance,
    author: Caller,
}

async fn world(store: &TestStore) -> World {
    world_of(store, MACHINE).await
}

async fn world_of(store: &TestStore, text: &str) -> World {
    let mut app = app(store, vec![folder("test", &[("machines/budget.yaml", text)])]).await;
    let (people, thing) = (People::default(), Thing::default());
    thing.set("one");
    app.parts.insert(ApprovalHooks::new(vec![Arc::new(thing.clone())]));
    app.parts.insert(SecondFactor(Arc::new(Codes)));
    app.people.connect(Arc::new(people.clone()));
    let inbox = Arc::new(Inbox::default());
    app.ports.mail.connect(inbox.clone());
    let app = Arc::new(app);
    let mut registry = Registry::new();
    approval::jobs::register(&mut registry);
    machine::jobs::register(&mut registry);
    let runner = Runner::new(app.store.clone(), app.clone(), registry, 1);
    let mut world =
        World { app, people, thing, inbox, runner, instance: blank(), author: Caller::system("nobody") };
    world.author = world.person("Author", &[]);
    world.instance = world.begin().await;
    // The schedules begin to count when they are first looked at.
    world.work().await;
    world
}

fn blank() -> machine::Instance {
    machine::Instance {
        id: Id::new(),
        machine_id: String::new(),
        machine_version: 0,
        subject_noun: String::new(),
        subject_id: Id::new(),
        state: String::new(),
        ended: false,
        created_at: Timestamp::default(),
        updated_at: Timestamp::default(),
        version: 0,
    }
}

impl World {
    fn person(&self, name: &str, roles: &[&'static str]) -> Caller {
        let mut caller = somebody(&[WRITE], GrantScope::Company);
        let id = caller.user_id().expect("a user");
        caller.actor = kernel::Actor::User { id, name: name.to_owned(), by_token: false };
        self.people.change(|staff| {
            staff.people.push(Person {
                id,
                name: name.to_owned(),
                email: format!("{}@b.example", name.to_lowercase()),
                language: Some(Language::En),
                department_id: None,
                manager_id: None,
                active: true,
            });
            for role in roles {
                staff.roles.entry(role).or_default().push(id);
            }
        });
        caller
    }

    fn lets_stand_in(&self, deputy: &Caller, principal: &Caller) -> Id {
        let delegation_id = Id::new();
        let (deputy_id, for_id) = (id_of(deputy), id_of(principal));
        self.people.change(|staff| staff.stand_ins.push(StandIn { deputy_id, for_id, delegation_id }));
        delegation_id
    }

    async fn begin(&self) -> machine::Instance {
        let mut tx = self.app.store.begin(&self.author).await.expect("begins");
        let started = machine::start(&mut tx, &self.app, "budget", "test.budget", Id::new()).await;
        tx.audit(Audit::without_row("create", "test.budget")).await.expect("audits");
        tx.commit().await.expect("commits");
        started.expect("starts")
    }

    async fn act(&self, caller: &Caller, action: &'static str, facts: Json) -> Result<Outcome> {
        let content = Content {
            title: "Budget <2027>".into(),
            link: "/budgets/1".into(),
            version: 1,
            hash: self.thing.0.lock().unwrap_or_else(PoisonError::into_inner).0.clone(),
        };
        let mut tx = self.app.store.begin(caller).await?;
        let outcome =
            machine::act(&mut tx, &self.app, caller, self.instance.id, action, &facts, &content).await?;
        tx.audit(Audit::new(action, "test.budget", self.instance.subject_id)).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    async fn ask(&self, action: &'static str, facts: Json) -> Id {
        match self.act(&self.author, action, facts).await.expect("asks") {
            Outcome::Pending(id) => id,
            Outcome::Moved(step) => panic!("moved at once: {step:?}"),
        }
    }

    async fn decide(&self, caller: &Caller, id: Id, decision: Decision) -> Result<Approval> {
        let comment = (decision == Decision::Reject).then(|| "too dear".to_owned());
        let code = Some("123456".to_owned());
        let input = NewDecision { step_id: None, decision, comment, content_hash: None, code };
        approval::decide(&self.app, caller, id, &input).await
    }

    async fn state(&self) -> String {
        machine::find(&self.app.store, self.instance.id).await.expect("there").state
    }

    async fn tasks(&self, caller: &Caller) -> usize {
        let page = task::list(&self.app, caller, &PageQuery::default(), &task::TaskFilter::default()).await;
        page.expect("lists").items.len()
    }

    async fn work(&self) {
        self.runner.drain().await.expect("background work runs");
    }

    fn mails(&self) -> Vec<OutgoingMail> {
        std::mem::take(&mut *self.inbox.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn audited(&self, action: &str) -> Vec<String> {
        #[derive(serde::Deserialize)]
        struct Row {
            changes: Option<Json>,
        }
        let sql =
            "SELECT changes FROM audit_entry WHERE noun = 'rulebook.approval' AND action = $1 ORDER BY id";
        let rows: Vec<Row> = self.app.store.all(sql, store::args![action]).await.expect("reads");
        rows.into_iter().map(|row| row.changes.unwrap_or_default().to_string()).collect()
    }
}

fn id_of(caller: &Caller) -> Id {
    caller.user_id().expect("a user")
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.expect_err("refused").code.into_owned()
}

fn secrets(mail: &OutgoingMail) -> Vec<String> {
    let links = mail.text.lines().filter_map(|line| line.split_once("/approve#"));
    links.map(|(_, secret)| secret.trim().to_owned()).collect()
}

fn by_link(token: &str, code: Option<&str>) -> LinkDecision {
    LinkDecision { token: token.to_owned(), comment: Some("no".into()), code: code.map(str::to_owned) }
}

on_both! {
    migrations = MIGRATIONS;

    async fn steps_follow_each_other_and_those_of_a_group_run_together_by_amount(store: TestStore) {
        let world = world(&store).await;
        let boss = world.person("Boss", &[]);
        let finance = world.person("Finance", &["finance"]);
        let board: Vec<Caller> = ["One", "Two", "Three"].map(|name| world.person(name, &["board"])).into();
        let facts = |amount: i64| json!({"amount": amount, "boss_id": id_of(&boss)});

        // A small amount needs the head only.
        let id = world.ask("adopt", facts(5_000)).await;
        assert_eq!((world.state().await.as_str(), world.tasks(&boss).await), ("draft", 1));
        assert_eq!(code(world.act(&world.author, "end", json!({})).await), "rulebook.approval.waits");
        assert_eq!(code(world.decide(&finance, id, Decision::Approve).await), "rulebook.approval.not_yours");
        let done = world.decide(&boss, id, Decision::Approve).await.expect("approves");
        assert_eq!((done.state, world.state().await.as_str()), (ApprovalState::Approved, "valid"));
        assert_eq!(world.thing.heard(), ["adopt approved: valid"]);
        assert_eq!(world.tasks(&boss).await, 0);
        assert_eq!(code(world.decide(&boss, id, Decision::Approve).await), "rulebook.approval.over");

        // A large one needs finance and two of the board as well, at the same time.
        let world = World { instance: world.begin().await, ..world };
        let id = world.ask("adopt", facts(500_000)).await;
        assert_eq!(world.tasks(&finance).await, 0, "the head comes first");
        world.decide(&boss, id, Decision::Approve).await.expect("approves");
        assert_eq!((world.tasks(&finance).await, world.tasks(&board[2]).await), (1, 1));
        world.decide(&board[0], id, Decision::Approve).await.expect("one of two");
        assert_eq!(code(world.decide(&board[0], id, Decision::Approve).await), "rulebook.approval.already");
        world.decide(&finance, id, Decision::Approve).await.expect("approves");
        assert_eq!(world.state().await, "draft");
        let done = world.decide(&board[2], id, Decision::Approve).await.expect("two of two");
        assert_eq!((done.state, world.state().await.as_str()), (ApprovalState::Approved, "valid"));
        assert_eq!(world.tasks(&board[1]).await, 0, "what others decided waits no more");
        let history = machine::history(&world.app.store, world.instance.id).await.expect("kept");
        assert_eq!(history.last().map(|step| step.action.as_str()), Some("adopt"));
    }

    async fn one_no_ends_it_and_the_machine_says_where_it_goes(store: TestStore) {
        let world = world(&store).await;
        let boss = world.person("Boss", &[]);
        let (one, two) = (world.person("One", &["board"]), world.person("Two", &["board"]));
        let facts = json!({"amount": 1, "boss_id": id_of(&boss)});
        let id = world.ask("adopt", facts.clone()).await;
        let silent = NewDecision { step_id: None, decision: Decision::Reject, comment: None, content_hash: None, code: None };
        let refused = approval::decide(&world.app, &boss, id, &silent).await;
        assert_eq!(code(refused), "rulebook.approval.comment_missing");
        let done = world.decide(&boss, id, Decision::Reject).await.expect("rejects");
        assert_eq!((done.state, done.reason.as_deref()), (ApprovalState::Rejected, Some("too dear")));
        assert_eq!(world.state().await, "draft", "it stays where nothing else is said");

        let id = world.ask("adopt", facts).await;
        world.decide(&boss, id, Decision::Approve).await.expect("approves");
        let id = world.ask("close", json!({})).await;
        world.decide(&one, id, Decision::Approve).await.expect("one of all");
        world.decide(&two, id, Decision::Reject).await.expect("and one not");
        assert_eq!(world.state().await, "draft");
        assert_eq!(world.thing.heard(), ["adopt rejected: stays", "adopt approved: valid", "close rejected: draft"]);
    }

    async fn nobody_decides_what_they_had_a_hand_in_not_even_for_somebody_else(store: TestStore) {
        let world = world(&store).await;
        let boss = world.person("Boss", &["finance", "board"]);
        let other = world.person("Other", &["finance", "board"]);
        let third = world.person("Third", &["board"]);
        // Whoever asks is not asked, not even where they stand in for the head.
        let own = world.act(&world.author, "adopt", json!({"amount": 1, "boss_id": id_of(&world.author)})).await;
        assert_eq!(code(own), "rulebook.approval.nobody");
        world.lets_stand_in(&world.author, &boss);
        let id = world.ask("adopt", json!({"amount": 500_000, "boss_id": id_of(&boss)})).await;
        assert_eq!(code(world.decide(&world.author, id, Decision::Approve).await), "rulebook.approval.own");

        // The head holds the role of finance too, and has taken part: another one of finance decides. One who
        // stands in for the head may not either.
        let deputy = world.person("Deputy", &[]);
        world.decide(&boss, id, Decision::Approve).await.expect("the head");
        world.lets_stand_in(&deputy, &boss);
        let shown = approval::get(&world.app, &other, id).await.expect("reads");
        let step = |name: &str| shown.steps.iter().find(|s| s.step_id == name).expect("a step").clone();
        assert_eq!(step("finance").deciders.iter().map(|d| d.user_id).collect::<Vec<_>>(), [id_of(&other)]);
        for person in [&boss, &deputy] {
            let input = NewDecision {
                step_id: Some(step("finance").id),
                decision: Decision::Approve,
                comment: None,
                content_hash: None,
                code: None,
            };
            let refused = approval::decide(&world.app, person, id, &input).await;
            assert_eq!(code(refused), "rulebook.approval.separated");
        }
        // The board's step separates nobody, so the head may decide there.
        world.decide(&third, id, Decision::Approve).await.expect("the board");
        for person in [&other, &boss] {
            world.decide(person, id, Decision::Approve).await.expect("decides");
        }
        let rows: Vec<(bool, bool)> = world.app.store
            .all("SELECT separate, on_time FROM v_rulebook_approval", vec![]).await.expect("the view");
        assert_eq!(rows, [(true, true)]);
    }

    async fn a_stand_in_decides_with_both_names_in_the_log_and_only_while_they_stand_in(store: TestStore) {
        let world = world(&store).await;
        let (boss, deputy) = (world.person("Boss", &[]), world.person("Deputy", &[]));
        let facts = json!({"amount": 1, "boss_id": id_of(&boss)});
        let id = world.ask("adopt", facts.clone()).await;
        assert_eq!(code(world.decide(&deputy, id, Decision::Approve).await), "rulebook.approval.not_yours");
        // An absence that begins later gives the stand-in a task, too.
        let delegation = world.lets_stand_in(&deputy, &boss);
        store.clock.advance_ms(HOUR_MS);
        world.work().await;
        assert_eq!(world.tasks(&deputy).await, 1);
        let done = world.decide(&deputy, id, Decision::Approve).await.expect("stands in");
        let row = done.steps[0].deciders.iter().find(|row| row.decision.is_some()).expect("decided");
        assert_eq!((row.user_name.as_str(), row.for_user_name.as_str()), ("Deputy", "Boss"));
        assert_eq!(row.delegation_id, Some(delegation));
        let log = world.audited("decide").await;
        assert!(log[0].contains("\"user_name\":\"Deputy\"") && log[0].contains("\"for_user_name\":\"Boss\""), "{log:?}");
        assert_eq!((world.tasks(&deputy).await, world.tasks(&boss).await), (0, 0));

        // Once it is over, the task they still have opens nothing.
        let world = World { instance: world.begin().await, ..world };
        let id = world.ask("adopt", facts).await;
        assert_eq!(world.tasks(&deputy).await, 1);
        world.people.change(|staff| staff.stand_ins.clear());
        assert_eq!(code(world.decide(&deputy, id, Decision::Approve).await), "rulebook.approval.not_yours");
        store.clock.advance_ms(HOUR_MS);
        world.work().await;
        assert_eq!(world.tasks(&deputy).await, 0);
        // And nobody stands in where the machine does not want it.
        world.decide(&boss, id, Decision::Reject).await.expect("rejects");
        world.lets_stand_in(&deputy, &boss);
        let id = world.ask("rush", json!({"boss_id": id_of(&boss)})).await;
        assert_eq!(code(world.decide(&deputy, id, Decision::Approve).await), "rulebook.approval.not_yours");
    }

    async fn of_two_who_decide_at_once_one_wins_and_the_other_sees_it(store: TestStore) {
        let world = world(&store).await;
        let boss = world.person("Boss", &[]);
        let (one, two) = (world.person("One", &["finance"]), world.person("Two", &["finance"]));
        for name in ["A", "B"] {
            world.person(name, &["board"]);
        }
        let id = world.ask("adopt", json!({"amount": 500_000, "boss_id": id_of(&boss)})).await;
        let done = world.decide(&boss, id, Decision::Approve).await.expect("the head");
        let step_id = done.steps.iter().find(|step| step.step_id == "finance").map(|step| step.id);
        let decide = |decision| NewDecision { step_id, decision, comment: Some("so".into()), content_hash: None, code: Some("123456".into()) };
        let (yes, no) = (decide(Decision::Approve), decide(Decision::Reject));
        let (a, b) = futures::join!(
            approval::decide(&world.app, &one, id, &yes),
            approval::decide(&world.app, &two, id, &no),
        );
        let (won, lost) = match (a, b) {
            (Ok(_), Err(lost)) => ("One", lost),
            (Err(lost), Ok(_)) => ("Two", lost),
            other => panic!("one wins: {other:?}"),
        };
        let seen = if won == "Two" { "rulebook.approval.over" } else { "rulebook.approval.decided" };
        assert_eq!((lost.status, lost.code.as_ref()), (409, seen));
        if won == "One" {
            assert_eq!(lost.args["name"], won);
        }
        assert_eq!(world.audited("decide").await.len(), 2, "the head and the winner");
    }

    async fn changed_content_voids_the_approval(store: TestStore) {
        let world = world(&store).await;
        let boss = world.person("Boss", &[]);
        let facts = json!({"amount": 1, "boss_id": id_of(&boss)});
        let id = world.ask("adopt", facts.clone()).await;
        let input = NewDecision {
            step_id: None,
            decision: Decision::Approve,
            comment: None,
            content_hash: Some("older".into()),
            code: None,
        };
        assert_eq!(code(approval::decide(&world.app, &boss, id, &input).await), "rulebook.approval.saw_other");
        world.thing.set("two");
        assert_eq!(code(world.decide(&boss, id, Decision::Approve).await), "rulebook.approval.voided");
        let shown = approval::get(&world.app, &boss, id).await.expect("reads");
        assert_eq!((shown.state, world.state().await.as_str()), (ApprovalState::Voided, "draft"));
        assert!(shown.steps.iter().all(|step| step.state == ApprovalStepState::Skipped));
        assert_eq!(world.tasks(&boss).await, 0);

        // A domain that changes the content says so at once.
        let id = world.ask("adopt", facts.clone()).await;
        let mut tx = world.app.store.begin(&world.author).await.expect("begins");
        let noun = "test.budget";
        let subject = world.instance.subject_id;
        assert!(!approval::content_changed(&mut tx, &world.app, noun, subject, "two").await.expect("the same"));
        assert!(approval::content_changed(&mut tx, &world.app, noun, subject, "three").await.expect("voids"));
        tx.commit().await.expect("commits");
        assert_eq!(code(world.decide(&boss, id, Decision::Approve).await), "rulebook.approval.voided");

        // Whoever asked may take it back; nobody else.
        world.thing.set("three");
        let id = world.ask("adopt", facts).await;
        let refused = approval::withdraw(&world.app, &boss, id, None).await;
        assert_eq!(code(refused), "rulebook.approval.not_asked_by_you");
        let done = approval::withdraw(&world.app, &world.author, id, Some("a typo")).await.expect("withdraws");
        assert_eq!(done.state, ApprovalState::Withdrawn);
        world.act(&world.author, "end", json!({})).await.expect("goes on");
    }

    async fn late_steps_remind_call_others_in_or_reject(store: TestStore) {
        let world = world(&store).await;
        let boss = world.person("Boss", &["board"]);
        let finance = world.person("Finance", &["finance"]);
        let id = world.ask("rush", json!({"boss_id": id_of(&boss)})).await;
        world.work().await;
        assert_eq!(world.mails().len(), 1);
        assert_eq!(code(world.decide(&finance, id, Decision::Approve).await), "rulebook.approval.not_yours");
        store.clock.advance_ms(25 * HOUR_MS);
        world.work().await;
        let mut receivers: Vec<String> = world.mails().into_iter().map(|mail| mail.to).collect();
        receivers.sort();
        receivers.dedup();
        assert_eq!(receivers, ["boss@b.example", "finance@b.example"]);
        store.clock.advance_ms(HOUR_MS);
        world.work().await;
        assert!(world.mails().is_empty(), "once a day");
        store.clock.advance_ms(24 * HOUR_MS);
        world.work().await;
        assert_eq!(world.mails().len(), 2);
        let done = world.decide(&finance, id, Decision::Approve).await.expect("was called in");
        assert_eq!(done.state, ApprovalState::Approved);
        let late: Vec<bool> = world.app.store.all("SELECT on_time FROM v_rulebook_approval", vec![]).await.expect("the view");
        assert_eq!(late, [false]);

        let id = world.ask("close", json!({})).await;
        store.clock.advance_ms(25 * HOUR_MS);
        world.work().await;
        let shown = approval::get(&world.app, &boss, id).await.expect("reads");
        assert_eq!((shown.state, shown.steps[0].state), (ApprovalState::Rejected, ApprovalStepState::TimedOut));
        assert_eq!(world.state().await, "draft");
    }

    async fn a_mails_link_decides_once_what_it_was_made_for(store: TestStore) {
        let world = world(&store).await;
        let (boss, stranger) = (world.person("Boss", &[]), Caller::anonymous(Language::En, "r".into()));
        let facts = json!({"amount": 1, "boss_id": id_of(&boss)});
        world.ask("adopt", facts.clone()).await;
        world.work().await;
        let mails = world.mails();
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, "boss@b.example"));
        assert!(mails[0].html.contains("Budget &lt;2027&gt;"));
        let links = secrets(&mails[0]);
        let kept: Vec<String> = world.app.store
            .all("SELECT digest FROM rulebook_approval_link", vec![]).await.expect("reads");
        assert!(kept.len() == 2 && links.iter().all(|secret| !kept.contains(secret)), "only digests");

        // Looking changes nothing, however often.
        for _ in 0..3 {
            let shown = approval::show(&world.app, &links[0]).await.expect("shows");
            assert_eq!((shown.decision, shown.asks_code, shown.refusal), (Decision::Approve, true, None));
        }
        assert_eq!(world.state().await, "draft");
        assert_eq!(code(approval::show(&world.app, "nothing").await), "rulebook.approval.link_unknown");
        // Money moves: the mail alone is not enough.
        let app = world.app.clone();
        let use_link = |token: &str, with: Option<&str>| {
            let (input, app, stranger) = (by_link(token, with), app.clone(), stranger.clone());
            async move { approval::use_link(&app, &stranger, &input).await }
        };
        assert_eq!(code(use_link(&links[0], None).await), "rulebook.approval.code_missing");
        assert_eq!(code(use_link(&links[0], Some("000000")).await), "identity.input_invalid");
        assert_eq!(world.state().await, "draft");
        use_link(&links[0], Some("123456")).await.expect("approves");
        assert_eq!(world.state().await, "valid");
        assert_eq!(code(use_link(&links[0], Some("123456")).await), "rulebook.approval.link_used");
        assert_eq!(code(use_link(&links[1], Some("123456")).await), "rulebook.approval.over");
        assert!(world.audited("decide").await[0].contains("\"by_mail\":true"));

        // A link is bound to the content, and runs out with its step.
        let world = World { instance: world.begin().await, ..world };
        world.ask("adopt", facts.clone()).await;
        world.work().await;
        let links = secrets(&world.mails()[0]);
        world.thing.set("two");
        assert_eq!(code(use_link(&links[0], Some("123456")).await), "rulebook.approval.voided");
        assert_eq!(code(use_link(&links[1], Some("123456")).await), "rulebook.approval.voided");
        world.ask("adopt", facts).await;
        world.work().await;
        let links = secrets(&world.mails()[0]);
        store.clock.advance_ms(72 * HOUR_MS);
        assert_eq!(code(use_link(&links[0], Some("123456")).await), "rulebook.approval.link_expired");
    }

    async fn who_decides_can_be_a_manager_or_a_person_and_depend_on_the_amount(store: TestStore) {
        let mut chief = somebody(&[], GrantScope::Company);
        let chief_id = id_of(&chief);
        let by_amount = format!(
            "who: [{{role: finance, when: amount < 1000000}}, {{user: {chief_id}, when: amount >= 1000000}}]"
        );
        let text = MACHINE
            .replace("who: [{role: finance}]", &by_amount)
            .replace("who: [{field: boss_id}]\n          separate", "who: [{manager_of: owner_id}]\n          separate");
        let world = world_of(&store, &text).await;
        let (owner, boss) = (world.person("Owner", &[]), world.person("Boss", &[]));
        let finance = world.person("Finance", &["finance"]);
        let board = [world.person("One", &["board"]), world.person("Two", &["board"])];
        chief.actor = kernel::Actor::User { id: chief_id, name: "Chief".into(), by_token: false };
        world.people.change(|staff| {
            let manager_id = Some(id_of(&boss));
            staff.people.iter_mut().filter(|p| p.id == id_of(&owner)).for_each(|p| p.manager_id = manager_id);
            let like = staff.people[0].clone();
            staff.people.push(Person { id: chief_id, name: "Chief".into(), ..like });
        });
        let id = world.ask("adopt", json!({"amount": 2_000_000, "owner_id": id_of(&owner)})).await;
        assert_eq!(code(world.decide(&owner, id, Decision::Approve).await), "rulebook.approval.not_yours");
        world.decide(&boss, id, Decision::Approve).await.expect("the owner's manager");
        for person in &board {
            world.decide(person, id, Decision::Approve).await.expect("the board");
        }
        assert_eq!(code(world.decide(&finance, id, Decision::Approve).await), "rulebook.approval.not_yours");
        let done = world.decide(&chief, id, Decision::Approve).await.expect("the one for such an amount");
        assert_eq!(done.state, ApprovalState::Approved);
    }

    async fn what_is_cut_off_in_the_middle_never_happened(store: TestStore) {
        let world = world(&store).await;
        let boss = world.person("Boss", &[]);
        let id = world.ask("adopt", json!({"amount": 1, "boss_id": id_of(&boss)})).await;
        let input = NewDecision { step_id: None, decision: Decision::Approve, comment: None, content_hash: None, code: None };
        let mut tx = world.app.store.begin(&boss).await.expect("begins");
        approval::decide_in(&mut tx, &world.app, &boss, id, &input, approval::Proof::Code).await.expect("decides");
        drop(tx);
        assert_eq!((world.state().await.as_str(), world.tasks(&boss).await), ("draft", 1));
        let shown = approval::get(&world.app, &boss, id).await.expect("reads");
        assert_eq!((shown.state, shown.steps[0].state), (ApprovalState::Pending, ApprovalStepState::Open));
        world.decide(&boss, id, Decision::Approve).await.expect("decides after all");
        assert_eq!(world.state().await, "valid");
    }

    async fn everybody_sees_what_waits_for_them_and_what_they_asked_for(store: TestStore) {
        let world = world(&store).await;
        let (boss, stranger) = (world.person("Boss", &[]), world.person("Stranger", &[]));
        let id = world.ask("adopt", json!({"amount": 1, "boss_id": id_of(&boss)})).await;
        let list = |caller: &Caller, which| {
            let (app, caller) = (world.app.clone(), caller.clone());
            let filter = ApprovalFilter { r#box: Some(which), ..Default::default() };
            async move { approval::list(&app, &caller, &PageQuery::default(), &filter).await }
        };
        assert_eq!(list(&boss, ApprovalBox::Mine).await.expect("lists").items.len(), 1);
        assert_eq!(list(&world.author, ApprovalBox::Asked).await.expect("lists").items.len(), 1);
        assert!(list(&stranger, ApprovalBox::Mine).await.expect("lists").items.is_empty());
        assert_eq!(code(list(&stranger, ApprovalBox::All).await), "access.missing_permission");
        assert_eq!(code(approval::get(&world.app, &stranger, id).await), "access.not_found");
        let shown = approval::get(&world.app, &boss, id).await.expect("reads");
        assert_eq!(shown.mine, [shown.steps[0].id]);
        // Without an approval under way, what may be done is offered as ever.
        let instance = machine::find(&world.app.store, world.instance.id).await.expect("there");
        let offers = machine::actions(&world.app, &world.author, &instance, &json!({})).await.expect("offers");
        assert!(offers.iter().all(|offer| offer.code.as_deref() == Some("rulebook.approval.waits")));
    }

    async fn what_the_organisation_does_not_bear_out_is_a_warning_until_it_does(store: TestStore) {
        let world = world(&store).await;
        let warnings = async || {
            let mut tx = world.app.store.begin(&world.author).await.expect("begins");
            let found = machine::warnings(&mut tx, &world.app).await.expect("warns");
            found.into_iter().map(|w| format!("{}/{} {}", w.action, w.step, w.subject)).collect::<Vec<_>>()
        };
        let found = warnings().await;
        assert!(found.contains(&"adopt/finance finance".to_owned()) && found.contains(&"adopt/board board".to_owned()), "{found:?}");
        // The one of finance could also ask, which must be two people.
        world.person("Finance", &["finance"]);
        world.person("Board", &["board"]);
        let found = warnings().await;
        assert!(!found.contains(&"adopt/finance finance".to_owned()), "{found:?}");
        assert!(found.contains(&"adopt/finance requester / second".to_owned()), "{found:?}");

        // It is asked again by itself: those who look after machines have it among their tasks while it lasts.
        let keeper = somebody(&[rulebook::permissions::MACHINE_MIGRATE], GrantScope::Company);
        store.clock.advance_ms(HOUR_MS);
        world.work().await;
        let before = world.tasks(&keeper).await;
        assert_eq!(before, found.len());
        world.people.change(|staff| staff.roles.clear());
        store.clock.advance_ms(HOUR_MS);
        world.work().await;
        let found = warnings().await;
        assert_eq!(world.tasks(&keeper).await, found.len());
        assert!(!found.contains(&"adopt/finance requester / second".to_owned()), "{found:?}");
    }

    async fn instances_are_taken_to_a_newer_version_only_by_hand_and_after_a_dry_run(store: TestStore) {
        let old = world(&store).await;
        let waits = World { instance: old.begin().await, ..world(&store).await };
        let boss = waits.person("Boss", &[]);
        waits.ask("adopt", json!({"amount": 1, "boss_id": id_of(&boss)})).await;
        let text = MACHINE.replace("version: 1", "version: 2").replace("draft", "sketch");
        let new = world_of(&store, &text).await;
        let admin = somebody(&[], GrantScope::Company);
        let request = |states: &[(&str, &str)], expected| machine::MigrationRequest {
            states: states.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
            expected,
        };
        let migrate = async |request: machine::MigrationRequest| machine::migrate(&new.app, &admin, "budget", &request).await;
        let report = migrate(request(&[], None)).await.expect("a dry run");
        assert!(report.dry_run && report.states[0].to_state.is_none());
        let all = report.instances;
        assert_eq!(report.waiting, 1, "one stays while its approval is under way");
        assert_eq!(code(migrate(request(&[], Some(all))).await), "rulebook.machine.migration_unmapped");
        assert_eq!(code(migrate(request(&[("draft", "nowhere")], None)).await), "rulebook.machine.migration_unknown");
        assert_eq!(code(migrate(request(&[("draft", "sketch")], Some(all + 1))).await), "rulebook.machine.migration_differs");
        assert_eq!(old.state().await, "draft", "nothing moved by itself");
        migrate(request(&[("draft", "sketch")], Some(all))).await.expect("migrates");
        let moved = machine::find(&new.app.store, old.instance.id).await.expect("there");
        assert_eq!((moved.state.as_str(), moved.machine_version), ("sketch", 2));
        let history = machine::history(&new.app.store, old.instance.id).await.expect("kept");
        assert_eq!(history.last().map(|step| step.action.as_str()), Some("migrate"));
        let stays = machine::find(&new.app.store, waits.instance.id).await.expect("there");
        assert_eq!((stays.state.as_str(), stays.machine_version), ("draft", 1));
    }
}
