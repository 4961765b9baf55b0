use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use http_kit::{App, PeoplePort, Person, StandIn, Unit};
use kernel::ports::{MailOutcome, MailPort, OutgoingMail, WebhookOutcome, WebhookPort};
use kernel::{
    Caller, Clock, GrantScope, HOUR_MS, Id, Language, MINUTE_MS, PageQuery, Result, SystemClock, Timestamp,
};
use rulebook::notification::{
    self, DeliveryState, Digest, NewNotificationChoices, Notice, NoticeKind, NotificationChoice,
    NotificationFilter, QuietHours,
};
use rulebook::permissions::WEBHOOK_MANAGE;
use rulebook::task::{self, Assignee, NewTask, Sentence, TaskFilter};
use rulebook::webhook::{self, NewWebhookEndpoint, WebhookDeliveryFilter, WebhookFormat};
use serde_json::{Value as Json, json};
use store::testing::TestStore;
use store::{Audit, Tx, args, on_both};

use crate::support::{MIGRATIONS, app, folder, somebody};

/// A mail server that remembers what it took, and answers as it is told to.
#[derive(Debug, Default)]
struct Post {
    taken: Mutex<Vec<OutgoingMail>>,
    next: Mutex<Vec<MailOutcome>>,
}

#[async_trait]
impl MailPort for Post {
    async fn send(&self, mail: &OutgoingMail) -> MailOutcome {
        self.taken.lock().expect("not poisoned").push(mail.clone());
        let next = self.next.lock().expect("not poisoned").pop();
        next.unwrap_or(MailOutcome::Accepted { reply: "250 ok".into() })
    }
}

/// What a program was posted: address, headers, body.
type Posted = (String, Vec<(String, String)>, String);

/// A program that remembers what it was told, and answers as it is told to.
#[derive(Debug, Default)]
struct Program {
    taken: Mutex<Vec<Posted>>,
    next: Mutex<Vec<WebhookOutcome>>,
}

#[async_trait]
impl WebhookPort for Program {
    async fn post(&self, url: &str, headers: &[(String, String)], body: String) -> WebhookOutcome {
        self.taken.lock().expect("not poisoned").push((url.to_owned(), headers.to_vec(), body));
        let next = self.next.lock().expect("not poisoned").pop();
        next.unwrap_or(WebhookOutcome::Answered { status: 204, body: String::new() })
    }
}

/// The staff of these stories.
#[derive(Debug)]
struct Staff(Vec<Person>);

#[async_trait]
impl PeoplePort for Staff {
    async fn people(&self, _tx: &mut Tx, ids: &[Id]) -> Result<Vec<Person>> {
        Ok(self.0.iter().filter(|person| ids.contains(&person.id)).cloned().collect())
    }

    async fn look_up(&self, _tx: &mut Tx, words: &[String]) -> Result<Vec<Person>> {
        let meant = |person: &&Person| words.contains(&person.email) || words.contains(&person.name);
        Ok(self.0.iter().filter(meant).cloned().collect())
    }

    async fn staff(&self, _: &mut Tx, _: Option<Id>) -> Result<Vec<Id>> {
        Ok(self.0.iter().map(|person| person.id).collect())
    }

    async fn caller(&self, _: &App, _: Id, _: &Caller) -> Result<Option<Caller>> {
        Ok(None)
    }

    async fn units(&self, _tx: &mut Tx) -> Result<Vec<Unit>> {
        Ok(Vec::new())
    }

    async fn holders_of_role(&self, _tx: &mut Tx, _role: &str, _unit: Option<Id>) -> Result<Vec<Id>> {
        Ok(Vec::new())
    }

    async fn holders_of_permission(
        &self,
        _tx: &mut Tx,
        _permission: &str,
        _brand: Option<Id>,
        _unit: Option<Id>,
    ) -> Result<Vec<Id>> {
        Ok(Vec::new())
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

/// An app with a mail server, a program, and two people: one reads Chinese, one English.
struct World<'s> {
    store: &'s TestStore,
    app: App,
    post: Arc<Post>,
    program: Arc<Program>,
    li: Caller,
    ann: Caller,
}

const PARAMETERS: &str =
    "- key: notification.quiet_hours\n  kind: time_range\n  default: \"21:00-08:00\"\n  title: {en: Quiet}\n";

impl<'s> World<'s> {
    async fn new(store: &'s TestStore) -> Self {
        let app = app(store, vec![folder("test", &[("parameters.yaml", PARAMETERS)])]).await;
        let (post, program) = (Arc::new(Post::default()), Arc::new(Program::default()));
        let (li, ann) = (somebody(&[], GrantScope::Company), somebody(&[], GrantScope::Company));
        let person = |caller: &Caller, name: &str, language| Person {
            id: caller.user_id().expect("a user"),
            name: name.into(),
            email: format!("{name}@daoting.example"),
            language: Some(language),
            department_id: None,
            manager_id: None,
            active: true,
        };
        let staff = vec![person(&li, "li", Language::ZhHans), person(&ann, "ann", Language::En)];
        app.ports.mail.connect(post.clone());
        app.ports.webhook.connect(program.clone());
        app.people.connect(Arc::new(Staff(staff)));
        Self { store, app, post, program, li, ann }
    }

    fn id(caller: &Caller) -> Id {
        caller.user_id().expect("a user")
    }

    /// Tells people of something in a transaction of its own; returns how many were told.
    async fn tell(&self, people: &[&Caller], kind: NoticeKind, key: &str) -> u64 {
        let notice = Notice {
            kind,
            subject_noun: "brand.content",
            subject_id: Id::new(),
            link: "/content/items/1".into(),
            title: Sentence::new("rulebook.machine.field_missing").with("field", key),
            group_key: key.into(),
            document: false,
        };
        let users: Vec<Id> = people.iter().map(|caller| Self::id(caller)).collect();
        let mut tx = self.app.store.begin(&self.li).await.expect("begins");
        let told = notification::tell(&mut tx, &users, &notice).await.expect("tells");
        tx.audit(Audit::without_row("submit", "brand.content")).await.expect("audits");
        tx.commit().await.expect("commits");
        told
    }

    /// Lets time pass and the background work.
    async fn pass(&self, ms: i64) -> usize {
        self.store.clock.advance_ms(ms);
        notification::deliver(&self.app).await.expect("delivers")
    }

    fn mails(&self) -> Vec<OutgoingMail> {
        self.post.taken.lock().expect("not poisoned").clone()
    }

    fn posted(&self) -> Vec<Posted> {
        self.program.taken.lock().expect("not poisoned").clone()
    }

    async fn states(&self, channel: &str) -> Vec<DeliveryState> {
        let sql = "SELECT state FROM rulebook_notification_delivery WHERE channel = $1 ORDER BY id";
        let states: Vec<String> = self.app.store.all(sql, args![channel]).await.expect("rows");
        states.iter().map(|state| state.parse().expect("a state")).collect()
    }

    /// Lets somebody be told of tasks in this way.
    async fn choose(&self, who: &Caller, change: impl FnOnce(&mut NotificationChoice)) {
        let mut choice = notification::rules::default_choice(NoticeKind::Task);
        change(&mut choice);
        let new = NewNotificationChoices { choices: vec![choice], quiet_hours: None, digest_hour: 8 };
        notification::choose(&self.app, who, &new).await.expect("chosen");
    }

    async fn endpoint(&self, format: WebhookFormat, kinds: Vec<NoticeKind>) -> webhook::WebhookEndpoint {
        let new = NewWebhookEndpoint {
            name: "订单机器人".into(),
            url: "https://hooks.example/a?key=k".into(),
            format,
            kinds,
            language: Language::ZhHans,
            record_id: None,
        };
        let manager = somebody(&[WEBHOOK_MANAGE], GrantScope::Company);
        webhook::create(&self.app, &manager, &new).await.expect("made")
    }
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_thing_is_said_once_and_read_by_its_reader_alone(store: TestStore) {
        let world = World::new(&store).await;
        assert_eq!(world.tell(&[&world.li, &world.ann], NoticeKind::Task, "one").await, 2);
        assert_eq!(world.tell(&[&world.li, &world.ann], NoticeKind::Task, "one").await, 0, "said before");
        assert_eq!(world.tell(&[&world.li], NoticeKind::Record, "two").await, 1);
        let list = async |who: &Caller, unread| {
            let filter = NotificationFilter { unread: Some(unread), kind: None };
            notification::list(&world.app, who, &PageQuery::default(), &filter).await.expect("lists").items
        };
        let mine = list(&world.li, true).await;
        assert_eq!(mine.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["Fill in “two”.", "Fill in “one”."]);
        let theirs = notification::read(&world.app, &world.ann, mine[0].id).await.expect_err("not hers");
        assert_eq!(theirs.status, 404);
        notification::read(&world.app, &world.li, mine[0].id).await.expect("read");
        let again = notification::read(&world.app, &world.li, mine[0].id).await.expect("twice is once");
        assert!(again.read_at.is_some());
        assert_eq!((list(&world.li, true).await.len(), list(&world.li, false).await.len()), (1, 2));
        assert_eq!(notification::count(&world.app, &world.li).await.expect("counts").unread, 1);
        assert_eq!(notification::read_all(&world.app, &world.li).await.expect("read").unread, 0);
        assert_eq!(notification::count(&world.app, &world.ann).await.expect("counts").unread, 1, "hers stays");
        let nobody = Caller::anonymous(Language::En, "test".into());
        assert_eq!(notification::count(&world.app, &nobody).await.expect_err("nobody").status, 401);
    }

    async fn mails_come_as_a_digest_in_the_readers_language(store: TestStore) {
        let world = World::new(&store).await;
        for key in ["one", "two"] {
            world.tell(&[&world.li, &world.ann], NoticeKind::Task, key).await;
        }
        assert_eq!(world.pass(HOUR_MS).await, 0, "the digest comes tomorrow at eight");
        assert_eq!(world.pass(23 * HOUR_MS).await, 2);
        let mut mails = world.mails();
        mails.sort_by(|a, b| a.to.cmp(&b.to));
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["ann@daoting.example", "li@daoting.example"]);
        assert_eq!(mails[0].subject, "2 notifications for you");
        assert_eq!(mails[1].subject, "你有 2 条通知");
        assert!(mails[0].text.contains("Fill in “one”.") && mails[0].text.contains("Fill in “two”."), "{}", mails[0].text);
        assert!(mails[0].html.contains("http://127.0.0.1:8080/content/items/1"), "{}", mails[0].html);
        assert_ne!(mails[0].message_id, mails[1].message_id);
        assert_eq!(world.pass(48 * HOUR_MS).await, 0, "nothing is sent twice");
        assert_eq!(world.states("mail").await, [DeliveryState::Sent; 4]);
    }

    async fn quiet_hours_put_off_and_alerts_pass(store: TestStore) {
        let world = World::new(&store).await;
        world.choose(&world.li, |choice| choice.digest = Digest::None).await;
        // From eight in the morning to eleven in the night.
        world.pass(15 * HOUR_MS).await;
        world.tell(&[&world.li], NoticeKind::Task, "late").await;
        world.tell(&[&world.li], NoticeKind::Alert, "fire").await;
        assert_eq!(world.pass(0).await, 1);
        assert_eq!(world.mails()[0].subject, "请填写“fire”。");
        assert_eq!(world.pass(8 * HOUR_MS).await, 0, "still quiet at seven");
        assert_eq!(world.pass(HOUR_MS + MINUTE_MS).await, 1);
        assert_eq!(world.mails()[1].subject, "请填写“late”。");
        // Own quiet hours come before the company's.
        let quiet = QuietHours { from: 9 * 60, to: 12 * 60 };
        let new = NewNotificationChoices { choices: vec![], quiet_hours: Some(quiet), digest_hour: 8 };
        let kept = notification::choose(&world.app, &world.li, &new).await.expect("chosen");
        assert_eq!((kept.quiet_hours, kept.company_quiet_hours.from), (Some(quiet), 21 * 60));
        world.pass(2 * HOUR_MS).await;
        world.tell(&[&world.li], NoticeKind::Task, "morning").await;
        assert_eq!(world.pass(0).await, 0);
        assert_eq!(world.pass(2 * HOUR_MS).await, 1);
        let wrong = NewNotificationChoices { quiet_hours: Some(QuietHours { from: -1, to: 2_000 }), digest_hour: 24, ..new };
        let refused = notification::choose(&world.app, &world.li, &wrong).await.expect_err("no time");
        assert_eq!(refused.fields.len(), 2, "{refused}");
    }

    async fn each_person_chooses_by_kind(store: TestStore) {
        let world = World::new(&store).await;
        world.choose(&world.li, |choice| { choice.mail = false; choice.in_app = true; }).await;
        world.choose(&world.ann, |choice| { choice.in_app = false; choice.digest = Digest::Weekly; }).await;
        world.tell(&[&world.li, &world.ann], NoticeKind::Task, "one").await;
        assert_eq!(notification::count(&world.app, &world.li).await.expect("counts").unread, 1);
        assert_eq!(notification::count(&world.app, &world.ann).await.expect("counts").unread, 0);
        // Sunday morning: the weekly digest comes on Monday.
        assert_eq!(world.pass(23 * HOUR_MS).await, 0);
        assert_eq!(world.pass(2 * HOUR_MS).await, 1);
        assert_eq!(world.mails()[0].to, "ann@daoting.example");
    }

    async fn what_was_under_way_when_its_worker_died_is_never_sent_again(store: TestStore) {
        let world = World::new(&store).await;
        world.choose(&world.li, |choice| choice.digest = Digest::None).await;
        world.tell(&[&world.li], NoticeKind::Task, "one").await;
        // Claimed, and then the worker is gone: whether the mail left, nobody knows.
        notification::claim_mail(&world.app, World::id(&world.li)).await.expect("claims").expect("something is due");
        assert_eq!(world.states("mail").await, [DeliveryState::Attempting], "durable before the wire");
        assert_eq!(world.pass(MINUTE_MS).await, 0, "nobody else takes it");
        assert_eq!(world.pass(10 * MINUTE_MS).await, 0);
        assert_eq!(world.states("mail").await, [DeliveryState::Unknown]);
        assert_eq!(world.pass(48 * HOUR_MS).await, 0);
        assert!(world.mails().is_empty());
        // Two workers that look at once take a thing once.
        world.tell(&[&world.li], NoticeKind::Task, "two").await;
        let (one, two) = tokio::join!(notification::deliver(&world.app), notification::deliver(&world.app));
        assert_eq!((one.expect("delivers") + two.expect("delivers"), world.mails().len()), (1, 1));
    }

    async fn a_mail_that_did_not_leave_is_tried_again_under_the_same_id(store: TestStore) {
        let world = World::new(&store).await;
        world.choose(&world.li, |choice| choice.digest = Digest::None).await;
        let not_sent = || MailOutcome::NotSent { reason: "no route".into() };
        world.post.next.lock().expect("not poisoned").extend([
            MailOutcome::Accepted { reply: "250".into() },
            MailOutcome::Refused { permanent: false, reply: "451 later".into() },
            not_sent(),
        ]);
        world.tell(&[&world.li], NoticeKind::Task, "one").await;
        assert_eq!(world.pass(0).await, 1);
        assert_eq!(world.pass(MINUTE_MS / 2).await, 0, "not at once");
        assert_eq!(world.pass(MINUTE_MS).await, 1);
        assert_eq!(world.pass(5 * MINUTE_MS).await, 1);
        let ids: Vec<String> = world.mails().into_iter().map(|mail| mail.message_id).collect();
        assert!(ids.len() == 3 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(world.states("mail").await, [DeliveryState::Sent]);
        // For good, and too often.
        world.post.next.lock().expect("not poisoned").push(MailOutcome::Refused { permanent: true, reply: "550".into() });
        world.tell(&[&world.li], NoticeKind::Task, "two").await;
        world.pass(0).await;
        world.post.next.lock().expect("not poisoned").extend((0..20).map(|_| not_sent()));
        world.tell(&[&world.li], NoticeKind::Alert, "three").await;
        for _ in 0..8 {
            world.pass(24 * HOUR_MS).await;
        }
        assert_eq!(world.states("mail").await, [DeliveryState::Sent, DeliveryState::Failed, DeliveryState::Failed]);
        assert_eq!(world.mails().len(), 3 + 1 + 6);
    }

    async fn a_task_tells_its_person_and_takes_it_back_when_it_is_done(store: TestStore) {
        let world = World::new(&store).await;
        let subject = Id::new();
        let new = |assignee, not_for| NewTask {
            kind: "brand.review", subject_noun: "brand.content", subject_id: subject, link: "/x".into(),
            title: Sentence::new("rulebook.machine.field_missing").with("field", "x"),
            assignee, not_for, due_at: None, actions: vec![],
        };
        let (li, ann) = (World::id(&world.li), World::id(&world.ann));
        let mut tx = world.app.store.begin(&world.li).await.expect("begins");
        task::open(&mut tx, new(Assignee::User(li), vec![])).await.expect("opens");
        task::open(&mut tx, new(Assignee::User(ann), vec![ann])).await.expect("opens");
        tx.audit(Audit::without_row("submit", "brand.content")).await.expect("audits");
        tx.commit().await.expect("commits");
        let unread = async |who: &Caller| notification::count(&world.app, who).await.expect("counts").unread;
        assert_eq!((unread(&world.li).await, unread(&world.ann).await), (1, 0));
        let mut tx = world.app.store.begin(&world.li).await.expect("begins");
        task::complete(&mut tx, "brand.content", subject, "brand.review", Some(li)).await.expect("completes");
        tx.audit(Audit::without_row("approve", "brand.content")).await.expect("audits");
        tx.commit().await.expect("commits");
        assert_eq!(unread(&world.li).await, 0);
        assert_eq!(world.pass(48 * HOUR_MS).await, 0, "no mail of what is done");
        assert_eq!(world.states("mail").await, [DeliveryState::Suppressed]);
    }

    async fn a_program_is_told_once_and_can_check_who_told_it(store: TestStore) {
        // The receiver refuses what is not of these minutes.
        store.clock.set(SystemClock.now());
        let world = World::new(&store).await;
        let endpoint = world.endpoint(WebhookFormat::Json, vec![NoticeKind::Alert]).await;
        let secret = endpoint.secret.clone().expect("shown once");
        assert!(webhook::list(&world.app).await.expect("lists").items[0].secret.is_none());
        #[derive(serde::Deserialize)]
        struct Row { secret: Vec<u8> }
        let row: Row = world.app.store.get("SELECT secret FROM rulebook_webhook_endpoint", args![]).await.expect("a row");
        assert!(!hex_of(&row.secret).contains(&hex_of(secret.as_bytes())), "the key is sealed");
        world.tell(&[&world.li, &world.ann], NoticeKind::Alert, "fire").await;
        world.tell(&[&world.li], NoticeKind::Task, "other").await;
        world.pass(0).await;
        let posted = world.posted();
        assert_eq!(posted.len(), 1, "two people, one program; a task is none of its kinds");
        let (url, headers, body) = &posted[0];
        assert_eq!(url, "https://hooks.example/a?key=k");
        let said: Json = serde_json::from_str(body).expect("JSON");
        assert_eq!((&said["type"], &said["data"]["text"]), (&json!("notification.alert"), &json!("请填写“fire”。")));
        verified_by_the_standards_own_library(&secret, headers, body);
        world.pass(48 * HOUR_MS).await;
        assert_eq!(world.posted().len(), 1, "nothing is posted twice");
    }

    async fn a_program_that_does_not_answer_is_given_up_with_an_alert_and_told_by_hand(store: TestStore) {
        let world = World::new(&store).await;
        let manager = somebody(&[WEBHOOK_MANAGE], GrantScope::Company);
        let endpoint = world.endpoint(WebhookFormat::Wecom, vec![]).await;
        let refused = || WebhookOutcome::Answered { status: 200, body: r#"{"errcode":93000}"#.into() };
        world.program.next.lock().expect("not poisoned").extend((0..6).map(|_| refused()));
        webhook::test(&world.app, &manager, endpoint.id).await.expect("asked");
        for _ in 0..8 {
            world.pass(24 * HOUR_MS).await;
        }
        assert_eq!(world.posted().len(), 6, "it gives up");
        let deliveries = async || {
            let filter = WebhookDeliveryFilter { endpoint_id: Some(endpoint.id), state: None };
            webhook::deliveries(&world.app, &PageQuery::default(), &filter).await.expect("lists").items
        };
        let failed = deliveries().await.remove(0);
        assert_eq!((failed.state, failed.attempts, failed.kind), (DeliveryState::Failed, 6, None));
        assert!(failed.detail.is_some_and(|words| words.contains("93000")));
        let tasks = async || task::list(&world.app, &manager, &PageQuery::default(), &TaskFilter::default()).await.expect("lists").items;
        assert_eq!(tasks().await[0].title, "The webhook “订单机器人” was not reached: look into it");
        world.program.next.lock().expect("not poisoned").push(WebhookOutcome::Answered { status: 200, body: r#"{"errcode":0}"#.into() });
        webhook::redeliver(&world.app, &manager, failed.id).await.expect("asked");
        world.pass(0).await;
        assert_eq!(deliveries().await[0].state, DeliveryState::Sent);
        assert!(tasks().await.is_empty(), "the alert is taken back");
        assert_eq!(webhook::redeliver(&world.app, &manager, failed.id).await.expect_err("it arrived").code, "rulebook.webhook.not_given_up");
        // A connection that breaks after the body: nobody knows, and nobody tries again but by hand.
        world.program.next.lock().expect("not poisoned").push(WebhookOutcome::Unknown { reason: "reset".into() });
        webhook::test(&world.app, &manager, endpoint.id).await.expect("asked");
        world.pass(48 * HOUR_MS).await;
        world.pass(48 * HOUR_MS).await;
        assert_eq!((deliveries().await[0].state, world.posted().len()), (DeliveryState::Unknown, 8));
        let off = webhook::WebhookEndpointPatch { active: Some(false), ..Default::default() };
        let stale = webhook::change(&world.app, &manager, endpoint.id, 7, &off).await.expect_err("another version");
        assert_eq!(stale.status, 412);
        webhook::change(&world.app, &manager, endpoint.id, 1, &off).await.expect("switched off");
        assert_eq!(webhook::test(&world.app, &manager, endpoint.id).await.expect_err("off").code, "rulebook.webhook.not_active");
        world.tell(&[&world.li], NoticeKind::Alert, "fire").await;
        world.pass(0).await;
        assert_eq!(world.posted().len(), 8);
        let log: Vec<String> = world.app.store.all("SELECT action FROM audit_entry WHERE noun = 'rulebook.webhook_endpoint' ORDER BY id", args![]).await.expect("rows");
        assert_eq!(log, ["create", "test", "redeliver", "test", "change"]);
    }

    async fn every_statement_prepares(store: TestStore) {
        assert_eq!(store.reopen().await.check_statements().await, []);
    }
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The receivers' side, as the standard's authors wrote it.
fn verified_by_the_standards_own_library(secret: &str, headers: &[(String, String)], body: &str) {
    let receiver = standardwebhooks::Webhook::new(secret).expect("a key as the standard writes it");
    let mut map = http::HeaderMap::new();
    for (name, value) in headers {
        let name = http::HeaderName::try_from(name.as_str()).expect("a name");
        map.insert(name, http::HeaderValue::from_str(value).expect("a value"));
    }
    let checked = receiver.verify(body.as_bytes(), &map);
    checked.unwrap_or_else(|error| panic!("{error:?}: {headers:?}"));
    let forged = body.replace("fire", "water");
    assert!(receiver.verify(forged.as_bytes(), &map).is_err(), "a forged body is refused");
}
