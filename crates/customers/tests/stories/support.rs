//! A product that has this domain and, in place of orders and products, tables with their views.

use std::collections::BTreeSet;
use std::sync::Arc;

use customers::node::{Key, NodeKind};
use http_kit::{App, Settings};
use kernel::ports::{Port, Ports};
use kernel::{
    Actor, Caller, Column, ColumnKind, Currency, Grant, GrantScope, Id, Label, Language, Permission,
    TextBook, Timestamp, View,
};
use rulebook::Rulebook;
use rulebook::pack::Folder;
use store::testing::TestStore;
use store::{Audit, Migration, args};

/// Stands in for the views that other domains publish.
const OTHERS: &str = "
CREATE TABLE test_order (id TEXT PRIMARY KEY, customer_node_id TEXT, happened_at BIGINT NOT NULL,
    total_minor BIGINT NOT NULL, currency TEXT NOT NULL, source TEXT NOT NULL, brand_id TEXT, kind TEXT NOT NULL);
CREATE INDEX test_order_customer ON test_order (customer_node_id, happened_at);
CREATE TABLE test_order_line (order_id TEXT NOT NULL, ordinal BIGINT NOT NULL, customer_node_id TEXT,
    product_id TEXT, happened_at BIGINT NOT NULL, total_minor BIGINT NOT NULL, department TEXT, brand_id TEXT, kind TEXT NOT NULL,
    PRIMARY KEY (order_id, ordinal));
CREATE INDEX test_order_line_department ON test_order_line (department, happened_at, customer_node_id);
CREATE INDEX test_order_line_customer ON test_order_line (customer_node_id, department, happened_at);
CREATE TABLE test_product (id TEXT PRIMARY KEY, category TEXT NOT NULL, name TEXT NOT NULL,
    search_text TEXT, department TEXT, product_type TEXT, state TEXT NOT NULL DEFAULT 'active');
CREATE VIEW v_sales_order AS SELECT * FROM test_order;
CREATE TABLE v_identity_user_address (id TEXT PRIMARY KEY, email TEXT, name TEXT);
CREATE VIEW v_sales_order_line AS SELECT * FROM test_order_line;
CREATE VIEW v_catalog_product AS SELECT * FROM test_product;
";

/// Policy parameters that this domain reads.
const PARAMETERS: &str = "
- {key: identity.match_auto, kind: percent, default: 99.9, title: {en: Auto}}
- {key: customer.confirm_months, kind: integer, default: 24, title: {en: Months}}
- {key: identity.match_review, kind: percent, default: 50, title: {en: Review}}
- {key: score.window_days, kind: days, default: 1095, title: {en: Window}}
- {key: score.horizon_days, kind: days, default: 90, title: {en: Horizon}}
- {key: score.discount, kind: percent, default: 10, title: {en: Discount}}
- {key: insight.answer_days, kind: days, default: 14, title: {en: Days}}
- {key: insight.adopt_days, kind: days, default: 60, title: {en: Days}}
- {key: insight.lost_days, kind: days, default: 180, title: {en: Days}}
- {key: need.period_days, kind: days, default: 28, title: {en: Days}}
- {key: need.basket_days, kind: days, default: 90, title: {en: Days}}
- {key: need.people_min, kind: integer, default: 3, title: {en: People}}
- {key: insight_report.day, kind: integer, default: 1, title: {en: Day}}
- {key: insight_report.answer_days, kind: days, default: 10, title: {en: Days}}
- {key: insight_report.departments, kind: text, default: \"market, nowhere\", title: {en: Departments}}
- {key: privacy.pipl_days, kind: integer, default: 15, title: {en: Days}}
- {key: privacy.gdpr_days, kind: integer, default: 30, title: {en: Days}}
- {key: privacy.due_soon_days, kind: integer, default: 3, title: {en: Days}}
- {key: privacy.leak_hours, kind: integer, default: 72, title: {en: Hours}}
- {key: privacy.watch_times, kind: integer, default: 5, title: {en: Times}}
- {key: privacy.watch_rows, kind: integer, default: 5000, title: {en: Rows}}
- {key: privacy.watch_exports, kind: integer, default: 20, title: {en: Exports}}
- {key: privacy.watch_unmasks, kind: integer, default: 50, title: {en: Unmasks}}
";

pub const MIGRATIONS: &[Migration] = store::migrations![
    rulebook::MIGRATIONS,
    &[customers::MIGRATIONS[0], tabular::MIGRATIONS[0], Migration { id: "test/0001_others", sql: OTHERS }],
    // The views of sources read what others publish.
    lake_engine::MIGRATIONS,
    &[
        customers::MIGRATIONS[1],
        customers::MIGRATIONS[2],
        customers::MIGRATIONS[3],
        customers::MIGRATIONS[4],
        customers::MIGRATIONS[5],
        customers::MIGRATIONS[6],
        customers::MIGRATIONS[7],
        customers::MIGRATIONS[8],
        customers::MIGRATIONS[9],
        customers::MIGRATIONS[10],
    ]
];

const ORDER_VIEW: View = View {
    name: "v_sales_order",
    columns: &[Column::new("id", ColumnKind::Text)],
    at: "happened_at",
    permission: "sales.order.read",
    link: "/orders/{id}",
};

/// Puts the product together over a test's database.
pub async fn app(store: &TestStore) -> Arc<App> {
    let module = customers::module();
    let manifest = "id: test\nversion: 1.0.0\ndefault_language: en\ntexts: {title: {en: Test}}\n";
    let files = [("pack.yaml", manifest), ("parameters.yaml", PARAMETERS)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    let folder = Folder { name: "test".to_owned(), files };
    let book = Rulebook::from_folders(vec![folder], &[], &module.routes.permissions()).expect("a sound pack");
    let mut parts = axum::http::Extensions::new();
    parts.insert(book);
    let settings = lake_engine::Settings::new(&store.dir().join("lake"), 3_600);
    let engine = Arc::new(lake_engine::Engine::new((**store).clone(), settings));
    parts.insert(lake::Lake(engine.clone()));
    parts.insert(engine);
    let lists = vec![store.dir().join("erasures.jsonl"), store.dir().join("backups/erasures.jsonl")];
    parts.insert(customers::privacy::erasure::ErasureLists(lists));
    parts.insert(tabular::Targets::new(vec![Arc::new(customers::import::CustomerTarget)]));
    let app = Arc::new(App {
        store: (**store).clone(),
        blobs: blob::Blobs::open(&store.dir().join("blobs")).await.expect("a directory"),
        secrets: store.secrets().await,
        ports: Ports::default(),
        texts: TextBook::default(),
        permissions: module.routes.permissions().into(),
        views: module.views.iter().copied().chain([ORDER_VIEW]).collect::<Vec<_>>().into(),
        nodes: Port::named("nodes"),
        consents: Port::named("consents"),
        people: Port::named("people"),
        money: Port::named("money"),
        parts,
        settings: Settings {
            data_dir: store.dir().to_owned(),
            admin_url: "http://127.0.0.1:8080".into(),
            public_url: None,
            sample: true,
            reply_to: None,
            time_zone: jiff::tz::TimeZone::get("Asia/Shanghai").expect("a known zone"),
            currency: Currency::try_from("CNY".to_owned()).expect("a currency"),
        },
    });
    customers::connect(&app);
    rulebook::publish(&app).await.expect("the pack is published");
    app
}

/// The product itself: may do everything.
pub fn system() -> Caller {
    Caller::system("test")
}

/// A user with these permissions in this scope, cleared up to `clearance`.
pub fn user(permissions: &[Permission], scope: GrantScope, clearance: Label) -> Caller {
    let codes: BTreeSet<String> = permissions.iter().map(|permission| permission.code.to_owned()).collect();
    let mut caller = Caller::anonymous(Language::En, "request".into());
    caller.actor = Actor::User { id: Id::new(), name: "林晓".into(), by_token: false };
    caller.grants = [Grant { permissions: Arc::new(codes), scope }].into();
    caller.clearance = clearance;
    caller
}

pub fn key(kind: NodeKind, text: &str) -> Key {
    Key::new(kind, text).expect("a sound identifier")
}

/// Gives a database the secrets of another, as a backup of an earlier day has them.
pub async fn share_secrets(from: &TestStore, to: &TestStore) {
    #[derive(serde::Deserialize)]
    struct Secret {
        name: String,
        sealed: Vec<u8>,
    }
    let all = "SELECT name, sealed FROM installation_secret ORDER BY name";
    let secrets: Vec<Secret> = from.all(all, args![]).await.expect("secrets");
    let mut tx = to.begin_observation(store::Observation::Upkeep).await.expect("a transaction");
    for secret in secrets {
        let insert = "INSERT INTO installation_secret (name, sealed, created_at) VALUES ($1, $2, 0)";
        tx.exec(insert, args![secret.name, secret.sealed]).await.expect("written");
    }
    tx.commit().await.expect("committed");
    std::fs::copy(from.dir().join("master.key"), to.dir().join("master.key")).expect("the key file");
}

/// Returns the id under which an identifier is kept.
pub fn id_of(app: &App, key: &Key) -> Id {
    key.id(&customers::node::digest(app.store.vault()).expect("the vault is open"))
}

pub fn member(number: u32) -> Key {
    key(NodeKind::MemberNumber, &number.to_string())
}

/// An order of one line.
pub struct Order<'a> {
    pub customer: Id,
    pub at: Timestamp,
    pub total_minor: i64,
    pub department: &'a str,
    pub product: Id,
    pub brand: Option<Id>,
    pub kind: &'a str,
}

impl Order<'_> {
    /// An order of whoever has a card, whose id follows from its number alone.
    pub fn of(customer: &Key, at: Timestamp, total_minor: i64) -> Self {
        assert_eq!(customer.kind, NodeKind::MemberNumber, "the id of others is keyed");
        let product = Id::from_digest(*b"a single product");
        Self {
            customer: customer.older_id(),
            at,
            total_minor,
            department: "PRODUCE",
            product,
            brand: None,
            kind: "sale",
        }
    }
}

/// Stores orders as the sales domain would.
pub async fn store_orders(app: &App, orders: &[Order<'_>]) {
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for order in orders {
        let id = Id::new();
        rows.push(args![id, order.customer, order.at, order.total_minor, "CNY", "till", order.kind]);
        let Order { customer, at, total_minor, department, product, brand, kind } = *order;
        lines.push(args![id, 1_i64, customer, product, at, total_minor, department, brand, kind]);
    }
    let head = "INSERT INTO test_order (id, customer_node_id, happened_at, total_minor, currency, source, kind) VALUES";
    tx.insert_many(head, rows, "").await.expect("orders");
    let head = "INSERT INTO test_order_line
        (order_id, ordinal, customer_node_id, product_id, happened_at, total_minor, department, brand_id, kind) VALUES";
    tx.insert_many(head, lines, "").await.expect("lines");
    tx.audit(Audit::without_row("import", "sales.order")).await.expect("an audit row");
    tx.commit().await.expect("committed");
}

/// Makes people of one record each; returns their profiles in order.
pub async fn people(app: &App, records: &[Vec<Key>]) -> Vec<Id> {
    use customers::node::{MatchRule, Resolved, resolve};
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    let resolved = resolve(&mut tx, records, "test", MatchRule::SameRecord).await.expect("resolved");
    tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
    tx.commit().await.expect("committed");
    let profile = |found: &Resolved| match found {
        Resolved::Profile { id, .. } => *id,
        other => panic!("nobody in particular: {other:?}"),
    };
    resolved.iter().map(profile).collect()
}
