//! The catalogue with the importer, on a test's database.

use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use http_kit::{App, AppState, Settings};
use kernel::ports::{Port, Ports};
use kernel::{Actor, Caller, Currency, Grant, GrantScope, Id, Label, Language, TextBook};
use serde_json::Value;
use store::Migration;
use store::jobs::{Registry, Runner};
use store::testing::TestStore;

pub const MIGRATIONS: &[Migration] = &[tabular::MIGRATIONS[0], catalog::MIGRATIONS[0]];

pub struct World {
    pub app: AppState,
    pub caller: Caller,
}

pub async fn world(store: &TestStore) -> World {
    let mut parts = axum::http::Extensions::new();
    parts.insert(tabular::Targets::new(vec![Arc::new(catalog::ProductTarget)]));
    let mut texts = TextBook::default();
    for (name, yaml) in [("tabular", tabular::module().texts), ("catalog", catalog::module().texts)] {
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
            time_zone: jiff::tz::TimeZone::UTC,
            currency: Currency::try_from("CNY".to_owned()).expect("a code"),
        },
    };
    World { app: Arc::new(app), caller: Caller::system("test") }
}

/// Somebody with the catalogue's permissions for one brand, cleared for internal fields.
pub fn keeper_of(brand: Id) -> Caller {
    let codes = ["catalog.product.read", "catalog.product.edit", "catalog.price.edit", "tabular.export.run"];
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

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.app.settings.data_dir.join(name);
        std::fs::write(&path, text).expect("the test's own directory");
        path
    }

    pub async fn import(&self, name: &str, text: &str) -> tabular::cli::Summary {
        let path = self.write(name, text);
        tabular::cli::import(&self.app, &self.caller, "products", &path, Default::default(), |_| ())
            .await
            .expect("a sound file")
    }

    /// Runs background work to its end.
    pub async fn work(&self) {
        let mut registry = Registry::new();
        (tabular::module().jobs)(&mut registry);
        Runner::new(self.app.store.clone(), self.app.clone(), registry, 1).run_due().await;
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
        let routes = catalog::module().routes.merge(tabular::module().routes);
        let (router, _) = routes.split();
        let response = router.with_state(self.app.clone()).oneshot(request).await.expect("infallible");
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (
            status,
            serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&bytes))),
        )
    }
}
