//! Orders with the importer, on a test's database; catalogue and customers are stood in for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::Request;
use http_kit::{App, AppState, Identifier, NodePort, Settings};
use kernel::ports::{Port, Ports};
use kernel::{Actor, Caller, Currency, Grant, GrantScope, Id, Label, Language, Result, TextBook};
use serde_json::Value;
use store::jobs::{Registry, Runner};
use store::testing::TestStore;
use store::{Migration, Tx};
use tabular::cli::{Options, Summary};
use tabular::natural_id;

pub const MIGRATIONS: &[Migration] = &[
    tabular::MIGRATIONS[0],
    Migration {
        id: "test/0001_catalog",
        sql: "CREATE TABLE test_product (id TEXT PRIMARY KEY, sku TEXT NOT NULL, name TEXT NOT NULL, department TEXT, brand_id TEXT);
              CREATE VIEW v_catalog_product AS SELECT id, sku, name, department, brand_id FROM test_product;",
    },
    sales::MIGRATIONS[0],
    sales::MIGRATIONS[1],
];

/// Gives every identifier the node that its text belongs to.
#[derive(Debug)]
struct Nodes;

pub fn node(kind: &str, value: &str) -> Id {
    natural_id(&["node", kind, value])
}

#[async_trait]
impl NodePort for Nodes {
    async fn ensure(&self, _: &mut Tx, identifiers: &[Identifier]) -> Result<Vec<Id>> {
        Ok(identifiers.iter().map(|one| node(one.kind, &one.value)).collect())
    }
}

pub struct World {
    pub app: AppState,
    pub caller: Caller,
}

pub async fn world(store: &TestStore) -> World {
    let mut parts = axum::http::Extensions::new();
    parts.insert(tabular::Targets::new(vec![Arc::new(sales::OrderTarget)]));
    let mut texts = TextBook::default();
    for (name, yaml) in [("tabular", tabular::module().texts), ("sales", sales::module().texts)] {
        texts.extend(http_kit::read_texts(name, yaml).expect("complete texts")).expect("once each");
    }
    let app = App {
        store: store.reopen().await,
        blobs: blob::Blobs::open(&store.dir().join("blobs")).await.expect("a directory"),
        secrets: store.secrets().await,
        ports: Ports::default(),
        texts,
        permissions: Vec::new().into(),
        views: Vec::new().into(),
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
    app.nodes.connect(Arc::new(Nodes));
    World { app: Arc::new(app), caller: Caller::system("test") }
}

/// Somebody with the permissions of orders for one brand.
pub fn keeper_of(brand: Id) -> Caller {
    let codes = ["sales.order.read", "sales.order.create"];
    let mut caller = Caller::anonymous(Language::En, "test".into());
    caller.actor = Actor::User { id: Id::new(), name: "Keeper".into(), by_token: false };
    caller.clearance = Label::Internal;
    let permissions = Arc::new(codes.into_iter().map(str::to_owned).collect());
    caller.grants = Arc::new([Grant { permissions, scope: GrantScope::Brand(brand) }]);
    caller
}

impl World {
    pub fn by(&self, caller: Caller) -> Self {
        Self { app: self.app.clone(), caller }
    }

    /// Puts a product into the catalogue that stands in for the real one.
    pub async fn product(&self, source: &str, sku: &str, name: &str, department: &str, brand: Option<Id>) {
        let mut tx =
            self.app.store.begin_observation(store::Observation::Upkeep).await.expect("a transaction");
        let id = natural_id(&["product", source, sku]);
        let sql =
            "INSERT INTO test_product (id, sku, name, department, brand_id) VALUES ($1, $2, $3, $4, $5)";
        tx.exec(sql, store::args![id, sku, name, department, brand]).await.expect("a product");
        tx.commit().await.expect("committed");
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.app.settings.data_dir.join(name);
        std::fs::write(&path, text).expect("the test's own directory");
        path
    }

    pub async fn import(&self, name: &str, text: &str) -> Summary {
        self.import_file(&self.write(name, text), Options::default()).await
    }

    pub async fn import_file(&self, path: &Path, options: Options) -> Summary {
        tabular::cli::import(&self.app, &self.caller, "orders", path, options, |_| ())
            .await
            .expect("a sound file")
    }

    /// Takes an import back and waits for the end.
    pub async fn undo(&self, import: Id) {
        let (_, row) = self.json("GET", &format!("/api/v1/tabular/imports/{import}"), None, None).await;
        let (status, _) = self
            .json("POST", &format!("/api/v1/tabular/imports/{import}/undo"), row["version"].as_i64(), None)
            .await;
        assert_eq!(status, 202);
        let mut registry = Registry::new();
        (tabular::module().jobs)(&mut registry);
        Runner::new(self.app.store.clone(), self.app.clone(), registry, 1).run_due().await;
        let (_, row) = self.json("GET", &format!("/api/v1/tabular/imports/{import}"), None, None).await;
        assert_eq!(row["state"], "undone", "{row}");
    }

    pub async fn number(&self, sql: &'static str) -> i64 {
        self.app.store.get(sql, store::args![]).await.expect("a number")
    }

    pub async fn json(
        &self,
        method: &str,
        path: &str,
        version: Option<i64>,
        body: Option<Value>,
    ) -> (u16, Value) {
        use tower::ServiceExt;
        let mut request =
            Request::builder().method(method).uri(path).header("content-type", "application/json");
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        let body = body.map_or(Body::empty(), |json| Body::from(json.to_string()));
        let mut request = request.body(body).expect("a request");
        request.extensions_mut().insert(self.caller.clone());
        let (router, _) = sales::module().routes.merge(tabular::module().routes).split();
        let response = router.with_state(self.app.clone()).oneshot(request).await.expect("infallible");
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }
}
