//! A company that runs the whole product in this process, and the people who call it.

pub mod arrange;
mod call;
mod member;
pub mod people;

use std::net::SocketAddr;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use http_kit::{App, AppState};
use kernel::{HOUR_MS, MINUTE_MS, ManualClock, Timestamp};
use serde_json::Value as Json;
use server::Config;
use store::testing::TestStore;
use store::{Runner, Store};
use tower::ServiceExt;

pub use call::{Answer, Call};
pub use member::Member;

/// Where receivers reach the company.
pub const PUBLIC_URL: &str = "https://mail.daoting.example";
/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";
/// Where staff's requests come from.
const HERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 40_000);

/// The product, put together on a test's database.
pub struct Company {
    pub app: AppState,
    pub clock: ManualClock,
    /// The OpenAPI document that this product answers with.
    pub document: Json,
    staff: Router,
    public: Router,
    runner: Runner<App>,
    /// The database lives as long as the company.
    _store: Option<TestStore>,
}

impl Company {
    /// Puts the product together without the sample.
    pub async fn new(store: TestStore) -> Self {
        Self::with(store, |_| ()).await
    }

    /// The same, with another configuration.
    pub async fn with(store: TestStore, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config { data_dir: store.dir().to_owned(), ..Config::default() };
        config.http.public_url = Some(PUBLIC_URL.to_owned());
        change(&mut config);
        let (records, clock) = (store.reopen().await, store.clock.clone());
        Self::on(&config, records, clock, Some(store)).await
    }

    /// Puts the product together on a data directory that was restored.
    pub async fn restored(dir: &std::path::Path, clock: ManualClock) -> Self {
        let mut config = Config { data_dir: dir.to_owned(), ..Config::default() };
        config.http.public_url = Some(PUBLIC_URL.to_owned());
        let records = server::open_store(&config, std::sync::Arc::new(clock.clone())).await;
        Self::on(&config, records.expect("what was restored opens"), clock, None).await
    }

    async fn on(config: &Config, records: Store, clock: ManualClock, store: Option<TestStore>) -> Self {
        let built = server::build(config, records).await.expect("the product is put together");
        let (staff, public) = server::router(&built, &config.http);
        let document = serde_json::to_value(&built.openapi).expect("the document is plain data");
        let runner =
            Runner::new(built.app.store.clone(), built.app.clone(), built.registry, 1).sealing(built.sealer);
        let company = Self { app: built.app, clock, document, staff, public, runner, _store: store };
        // Schedules count from the first look at them, as after a first start.
        company.work().await;
        company
    }

    /// Does what is due in the background, and what that leads to, until nothing is left.
    pub async fn work(&self) {
        self.runner.drain().await.expect("background work runs");
    }

    /// Returns the time by the company's clock.
    pub fn now(&self) -> Timestamp {
        self.app.store.now()
    }

    /// Lets time pass; nothing is done meanwhile.
    pub fn pass_minutes(&self, minutes: i64) {
        self.clock.advance_ms(minutes * MINUTE_MS);
    }

    /// Lets hours pass; nothing is done meanwhile.
    pub fn pass_hours(&self, hours: i64) {
        self.clock.advance_ms(hours * HOUR_MS);
    }

    /// Lets days pass; nothing is done meanwhile.
    pub fn pass_days(&self, days: i64) {
        self.pass_hours(24 * days);
    }

    /// Makes somebody with one role in the whole company, who calls by token.
    pub async fn member(&self, role: &str) -> Member<'_> {
        self.member_as(role, &format!("{role}@daoting.example")).await
    }

    /// The same, with another address.
    pub async fn member_as(&self, role: &str, email: &str) -> Member<'_> {
        let name = email.split('@').next().expect("a name");
        let id =
            identity::cli::create_user(&self.app, email, name, role, PASSWORD).await.expect("a user is made");
        let token =
            identity::cli::create_token(&self.app, email, "tests", 366).await.expect("a token is made");
        Member::by_token(self, id, token)
    }

    /// Signs somebody in with the usual password, as a browser does.
    pub async fn sign_in(&self, email: &str) -> Member<'_> {
        Member::signed_in(self, email, None).await
    }

    /// Calls as nobody in particular.
    pub async fn anonymous(&self, call: Call) -> Answer {
        self.answer(call.request()).await
    }

    /// Calls on the public origin, from an address of this machine's network.
    pub async fn visitor(&self, call: Call) -> Answer {
        let mut request = call.request();
        request.extensions_mut().insert(ConnectInfo(HERE));
        Answer::read(self.public.clone().oneshot(request).await.expect("a router answers")).await
    }

    async fn answer(&self, mut request: Request<axum::body::Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo(HERE));
        Answer::read(self.staff.clone().oneshot(request).await.expect("a router answers")).await
    }

    /// Returns the router of the public origin, for a test that lets the simulator's requests in.
    pub fn public_router(&self) -> Router {
        self.public.clone()
    }
}

impl std::fmt::Debug for Company {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Company").field("now", &self.now()).finish_non_exhaustive()
    }
}
