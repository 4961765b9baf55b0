//! A small company around the crate: other domains as tables and ports of the tests.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use blob::Blobs;
use http_kit::{App, AppState, ConsentChange, ConsentPort, Settings, read_texts, render_problems};
use kernel::ports::{
    Audience, AudiencePort, MailOutcome, MailPort, OutgoingMail, Port, Ports, ReleasePort, ReleaseUse,
    Released, ReleasedVariant,
};
use kernel::{
    Actor, Caller, Currency, Grant, GrantScope, Id, Label, Language, LocalText, Problem, Result, TextBook,
    Timestamp,
};
use rulebook::Rulebook;
use rulebook::pack::Folder;
use serde_json::{Value as Json, json};
use store::testing::TestStore;
use store::{Migration, Registry, Runner, Tx, args};
use tokio::sync::Notify;
use tower::ServiceExt;

pub const MIGRATIONS: &[Migration] = store::migrations![
    tabular::MIGRATIONS,
    rulebook::MIGRATIONS,
    &[Migration { id: "test/0001_neighbours", sql: NEIGHBOURS }],
    crate::MIGRATIONS,
];

/// What the neighbours publish, as tables that a test fills.
const NEIGHBOURS: &str = "
    CREATE TABLE v_customers_address (id TEXT PRIMARY KEY, kind TEXT, address TEXT);
    CREATE TABLE v_customers_profile (id TEXT PRIMARY KEY, name TEXT, given_name TEXT, city TEXT, tier TEXT, time_zone TEXT);
    CREATE TABLE v_customers_profile_node (node_id TEXT PRIMARY KEY, profile_id TEXT NOT NULL);
    CREATE TABLE v_brand_release (id TEXT PRIMARY KEY, allowed BOOLEAN, hash_matches BOOLEAN, approval_id TEXT);
    CREATE TABLE v_brand_approval (id TEXT PRIMARY KEY, voided_at BIGINT);
    CREATE TABLE v_customers_consent (node_id TEXT, brand_id TEXT, purpose TEXT, channel TEXT, state TEXT, happened_at BIGINT,
        PRIMARY KEY (node_id, brand_id, purpose, channel));
    CREATE VIEW v_customers_answer AS SELECT * FROM v_customers_consent;
    CREATE TABLE v_customers_suppression (node_id TEXT, channel TEXT, reason TEXT, lifted_at BIGINT);
    CREATE TABLE v_customers_audience_member (audience_id TEXT, profile_id TEXT, node_id TEXT, language TEXT);
    CREATE TABLE v_identity_user_address (id TEXT PRIMARY KEY, email TEXT, name TEXT);
    CREATE TABLE v_sales_order (id TEXT PRIMARY KEY, customer_node_id TEXT, happened_at BIGINT, total_minor BIGINT,
        currency TEXT, kind TEXT);
    CREATE TABLE consent_proof (node_id TEXT, brand_id TEXT, purpose TEXT, state TEXT, shown TEXT, source TEXT);
";

const PARAMETERS: &str = "
- {key: contact.email.cap_per_7_days, kind: integer, default: 2, title: {en: Cap}}
- {key: contact.cap_per_brand, kind: boolean, default: false, title: {en: Per brand}}
- {key: contact.quiet_hours, kind: time_range, default: '21:00-09:00', title: {en: Quiet}}
- {key: campaign.links_required, kind: boolean, default: false, title: {en: Links}}
- {key: attribution.window_days, kind: days, default: 7, title: {en: Window}}
";

/// Address of the public origin.
pub const ORIGIN: &str = "https://mail.brand.invalid";

/// A mail server that answers by what stands in the address.
#[derive(Debug, Default)]
pub struct Mails {
    taken: Mutex<Vec<OutgoingMail>>,
    /// Rung when a message hangs on the wire.
    pub hangs: Notify,
    /// Most messages a minute; nothing: as many as come.
    pub rate: Mutex<Option<i64>>,
}

impl Mails {
    /// Returns everything that reached the wire, tests aside.
    pub fn all(&self) -> Vec<OutgoingMail> {
        let taken = self.taken.lock().expect("no test panicked");
        taken.iter().filter(|mail| !mail.message_id.starts_with("test-")).cloned().collect()
    }

    /// Returns the messages to one address.
    pub fn to(&self, address: &str) -> Vec<OutgoingMail> {
        self.all().into_iter().filter(|mail| mail.to == address).collect()
    }

    /// Fails where a message stood on the wire twice, unless its server had asked for another try.
    pub fn assert_none_twice(&self) {
        let mut seen = BTreeSet::new();
        for mail in self.all().iter().filter(|mail| !mail.to.contains("later")) {
            assert!(seen.insert(mail.message_id.clone()), "{} went to the wire twice", mail.to);
        }
    }
}

#[async_trait]
impl MailPort for Mails {
    async fn send(&self, mail: &OutgoingMail) -> MailOutcome {
        self.taken.lock().expect("no test panicked").push(mail.clone());
        match mail.to.split('@').next().unwrap_or_default() {
            name if name.contains("hang") => {
                self.hangs.notify_one();
                std::future::pending().await
            }
            name if name.contains("gone") => refused(true, "550 5.1.1 no such user"),
            name if name.contains("spam") => refused(true, "554 5.7.1 rejected"),
            name if name.contains("later") => refused(false, "451 4.7.1 later"),
            name if name.contains("broken") => MailOutcome::Unknown { reason: "reset".into() },
            _ => MailOutcome::Accepted { reply: "250 queued".into() },
        }
    }

    fn rate_per_minute(&self) -> Option<i64> {
        *self.rate.lock().expect("no test panicked")
    }
}

fn refused(permanent: bool, reply: &str) -> MailOutcome {
    MailOutcome::Refused { permanent, reply: reply.into() }
}

/// Content of one brand that was approved; the approval can be voided.
#[derive(Debug)]
pub struct Content {
    pub brand: Id,
    pub release: Id,
    pub is_void: AtomicBool,
}

#[async_trait]
impl ReleasePort for Content {
    async fn release(&self, _: &Caller, content_id: Id, _: &str, _: ReleaseUse) -> Result<Released> {
        if self.is_void.load(Ordering::SeqCst) {
            return Err(Problem::conflict("test.approval_void"));
        }
        let html = "{% autoescape 'html' %}<html><body><p>{{ customer.name }}</p>\
            <a href=\"https://shop.invalid/a?x=1&amp;y=2\">A</a><a href=\"https://shop.invalid/b\">B</a>\
            <a href=\"{{ unsubscribe_url }}\">U</a></body></html>{% endautoescape %}";
        let variant = |language, subject: &str| ReleasedVariant {
            language,
            subject: subject.into(),
            sender_name: "鲜禾".into(),
            sender_address: "news@brand.invalid".into(),
            html: html.into(),
            text: "{{ customer.first_name }} {{ unsubscribe_url }}".into(),
        };
        Ok(Released {
            release_id: self.release,
            content_id,
            version_id: Id::new(),
            closure_hash: String::new(),
            brand_id: self.brand,
            brand_name: LocalText { zh_hans: "鲜禾".into(), zh_hant: "鮮禾".into(), en: "Fresh".into() },
            variants: vec![variant(Language::ZhHans, "你好"), variant(Language::En, "Hello")],
        })
    }

    async fn open(&self, _: Id) -> Result<Released> {
        let usage = ReleaseUse { kind: "test", used_by: self.release };
        self.release(&Caller::system("test"), Id::new(), "", usage).await
    }
}

/// Every segment is the same audience.
#[derive(Debug)]
struct Everybody(Id);

#[async_trait]
impl AudiencePort for Everybody {
    async fn freeze(&self, _: &Caller, _: Id, _: Id) -> Result<Audience> {
        Ok(Audience { id: self.0, count: 0, watermark: Timestamp::from_ms(0) })
    }
}

#[derive(Debug)]
struct Consents;

#[async_trait]
impl ConsentPort for Consents {
    async fn change(&self, tx: &mut Tx, change: &ConsentChange) -> Result<()> {
        let state = if change.granted { "granted" } else { "withdrawn" };
        let row = args![change.node_id, change.brand_id, &change.purpose, &change.channel, state];
        let upsert = "INSERT INTO v_customers_consent (node_id, brand_id, purpose, channel, state)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (node_id, brand_id, purpose, channel) DO UPDATE SET state = excluded.state";
        tx.exec_one(upsert, row).await?;
        let proof = args![
            change.node_id,
            change.brand_id,
            &change.purpose,
            state,
            &change.shown_text,
            &change.source
        ];
        let keep = "INSERT INTO consent_proof (node_id, brand_id, purpose, state, shown, source)
            VALUES ($1, $2, $3, $4, $5, $6)";
        tx.exec_one(keep, proof).await
    }

    async fn suppress(&self, tx: &mut Tx, node_id: Id, channel: &str, reason: &str, _: &str) -> Result<()> {
        let insert = "INSERT INTO v_customers_suppression (node_id, channel, reason) VALUES ($1, $2, $3)";
        tx.exec_one(insert, args![node_id, channel, reason]).await
    }
}

/// The company of one test.
pub struct World {
    pub store: TestStore,
    pub app: AppState,
    pub mails: Arc<Mails>,
    pub content: Arc<Content>,
    pub brand: Id,
    pub user: Id,
    audience: Id,
}

/// A person with one contact point.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub profile: Id,
    pub node: Id,
}

impl World {
    pub async fn new(store: TestStore) -> Self {
        let (brand, user, audience) = (Id::new(), Id::new(), Id::new());
        let content = Arc::new(Content { brand, release: Id::new(), is_void: AtomicBool::new(false) });
        let mails = Arc::new(Mails::default());
        let app = app(&store, &mails, &content, audience).await;
        rulebook::publish(&app).await.expect("the packs are published");
        let address = format!(
            "INSERT INTO v_identity_user_address (id, email, name) VALUES ('{user}', 'me@co.invalid', 'Me')"
        );
        store.tamper(&address).await;
        Self { store, app, mails, content, brand, user, audience }
    }

    /// Opens the same database as another node does.
    pub async fn node(&self) -> AppState {
        app(&self.store, &self.mails, &self.content, self.audience).await
    }

    /// Adds somebody to the audience who agreed to everything.
    pub async fn person(&self, address: &str) -> Person {
        self.person_in(address, "Asia/Shanghai", "zh-Hans").await
    }

    pub async fn person_in(&self, address: &str, zone: &str, language: &str) -> Person {
        let person = Person { profile: Id::new(), node: Id::new() };
        let Person { profile, node } = person;
        let (audience, brand) = (self.audience, self.brand);
        self.sql(&format!(
            "INSERT INTO v_customers_profile (id, name, given_name, city, tier, time_zone)
                VALUES ('{profile}', '王<b>', '王', '杭州', 'A', '{zone}');
             INSERT INTO v_customers_address (id, kind, address) VALUES ('{node}', 'email', '{address}');
             INSERT INTO v_customers_profile_node (node_id, profile_id) VALUES ('{node}', '{profile}');
             INSERT INTO v_customers_consent (node_id, brand_id, purpose, channel, state)
                VALUES ('{node}', '{brand}', 'marketing', 'email', 'granted');
             INSERT INTO v_customers_audience_member (audience_id, profile_id, node_id, language)
                VALUES ('{audience}', '{profile}', '{node}', '{language}');"
        ))
        .await;
        person
    }

    pub async fn sql(&self, sql: &str) {
        self.store.tamper(sql).await;
    }

    /// Does everything that is due.
    pub async fn work(&self) {
        work(&self.app).await;
    }

    pub fn advance_minutes(&self, minutes: i64) {
        self.store.clock.advance_ms(minutes * 60_000);
    }

    /// Calls an operation as a member of staff who may do everything.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        version: Option<i64>,
        body: Option<Json>,
    ) -> (StatusCode, Json) {
        let mut request = Request::builder().method(method).uri(format!("/api/v1/campaigns{path}"));
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body).expect("a request");
        let routes: Router<AppState> = crate::module().routes.split().0;
        let (status, _, text) = answer(routes, &self.app, self.caller(), request).await;
        (status, serde_json::from_str(&text).unwrap_or(Json::Null))
    }

    pub async fn get(&self, path: &str) -> Json {
        let (status, body) = self.call(Method::GET, path, None, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// Does something to a campaign as it stands now and returns it.
    pub async fn act(&self, campaign: Id, verb: &str, body: Option<Json>) -> Json {
        let (status, body) = self.try_act(campaign, verb, body).await;
        assert!(status.is_success(), "{verb}: {status} {body}");
        body
    }

    pub async fn try_act(&self, campaign: Id, verb: &str, body: Option<Json>) -> (StatusCode, Json) {
        let version = self.get(&format!("/campaigns/{campaign}")).await["version"].as_i64();
        self.call(Method::POST, &format!("/campaigns/{campaign}/{verb}"), version, body).await
    }

    /// Calls the public origin as a receiver's program does.
    pub async fn visit(
        &self,
        method: Method,
        url: &str,
        agent: &str,
        body: &str,
    ) -> (StatusCode, HeaderMap, String) {
        let path = url.strip_prefix(ORIGIN).unwrap_or(url);
        let request = Request::builder().method(method).uri(path).header(header::USER_AGENT, agent);
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        answer(crate::module().public, &self.app, Caller::anonymous(Language::En, "r".into()), request).await
    }

    /// Makes a complete campaign that was tested.
    pub async fn ready(&self, more: Json) -> Id {
        let now = self.store.now();
        let mut input = json!({
            "brand_id": self.brand, "name": "冬日火锅节", "goal_metric": "orders", "goal_target": 4,
            "period_from": now, "period_to": now.plus_days(30), "segment_id": Id::new(), "content_id": Id::new(),
            "approval": "token",
        });
        for (name, value) in more.as_object().expect("fields") {
            input[name] = value.clone();
        }
        let body = json!({ "department_id": null, "campaign": input });
        let (status, made) = self.call(Method::POST, "/campaigns", None, Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let id: Id = made["id"].as_str().expect("an id").parse().expect("an id");
        self.act(id, "prepare", None).await;
        self.act(id, "test", None).await;
        id
    }

    /// Launches a campaign; its messages are sent by the next [`Self::work`].
    pub async fn launched(&self, more: Json) -> Id {
        let id = self.ready(more).await;
        self.act(id, "launch", None).await;
        id
    }

    /// Returns the rows of a campaign's ledger by address.
    pub async fn ledger(&self, campaign: Id) -> std::collections::BTreeMap<String, Json> {
        let page = self.get(&format!("/campaigns/{campaign}/sends?page_size=200")).await;
        let rows = page["items"].as_array().expect("rows").iter();
        rows.map(|row| (row["address"].as_str().unwrap_or_default().to_owned(), row.clone())).collect()
    }

    pub async fn state(&self, campaign: Id, address: &str) -> String {
        self.ledger(campaign).await[address]["state"].as_str().expect("a state").to_owned()
    }

    fn caller(&self) -> Caller {
        let permissions: BTreeSet<String> =
            self.app.permissions.all().iter().map(|p| p.code.to_owned()).collect();
        let mut caller = Caller::anonymous(Language::En, "test".into());
        caller.actor = Actor::User { id: self.user, name: "Me".into(), by_token: false };
        caller.grants = Arc::new([Grant { permissions: Arc::new(permissions), scope: GrantScope::Company }]);
        caller.clearance = Label::Personal;
        caller
    }
}

/// Does everything that is due, as a worker of `app`'s node.
pub async fn work(app: &AppState) {
    let mut registry = Registry::new();
    (crate::module().jobs)(&mut registry);
    Runner::new(app.store.clone(), app.clone(), registry, 1).drain().await.expect("the database answers");
}

async fn answer(
    router: Router<AppState>,
    app: &AppState,
    caller: Caller,
    request: Request<Body>,
) -> (StatusCode, HeaderMap, String) {
    let router = router
        .layer(axum::middleware::from_fn_with_state(app.clone(), render_problems))
        .layer(axum::Extension(caller))
        .with_state(app.clone());
    let response = router.oneshot(request).await.expect("a router always answers");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 4_000_000).await.expect("a body");
    (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
}

async fn app(store: &TestStore, mails: &Arc<Mails>, content: &Arc<Content>, audience: Id) -> AppState {
    let mut texts = TextBook::default();
    for (name, yaml) in [("rulebook", rulebook::TEXTS), ("campaigns", crate::module().texts)] {
        texts.extend(read_texts(name, yaml).expect("texts are complete")).expect("codes are unique");
    }
    let permissions = crate::module().routes.permissions();
    let manifest = "id: test\nversion: 1.0.0\ndefault_language: en\ntexts: {title: {en: Test}}\n";
    let files = [
        ("pack.yaml", manifest),
        ("parameters.yaml", PARAMETERS),
        ("machines/campaign.yaml", include_str!("../../../../packs/core/machines/campaign.yaml")),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    let folder = Folder { name: "test".to_owned(), files };
    let book = Rulebook::from_folders(vec![folder], &[], &permissions)
        .unwrap_or_else(|faults| panic!("{faults:#?}"));
    let mut parts = axum::http::Extensions::new();
    parts.insert(book);
    let app = App {
        store: store.reopen().await,
        blobs: Blobs::open(&store.dir().join("blobs")).await.expect("a directory"),
        secrets: store.secrets().await,
        ports: Ports::default(),
        texts,
        permissions: permissions.into(),
        views: Vec::new().into(),
        nodes: Port::named("nodes"),
        consents: Port::named("consents"),
        people: Port::named("people"),
        money: Port::named("money"),
        parts,
        settings: Settings {
            data_dir: store.dir().to_owned(),
            admin_url: "http://127.0.0.1:8080".into(),
            public_url: Some(ORIGIN.to_owned()),
            sample: false,
            reply_to: None,
            time_zone: jiff::tz::TimeZone::get("Asia/Shanghai").expect("known"),
            currency: Currency::try_from("CNY".to_owned()).expect("a currency"),
        },
    };
    app.ports.mail.connect(mails.clone());
    app.ports.release.connect(content.clone());
    app.ports.audience.connect(Arc::new(Everybody(audience)));
    app.consents.connect(Arc::new(Consents));
    Arc::new(app)
}
