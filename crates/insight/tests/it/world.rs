//! A product with this domain and the lake; in place of customers and sales, tables with the columns of their views.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::Request;
use axum::middleware::from_fn_with_state;
use http_kit::{App, AppState, Settings};
use kernel::ColumnKind::{Boolean, Integer, Text, Time};
use kernel::ports::{Port, Ports};
use kernel::{
    Actor, Caller, Column, Currency, Grant, GrantScope, Id, Label, Language, Permission, TextBook, View,
};
use lake_engine::Engine;
use serde_json::{Value as Json, json};
use store::testing::{START, TestStore};
use store::{Migration, Observation, args};
use tower::ServiceExt;

const OTHERS: &str = "
CREATE TABLE v_customers_profile_node (id TEXT PRIMARY KEY, node_id TEXT NOT NULL, profile_id TEXT NOT NULL, kind TEXT NOT NULL, since BIGINT NOT NULL);
CREATE TABLE v_customers_profile (id TEXT PRIMARY KEY, name TEXT, given_name TEXT, city TEXT, district TEXT, language TEXT,
    time_zone TEXT, tier TEXT, tier_since BIGINT, age_band TEXT, income_band TEXT, household_size BIGINT, children BIGINT,
    homeowner BOOLEAN, married BOOLEAN, source TEXT NOT NULL, brand_id TEXT, department_id TEXT, owner_id TEXT,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);
CREATE TABLE v_customers_consent (id TEXT PRIMARY KEY, profile_id TEXT, node_id TEXT NOT NULL, brand_id TEXT, purpose TEXT NOT NULL,
    channel TEXT NOT NULL, state TEXT NOT NULL, event_id TEXT, happened_at BIGINT NOT NULL);
CREATE TABLE v_sales_order (id TEXT PRIMARY KEY, customer_node_id TEXT, happened_at BIGINT NOT NULL, total_minor BIGINT NOT NULL,
    currency TEXT NOT NULL, source TEXT NOT NULL, number TEXT NOT NULL, brand_id TEXT, kind TEXT NOT NULL, store TEXT,
    line_count BIGINT NOT NULL, discount_minor BIGINT NOT NULL, coupon_discount_minor BIGINT NOT NULL, recorded_at BIGINT NOT NULL);
CREATE TABLE v_sales_order_line (order_id TEXT NOT NULL, ordinal BIGINT NOT NULL, kind TEXT NOT NULL, customer_node_id TEXT,
    brand_id TEXT, product_id TEXT, sku TEXT, department TEXT, happened_at BIGINT NOT NULL, quantity_milli BIGINT NOT NULL,
    unit_price_micro BIGINT NOT NULL, discount_minor BIGINT NOT NULL, coupon_discount_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL, PRIMARY KEY (order_id, ordinal));
";

pub const MIGRATIONS: &[Migration] = store::migrations![
    lake_engine::MIGRATIONS,
    insight::MIGRATIONS,
    &[Migration { id: "test/0001_others", sql: OTHERS }],
];

const fn view(name: &'static str, permission: &'static str, columns: &'static [Column]) -> View {
    View { name, columns, at: "happened_at", permission, link: "/{id}" }
}

macro_rules! columns {
    ($($kind:ident: $($name:literal)+;)+) => { &[$($(Column::new($name, $kind)),+),+] };
}

const VIEWS: &[View] = &[
    view(
        "v_customers_profile_node",
        "customers.profile.read",
        columns! { Text: "id" "node_id" "profile_id" "kind"; Time: "since"; },
    ),
    view(
        "v_customers_profile",
        "customers.profile.read",
        columns! {
            Text: "id" "name" "given_name" "city" "district" "language" "time_zone" "tier" "age_band" "income_band" "source"
                "brand_id" "department_id" "owner_id";
            Integer: "household_size" "children";
            Boolean: "homeowner" "married";
            Time: "tier_since" "created_at" "updated_at";
        },
    ),
    view(
        "v_customers_consent",
        "customers.profile.read",
        columns! { Text: "id" "profile_id" "node_id" "brand_id" "purpose" "channel" "state" "event_id"; Time: "happened_at"; },
    ),
    view(
        "v_sales_order",
        "sales.order.read",
        columns! {
            Text: "id" "customer_node_id" "currency" "source" "number" "brand_id" "kind" "store";
            Integer: "total_minor" "line_count" "discount_minor" "coupon_discount_minor";
            Time: "happened_at" "recorded_at";
        },
    ),
    view(
        "v_sales_order_line",
        "sales.order.read",
        columns! {
            Text: "id" "order_id" "kind" "customer_node_id" "brand_id" "product_id" "sku" "department";
            Integer: "ordinal" "quantity_milli" "unit_price_micro" "discount_minor" "coupon_discount_minor" "total_minor";
            Time: "happened_at";
        },
    ),
];

const PERMISSIONS: &[Permission] = &[
    Permission::scoped("customers.profile.read"),
    Permission::company("customers.event.query"),
    Permission { code: "sales.order.read", scoped_by: &[kernel::Dimension::Brand] },
];

/// Everything that asking may take.
pub const ALL: &[&str] = &[
    "insight.query.read",
    "insight.query.run",
    "insight.query.manage",
    "tabular.export.run",
    "customers.profile.read",
    "customers.event.query",
    "sales.order.read",
];

pub struct World {
    pub app: AppState,
    pub store: TestStore,
}

/// What a request was answered with.
pub struct Answer {
    pub status: u16,
    pub body: Bytes,
    pub json: Json,
}

impl Answer {
    #[track_caller]
    pub fn done(self) -> Json {
        assert!(self.status < 300, "{}: {}", self.status, self.json);
        self.json
    }

    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, &self.json["code"]), (status, &json!(code)), "{}", self.json);
    }
}

/// Somebody with permissions within a scope.
pub fn user(codes: &[&str], scope: GrantScope, clearance: Label) -> Caller {
    let mut caller = Caller::anonymous(Language::En, "request".into());
    caller.actor = Actor::User { id: Id::new(), name: "林晓".into(), by_token: false };
    let permissions = Arc::new(codes.iter().map(|code| (*code).to_owned()).collect());
    caller.grants = [Grant { permissions, scope }].into();
    caller.clearance = clearance;
    caller
}

pub fn analyst() -> Caller {
    user(ALL, GrantScope::Company, Label::Personal)
}

pub fn id(number: u8) -> Id {
    Id::from_digest([number; 16])
}

impl World {
    pub async fn new(store: TestStore) -> Self {
        let mut texts = TextBook::default();
        let own = http_kit::read_texts("insight", insight::module().texts).expect("complete texts");
        texts.extend(own).expect("once each");
        let settings = lake_engine::Settings::new(&store.dir().join("lake"), 3_600);
        let records = store.reopen().await;
        let engine = Arc::new(Engine::new(records.clone(), settings));
        let mut parts = axum::http::Extensions::new();
        parts.insert(lake::Lake(engine.clone()));
        parts.insert(lake::sql::Sql(engine));
        let app = App {
            store: records,
            blobs: blob::Blobs::open(&store.dir().join("blobs")).await.expect("a directory"),
            secrets: store.secrets().await,
            ports: Ports::default(),
            texts,
            permissions: PERMISSIONS.to_vec().into(),
            views: VIEWS.to_vec().into(),
            nodes: Port::named("nodes"),
            consents: Port::named("consents"),
            people: Port::named("people"),
            money: Port::named("money"),
            parts,
            settings: Settings {
                data_dir: store.dir().to_path_buf(),
                admin_url: "http://127.0.0.1".into(),
                public_url: None,
                sample: false,
                reply_to: None,
                time_zone: jiff::tz::TimeZone::get("Asia/Shanghai").expect("a zone of the bundled database"),
                currency: Currency::try_from("CNY".to_owned()).expect("a code"),
            },
        };
        Self { app: Arc::new(app), store }
    }

    /// The same with two people of two brands, who bought, and copies of it all.
    pub async fn furnished(store: TestStore) -> Self {
        let world = Self::new(store).await;
        for (number, name, city) in [(1, "林晓", "杭州"), (2, "王敏", "上海")] {
            world.person(number, name, city).await;
            world.order(number).await;
        }
        insight::projection::refresh(&world.app).await.expect("they are copied");
        world
    }

    pub async fn exec(&self, sql: &'static str, args: Vec<store::Value>) {
        let mut tx = self.app.store.begin_observation(Observation::Upkeep).await.expect("a transaction");
        tx.exec(sql, args).await.expect("it is stored");
        tx.commit().await.expect("committed");
    }

    pub async fn person(&self, number: u8, name: &str, city: &str) {
        let sql = "INSERT INTO v_customers_profile (id, name, city, married, source, brand_id, created_at, updated_at) \
                   VALUES ($1, $2, $3, TRUE, 'test', $4, $5, $5)";
        self.exec(sql, args![id(number), name, city, id(100 + number), START]).await;
        let sql = "INSERT INTO v_customers_profile_node (id, node_id, profile_id, kind, since) VALUES ($1, $1, $2, 'email', 0)";
        self.exec(sql, args![id(50 + number), id(number)]).await;
        let sql = "INSERT INTO v_customers_consent (id, profile_id, node_id, brand_id, purpose, channel, state, happened_at) \
                   VALUES ($1, $2, $3, $4, 'marketing', 'email', 'granted', $5)";
        self.exec(sql, args![id(150 + number), id(number), id(50 + number), id(100 + number), START]).await;
    }

    /// An order of two lines by the person of this number.
    pub async fn order(&self, number: u8) {
        let now = self.app.store.now();
        let sql = "INSERT INTO v_sales_order (id, customer_node_id, happened_at, total_minor, currency, source, number, brand_id, kind, \
                   line_count, discount_minor, coupon_discount_minor, recorded_at) \
                   VALUES ($1, $2, $3, $4, 'CNY', 'shop', $5, $6, 'sale', 2, 0, 0, $3)";
        let (order, total) = (Id::new(), 1_000 * i64::from(number));
        let row = args![order, id(50 + number), now, total, order.to_string(), id(100 + number)];
        self.exec(sql, row).await;
        for ordinal in 1..=2_i64 {
            let sql = "INSERT INTO v_sales_order_line (order_id, ordinal, kind, customer_node_id, brand_id, sku, happened_at, \
                       quantity_milli, unit_price_micro, discount_minor, coupon_discount_minor, total_minor) \
                       VALUES ($1, $2, 'sale', $3, $4, 'SOUP', $5, 1000, 1, 0, 0, $6)";
            self.exec(sql, args![order, ordinal, id(50 + number), id(100 + number), now, total / 2]).await;
        }
    }

    pub async fn call(
        &self,
        caller: &Caller,
        method: &str,
        path: &str,
        version: Option<i64>,
        body: Option<Json>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/insight{path}"))
            .header("content-type", "application/json");
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        let body = body.map_or(Body::empty(), |json| Body::from(json.to_string()));
        let mut request = request.body(body).expect("a request");
        request.extensions_mut().insert(caller.clone());
        let (router, _) = insight::module().routes.split();
        let router = router.layer(from_fn_with_state(self.app.clone(), http_kit::render_problems));
        let response = router.with_state(self.app.clone()).oneshot(request).await.expect("infallible");
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let json = serde_json::from_slice(&body).unwrap_or_default();
        Answer { status, body, json }
    }

    pub async fn ask(&self, caller: &Caller, sql: &str) -> Answer {
        self.call(caller, "POST", "/sql/run", None, Some(json!({ "sql": sql }))).await
    }

    pub async fn rows(&self, caller: &Caller, sql: &str) -> Json {
        self.ask(caller, sql).await.done()["rows"].clone()
    }

    /// Entries of the audit log about a noun: action, reason and changes.
    pub async fn audited(&self, noun: &str) -> Vec<BTreeMap<String, Json>> {
        let sql = "SELECT action, reason, changes FROM audit_entry WHERE noun = $1 ORDER BY id";
        self.app.store.all(sql, args![noun]).await.expect("the log")
    }
}
