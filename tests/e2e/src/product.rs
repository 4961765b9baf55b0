use std::net::SocketAddr;
use std::sync::Arc;

use http_kit::{App, AppState};
use kernel::ManualClock;
use server::{Built, Config};
use store::jobs::Runner;
use store::testing::TestStore;
use tokio::net::TcpListener;

use crate::Client;

/// Which database a story runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// The product with the sample company (its people, its last weeks of orders), listening on free ports.
pub struct Product {
    pub app: AppState,
    pub clock: ManualClock,
    pub openapi: serde_json::Value,
    pub admin_url: String,
    pub public_url: String,
    runner: Runner<App>,
    // Dropped last: the directory and the database belong to it.
    pub records: TestStore,
    _dir: tempfile::TempDir,
}

/// Weeks of the sample that stories load: enough for 90 days, small enough to load for each.
const WEEKS: u32 = 2;

impl Product {
    /// Starts the product with the sample.
    pub async fn start(kind: Kind) -> Self {
        let product = Self::bare(kind, true).await;
        let options = server::sample::Options { last_weeks: Some(WEEKS) };
        server::sample::load_with(&product.app, &options, &|_| ()).await.expect("the sample loads");
        product
    }

    /// Starts the product as a new installation has it: nobody can sign in yet.
    pub async fn empty(kind: Kind) -> Self {
        Self::bare(kind, false).await
    }

    async fn bare(kind: Kind, sample: bool) -> Self {
        let records = match kind {
            Kind::Sqlite => TestStore::sqlite().await,
            Kind::Postgres => TestStore::postgres().await,
        };
        let dir = tempfile::tempdir().expect("a directory");
        let staff = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let public = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let admin_url = format!("http://{}", staff.local_addr().expect("bound"));
        let public_url = format!("http://localhost:{}", public.local_addr().expect("bound").port());
        let mut config = Config { data_dir: dir.path().to_path_buf(), sample, ..Config::default() };
        config.http.admin_url = Some(admin_url.clone());
        config.http.public_url = Some(public_url.clone());
        let built: Built = server::build(&config, records.store.clone()).await.expect("the product is sound");
        let (staff_router, public_router) = server::router(&built, &config.http);
        for (listener, router) in [(staff, staff_router), (public, public_router)] {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            tokio::spawn(async move { axum::serve(listener, service).await });
        }
        let app = built.app.clone();
        let runner = Runner::new(app.store.clone(), app.clone(), built.registry, 1).sealing(built.sealer);
        let openapi = serde_json::to_value(&built.openapi).expect("plain data");
        let clock = records.clock.clone();
        Self { app, clock, openapi, admin_url, public_url, runner, records, _dir: dir }
    }

    /// Does all background work that is due, until nothing is left.
    pub async fn work(&self) {
        self.runner.run_due().await;
    }

    /// Returns a client that is not signed in.
    pub fn stranger(&self) -> Client {
        Client::new(&self.admin_url)
    }

    /// Signs in as the sample person who holds this role, with one click.
    pub async fn sign_in(&self, role: &str) -> Client {
        let client = self.stranger();
        let users = client.get("/api/v1/identity/sample-users").await.ok();
        let users = users["items"].as_array().expect("a list").clone();
        let user = users
            .iter()
            .find(|user| user["roles"].as_array().is_some_and(|r| r.iter().any(|x| x == role)) || user["role"] == role)
            .unwrap_or_else(|| panic!("no sample person holds the role {role}: {users:?}"));
        client.post("/api/v1/identity/sample-session", serde_json::json!({ "user_id": user["id"] })).await.ok();
        client
    }

    /// Keeps the compiler from dropping the shared parts early.
    pub fn shared(&self) -> Arc<App> {
        self.app.clone()
    }
}
