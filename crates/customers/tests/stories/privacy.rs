//! What people ask about their own data: seen, put right, kept from use, and erased for good, with the proof.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

use customers::consent::{self, Channel, ConsentState, GivenBy, NewConsent, Purpose, ShownText};
use customers::node::{Key, MatchRule, NodeKind, Resolved, resolve};
use customers::permissions::{PRIVACY_ERASE, PRIVACY_MANAGE, PRIVACY_READ};
use customers::privacy::Urgency;
use customers::privacy::erasure::{self, Step};
use customers::privacy::subject_request::{
    self as desk, CorrectRequest, Ground, Means, NewSubjectRequest, RefuseRequest, Regime, RequestChannel,
    RequestFilter, RequestKind, RequestState, SubjectRequest, VerifyRequest,
};
use customers::privacy::{flag, hold};
use customers::profile::facts::{self, About, Facts, Origin};
use customers::profile::{self, ProfilePatch};
use http_kit::App;
use kernel::{Caller, GrantScope, Id, Label, PageQuery, Timestamp};
use lake::{Batch, Event, EventKind, EventLake, Lake};
use lake_engine::Engine;
use serde_json::{Value as Json, json};
use store::testing::TestStore;
use store::{Audit, args};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::{MIGRATIONS, Order, app, id_of, key, people, share_secrets, store_orders, system, user};

const MAIL: &str = "lin.xiao.1987@example.invalid";
const MOBILE: &str = "+8613800138000";
const STREET: &str = "湖滨路 8 号 3 单元 501 室";

fn mail() -> Key {
    key(NodeKind::Email, MAIL)
}

fn officer() -> Caller {
    user(&[PRIVACY_READ, PRIVACY_MANAGE, PRIVACY_ERASE], GrantScope::Company, Label::Personal)
}

/// The lake of a test, taking events.
struct Taking(CancellationToken, JoinHandle<()>);

async fn take_events(app: &App) -> Taking {
    let stop = CancellationToken::new();
    let engine = app.part::<Arc<Engine>>().expect("an engine").clone();
    let work = lake_engine::begin(engine.clone(), stop.clone()).await;
    while !engine.takes_events() {
        tokio::task::yield_now().await;
    }
    Taking(stop, work)
}

impl Taking {
    async fn stop(self) {
        self.0.cancel();
        self.1.await.expect("the work ends");
    }
}

/// Somebody of whom everything is known, and somebody else.
async fn two_people(app: &App) -> [Id; 2] {
    let (number, mobile) = (key(NodeKind::MemberNumber, "M-2026-000017"), key(NodeKind::Mobile, MOBILE));
    let other = key(NodeKind::Email, "wang@example.invalid");
    let ids = people(app, &[vec![mail(), mobile, number], vec![other.clone()]]).await;
    let told = |profile, node: &Key, name: &str, street: &str| About {
        profile,
        node: id_of(app, node),
        facts: Facts {
            name: Some(name.to_owned()),
            address: Some(street.to_owned()),
            city: Some("杭州".into()),
            ..Facts::default()
        },
    };
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    let about = [told(ids[0], &mail(), "林晓", STREET), told(ids[1], &other, "王芳", "延安路 100 号 2 单元")];
    facts::apply(&mut tx, &about, Origin { source: "till", import_id: None }).await.expect("applied");
    let granted = NewConsent {
        node_id: id_of(app, &mail()),
        brand_id: Id::from_digest(*b"brand-1-brand-1-"),
        purpose: Purpose::Marketing,
        channel: Channel::Email,
        state: ConsentState::Granted,
        happened_at: app.store.now(),
        given_by: GivenBy::Person,
        source: "store_form".into(),
        text: Some(ShownText { version: "2026-03".into(), body: "我同意接收优惠信息。".into() }),
        ip_hash: Some("f00d".into()),
        reason: Some("朋友推荐".into()),
        import_id: None,
    };
    consent::record(&mut tx, &[granted]).await.expect("recorded");
    tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
    tx.commit().await.expect("committed");
    let bought =
        Order::of(&key(NodeKind::MemberNumber, "M-2026-000017"), app.store.now().plus_days(-1), 5_000);
    store_orders(app, &[Order { customer: id_of(app, &mail()), ..bought }]).await;
    ids.try_into().expect("two people")
}

fn event(id: &str, node: Id, at: Timestamp) -> Event {
    Event {
        message_id: id.to_owned(),
        kind: EventKind::Track,
        name: "Product Viewed".into(),
        node,
        user_id: None,
        anonymous_id: None,
        happened_at: at,
        channel: None,
        properties: format!(r#"{{"mail":"{MAIL}"}}"#),
        context: "{}".into(),
    }
}

async fn send(app: &App, events: Vec<Event>) {
    let batch = Batch { source_id: Id::from_digest([3; 16]), received_at: app.store.now(), events };
    app.part::<Lake>().expect("a lake").append(batch).await.expect("kept");
}

fn asks(kind: RequestKind) -> NewSubjectRequest {
    NewSubjectRequest {
        kind,
        regime: Regime::Pipl,
        profile_id: None,
        contact: Some(MAIL.to_uppercase()),
        channel: RequestChannel::Email,
        received_at: None,
        note: Some(format!("请联系 {MAIL}")),
    }
}

async fn verified(app: &App, new: &NewSubjectRequest) -> SubjectRequest {
    let request = desk::create(app, &officer(), new).await.expect("written down");
    let how = VerifyRequest { means: Means::ReplyToAddress, profile_id: None, detail: None };
    desk::verify(app, &officer(), request.id, request.version, &how).await.expect("verified")
}

/// The parts of a ZIP, by name.
fn opened(bytes: &[u8]) -> std::collections::BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a ZIP");
    let mut parts = std::collections::BTreeMap::new();
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).expect("a part");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        parts.insert(file.name().to_owned(), text);
    }
    parts
}

/// Every text of every table in which a value stands.
async fn places(app: &App, value: &str) -> BTreeSet<String> {
    use futures::TryStreamExt;
    let mut snapshot = app.store.snapshot().await.expect("a snapshot");
    let mut found = BTreeSet::new();
    for table in snapshot.tables().await.expect("tables") {
        let mut rows = snapshot.rows(&table);
        while let Some(row) = rows.try_next().await.expect("rows") {
            for (cell, (column, _)) in row.iter().zip(&table.columns) {
                let store::Value::Text(Some(text)) = cell else { continue };
                let text = app.store.vault().open_text(text).expect("it opens");
                if text.to_lowercase().contains(&value.to_lowercase()) {
                    found.insert(format!("{}.{column}", table.name));
                }
            }
        }
    }
    found
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn somebody_sees_what_is_known_about_them(store: TestStore) {
        let app = app(&store).await;
        let ids = two_people(&app).await;
        let taking = take_events(&app).await;
        send(&app, vec![event("seen", id_of(&app, &mail()), app.store.now())]).await;
        let request = verified(&app, &asks(RequestKind::Access)).await;
        assert_eq!(request.profile_id, Some(ids[0]), "found by the address, however it is spelt");
        let masked = user(&[PRIVACY_MANAGE], GrantScope::Company, Label::Internal);
        let hidden = desk::compile(&app, &masked, request.id, request.version, "本人要求查阅").await.expect_err("not cleared");
        assert_eq!(hidden.code, "access.field_hidden");
        let done = desk::compile(&app, &officer(), request.id, request.version, "本人要求查阅").await.expect("compiled");
        assert_eq!(done.state, RequestState::Done);
        let result = done.result.clone().expect("a result");
        let rows = &result["rows"];
        for (part, count) in [("profile", 1), ("identifiers", 3), ("consents", 1), ("orders", 1), ("order_lines", 0), ("events", 1)] {
            if part != "order_lines" {
                assert_eq!(rows[part], json!(count), "{part}: {result}");
            }
        }
        assert_eq!(result["missing"], json!(["order_lines", "sends", "deliveries"]), "what no domain publishes here is named");
        let (name, bytes) = desk::file(&app, &officer(), request.id, "寄给本人查阅").await.expect("a file");
        assert_eq!(name, format!("{}.zip", done.number));
        let parts = opened(&bytes);
        let data: Json = serde_json::from_str(&parts["data.json"]).expect("JSON");
        assert_eq!(data["profile"][0]["name"], "林晓");
        assert_eq!(data["consents"][0]["text_version"], "2026-03");
        assert!(data["orders"][0]["happened_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{}", data["orders"]);
        assert!(parts["events.csv"].contains("Product Viewed") && parts["identifiers.csv"].contains(MAIL));
        assert!(!parts["data.json"].contains("wang@") && !parts["data.json"].contains("王芳"), "nothing of anybody else");
        let logged: i64 = app.store.get("SELECT COUNT(*) FROM audit_entry WHERE noun = 'customers.subject_request' AND action = 'download' AND reason = '寄给本人查阅'", args![]).await.expect("a count");
        assert_eq!(logged, 1);
        taking.stop().await;
    }

    async fn clocks_run_by_law_and_warn_once(store: TestStore) {
        let app = app(&store).await;
        two_people(&app).await;
        let new = asks(RequestKind::Access);
        let chinese = desk::create(&app, &officer(), &new).await.expect("written down");
        let european = desk::create(&app, &officer(), &NewSubjectRequest { regime: Regime::Gdpr, ..new }).await.expect("written down");
        assert_eq!(chinese.due_at, chinese.received_at.plus_days(15));
        assert_eq!(european.due_at, european.received_at.plus_days(30));
        assert_eq!((chinese.urgency, desk::remind(&app).await.expect("reminded")), (Urgency::None, 0));
        store.clock.advance_ms(13 * kernel::DAY_MS);
        let soon = RequestFilter { urgency: Some(Urgency::DueSoon), ..RequestFilter::default() };
        let listed = desk::list(&app, &officer(), &PageQuery::default(), &soon).await.expect("a list").items;
        assert_eq!(listed.iter().map(|request| request.id).collect::<Vec<_>>(), [chinese.id]);
        assert_eq!(desk::remind(&app).await.expect("reminded"), 1);
        assert_eq!(desk::remind(&app).await.expect("reminded"), 0, "once is enough");
        store.clock.advance_ms(3 * kernel::DAY_MS);
        assert_eq!(desk::remind(&app).await.expect("reminded"), 1, "and once when it is over");
        let wish = desk::ExtendRequest { days: 10, reason: "资料在外地门店".into() };
        let version = chinese.version;
        let extended = desk::extend(&app, &officer(), chinese.id, version, &wish).await.expect("extended");
        assert_eq!((extended.due_at, extended.urgency), (chinese.due_at.plus_days(10), Urgency::None));
        let again = desk::extend(&app, &officer(), chinese.id, extended.version, &wish).await.expect_err("once");
        assert_eq!(again.code, "customers.privacy.extended_already");
        let why = RefuseRequest { ground: Ground::IdentityUnproven, reason: "多次联系未能核实身份".into() };
        let refused = desk::refuse(&app, &officer(), chinese.id, extended.version, &why).await.expect("refused");
        assert_eq!((refused.state, refused.ground), (RequestState::Refused, Some(Ground::IdentityUnproven)));
        let late = desk::refuse(&app, &officer(), chinese.id, refused.version, &why).await.expect_err("decided");
        assert_eq!(late.code, "customers.privacy.decided");
    }

    async fn something_wrong_is_put_right_and_objections_hold(store: TestStore) {
        let app = app(&store).await;
        let ids = two_people(&app).await;
        let request = verified(&app, &asks(RequestKind::Correction)).await;
        let fields = ProfilePatch { name: Some(Some("林小晓".into())), email: Some("new@example.invalid".into()), ..ProfilePatch::default() };
        let wish = CorrectRequest { fields, reason: "身份证上是这样写的".into() };
        let other = desk::object(&app, &officer(), request.id, request.version, "不想被打分").await.expect_err("another kind");
        assert_eq!(other.code, "customers.privacy.other_kind");
        let done = desk::correct(&app, &officer(), request.id, request.version, &wish).await.expect("corrected");
        assert_eq!(done.result.expect("a result")["changed"], json!(["email", "name"]));
        let known = profile::get(&app, &system(), ids[0]).await.expect("a person").profile;
        assert_eq!((known.name.as_deref(), known.email.as_deref()), (Some("林小晓"), Some("new@example.invalid")));

        let request = verified(&app, &asks(RequestKind::ObjectAutomated)).await;
        let done = desk::object(&app, &officer(), request.id, request.version, "不想被自动打分").await.expect("carried out");
        assert_eq!(done.result.expect("a result")["flag"], "no_automated_decisions");
        let flags = flag::get(&app, &officer(), ids[0]).await.expect("flags");
        assert!(flags.no_automated_since.is_some() && flags.restricted_since.is_none());
        let published: Vec<bool> = app.store.all("SELECT no_automated_since IS NOT NULL FROM v_customers_profile ORDER BY id", args![]).await.expect("a view");
        assert_eq!(published.iter().filter(|set| **set).count(), 1);
        let after = customers::tier::preview(&app, &system(), &customers::tier::rules::DEFAULT).await.expect("a preview").after;
        let counted = after.a + after.b + after.c + after.d;
        assert_eq!(counted, 1, "no rule puts them anywhere");

        let request = verified(&app, &asks(RequestKind::Restrict)).await;
        desk::restrict(&app, &officer(), request.id, request.version, "争议期间不要使用").await.expect("carried out");
        let reachable: i64 = app.store.get("SELECT COUNT(*) FROM v_customers_contactable WHERE allowed", args![]).await.expect("a count");
        assert_eq!(reachable, 0, "whoever agreed is not written to while that holds");
    }

    async fn somebody_is_erased_and_nothing_is_left(store: TestStore) {
        let app = app(&store).await;
        let ids = two_people(&app).await;
        let taking = take_events(&app).await;
        let other = id_of(&app, &key(NodeKind::Email, "wang@example.invalid"));
        let mut plain = event("theirs", other, app.store.now());
        plain.properties = "{}".into();
        send(&app, vec![event("hers", id_of(&app, &mail()), app.store.now()), plain]).await;
        // A file that was made for her goes as well.
        let seen = verified(&app, &asks(RequestKind::Access)).await;
        desk::compile(&app, &officer(), seen.id, seen.version, "本人要求查阅").await.expect("compiled");
        let request = verified(&app, &asks(RequestKind::Erasure)).await;
        for value in [MAIL, "13800138000", STREET] {
            assert!(!places(&app, value).await.is_empty(), "{value} is there before");
        }
        // Held data stay.
        let held = hold::create(&app, &officer(), &hold::NewHold { profile_id: ids[0], reason: "诉讼期间须保留".into(), until: None }).await.expect("held");
        let refused = desk::erase(&app, &officer(), request.id, request.version, "本人要求删除").await.expect_err("held");
        assert_eq!(refused.code, "customers.privacy.legal_hold");
        hold::lift(&app, &officer(), held.id, held.version, "诉讼已经结束").await.expect("lifted");

        let going = desk::erase(&app, &officer(), request.id, request.version, "本人要求删除").await.expect("erased");
        assert_eq!(going.state, RequestState::Verified, "the proof is still to come");
        let done = desk::check(&app, &officer(), request.id).await.expect("checked");
        let result = done.result.clone().expect("a result");
        assert_eq!((done.state, &result["step"], &result["verification"]["hits"]), (RequestState::Done, &json!("verified"), &json!(0)), "{result}");
        assert!(result["verification"]["tables"].as_i64() > Some(60) && result["verification"]["events"] == json!(1), "{result}");
        assert_eq!(result["lake_events"], json!(1));
        assert_eq!(result["kept"][0], json!({ "what": "orders", "count": 1, "why": "statutory_retention" }));
        for value in [MAIL, "13800138000", STREET] {
            assert_eq!(places(&app, value).await, BTreeSet::new(), "{value}");
        }
        assert_eq!(app.store.get::<Option<String>>("SELECT name FROM profile WHERE id = $1", args![ids[0]]).await.expect("a row"), None);
        let kept = app.store.get::<i64>("SELECT COUNT(*) FROM v_sales_order WHERE customer_node_id = $1", args![id_of(&app, &mail())]).await;
        assert_eq!(kept.expect("orders"), 1, "the ledger stays, tied to nobody");
        let gone = desk::file(&app, &officer(), seen.id, "本人要求再看一次").await.expect_err("the file went");
        assert_eq!((gone.status, &*gone.code), (410, "customers.privacy.file_erased"));
        // Others are as they were.
        let left = profile::get(&app, &system(), ids[1]).await.expect("the other").profile;
        assert_eq!((left.name.as_deref(), left.email.as_deref()), (Some("王芳"), Some("wang@example.invalid")));
        // An old file does not bring her back, nor what it tells besides; a late event is not taken.
        let mut tx = app.store.begin(&system()).await.expect("a transaction");
        let row = vec![mail(), key(NodeKind::UserId, "account-77")];
        let found = resolve(&mut tx, &[row], "import/old", MatchRule::SameRecord).await.expect("resolved");
        assert_eq!(found, [Resolved::Erased]);
        tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
        tx.commit().await.expect("committed");
        assert_eq!(places(&app, "account-77").await, BTreeSet::new());
        send(&app, vec![event("late", id_of(&app, &mail()), app.store.now())]).await;
        let lake = app.part::<Lake>().expect("a lake");
        assert_eq!(lake.refused().await.expect("a count"), 1);
        let reachable: i64 = app.store.get("SELECT COUNT(*) FROM v_customers_contactable", args![]).await.expect("a count");
        assert_eq!(reachable, 0);

        // She comes back herself.
        let listed = erasure::list(&app, &officer(), &PageQuery::default()).await.expect("a list").items.remove(0);
        assert_eq!((listed.step, listed.nodes), (Step::Verified, 3));
        let wish = erasure::Readmit { reason: "本人重新入会".into(), proof: "入会合同 2026-118".into() };
        erasure::readmit(&app, &officer(), listed.id, listed.version, &wish).await.expect("readmitted");
        let mut tx = app.store.begin(&system()).await.expect("a transaction");
        let found = resolve(&mut tx, &[vec![mail()]], "till", MatchRule::SameRecord).await.expect("resolved");
        assert!(matches!(found[0], Resolved::Profile { id, .. } if id == ids[0]), "{found:?}");
        tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
        tx.commit().await.expect("committed");
        let back = profile::get(&app, &system(), ids[0]).await.expect("the person").profile;
        assert_eq!((back.email.as_deref(), back.name), (Some(MAIL), None), "the address, and nothing of before");
        let allowed: i64 = app.store.get("SELECT COUNT(*) FROM v_customers_contactable WHERE allowed", args![]).await.expect("a count");
        assert_eq!(allowed, 0, "what was agreed to before does not come back");
        taking.stop().await;
    }

    async fn what_is_found_elsewhere_is_said_and_needs_a_reason(store: TestStore) {
        let app = app(&store).await;
        two_people(&app).await;
        let taking = take_events(&app).await;
        let file = app.blobs.put(format!("邮箱\n{MAIL}\n").as_bytes()).await.expect("an old import");
        let request = verified(&app, &asks(RequestKind::Erasure)).await;
        desk::erase(&app, &officer(), request.id, request.version, "本人要求删除").await.expect("erased");
        let left = desk::check(&app, &officer(), request.id).await.expect("checked");
        let result = left.result.clone().expect("a result");
        assert_eq!((left.state, &result["step"]), (RequestState::Verified, &json!("hits_left")), "{result}");
        assert_eq!(result["verification"]["places"], json!([{ "place": format!("blobs/{file}"), "count": 1, "kept": false }]));
        app.blobs.remove(&file).await.expect("removed");
        let done = desk::check(&app, &officer(), request.id).await.expect("checked again");
        assert_eq!((done.state, &done.result.expect("a result")["step"]), (RequestState::Done, &json!("verified")));
        let nothing = desk::accept(&app, &officer(), request.id, done.version, "没有残留可说明").await.expect_err("nothing is left");
        assert_eq!(nothing.code, "customers.privacy.nothing_left");
        taking.stop().await;
    }

    async fn a_restored_backup_does_not_bring_anybody_back(store: TestStore) {
        let app = app(&store).await;
        let ids = two_people(&app).await;
        let taking = take_events(&app).await;
        let request = verified(&app, &asks(RequestKind::Erasure)).await;
        desk::erase(&app, &officer(), request.id, request.version, "本人要求删除").await.expect("erased");
        desk::check(&app, &officer(), request.id).await.expect("checked");
        taking.stop().await;
        let list = std::fs::read_to_string(store.dir().join("backups/erasures.jsonl")).expect("the list beside the backups");
        assert!(list.contains(&id_of(&app, &mail()).to_string()) && !list.contains(MAIL), "digests, and nothing else: {list}");
        assert_eq!(erasure::apply(&app).await.expect("nothing to do"), 0);

        // A database of before, in which she still is, obeys the list.
        let older = match app.store.dialect() {
            store::Dialect::Sqlite => TestStore::sqlite_with(MIGRATIONS).await,
            store::Dialect::Postgres => TestStore::postgres_with(MIGRATIONS).await,
        };
        share_secrets(&store, &older).await;
        let before = crate::support::app(&older).await;
        let again = two_people(&before).await;
        assert_eq!(again, ids);
        std::fs::write(older.dir().join("erasures.jsonl"), &list).expect("the list comes along");
        assert_eq!(erasure::apply(&before).await.expect("applied"), 1);
        for value in [MAIL, "13800138000", STREET] {
            assert_eq!(places(&before, value).await, BTreeSet::new(), "{value}");
        }
        assert_eq!(erasure::apply(&before).await.expect("nothing more"), 0);
        let left = profile::get(&before, &system(), ids[1]).await.expect("the other").profile;
        assert_eq!(left.name.as_deref(), Some("王芳"));

        // One of before she came: an old import does not bring her in either.
        let empty = match app.store.dialect() {
            store::Dialect::Sqlite => TestStore::sqlite_with(MIGRATIONS).await,
            store::Dialect::Postgres => TestStore::postgres_with(MIGRATIONS).await,
        };
        share_secrets(&store, &empty).await;
        let first = crate::support::app(&empty).await;
        std::fs::write(empty.dir().join("erasures.jsonl"), &list).expect("the list comes along");
        assert_eq!(erasure::apply(&first).await.expect("applied"), 1);
        let mut tx = first.store.begin(&system()).await.expect("a transaction");
        let found = resolve(&mut tx, &[vec![mail()]], "import/old", MatchRule::SameRecord).await.expect("resolved");
        assert_eq!(found, [Resolved::Erased]);
    }
}
