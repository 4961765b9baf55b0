use std::sync::Arc;

use axum::Router;
use blob::Blobs;
use http_kit::{App, AppState, Module, Settings, read_texts};
use kernel::ports::{Port, Ports};
use kernel::{Clock, Currency, Permission, Problem, Result, TextBook, View};
use store::audit::Sealer;
use store::jobs::{Pulse, Registry};
use store::secrets::Secrets;
use store::{Migration, Store};
use utoipa::openapi::OpenApi;

use crate::config::Config;
use crate::{modules, ports};

/// The product, put together and ready to answer or to work.
pub struct Built {
    /// What handlers and jobs have at hand.
    pub app: AppState,
    /// Operations for staff, without the layers around them.
    pub routes: Router<AppState>,
    /// Pages for receivers.
    pub public: Router<AppState>,
    /// The OpenAPI document of the operations.
    pub openapi: OpenApi,
    /// Background work.
    pub registry: Registry<App>,
    /// Chains the audit log.
    pub sealer: Sealer,
    /// Says when the background work last looked for something to do.
    pub pulse: Pulse,
    /// How many jobs this node does at a time; none on one that only answers requests.
    pub workers: usize,
}

/// Returns every migration in order.
pub fn migrations() -> Vec<Migration> {
    modules().iter().flat_map(|module| module.migrations).copied().collect()
}

/// Opens the database that the configuration names; makes the data directory when absent.
pub async fn open_store(config: &Config, clock: Arc<dyn Clock>) -> Result<Store> {
    // A directory that is there and cannot be written would show itself only as an odd error of the database.
    std::fs::create_dir_all(&config.data_dir).and_then(|()| crate::doctor::probe(&config.data_dir)).map_err(
        |error| {
            let dir = config.data_dir.display().to_string();
            match error.kind() {
                std::io::ErrorKind::StorageFull => Problem::unavailable("server.disk_full").with("dir", dir),
                _ => Problem::unavailable("server.data_dir_unusable")
                    .with("dir", dir)
                    .with("reason", error.to_string()),
            }
        },
    )?;
    Store::open(&database(config), clock).await
}

/// Returns where the records are.
pub(crate) fn database(config: &Config) -> store::Config {
    match &config.database_url {
        Some(url) => store::Config::Postgres { url: url.clone() },
        None => store::Config::Sqlite { file: config.data_dir.join("brandwright.db") },
    }
}

/// Returns where signed checkpoints of the audit log stand outside the database.
pub(crate) fn anchor(data_dir: &std::path::Path) -> std::path::PathBuf {
    data_dir.join("anchors").join("audit.jsonl")
}

/// Puts the product together on an opened database, bringing its schema up to date.
pub async fn build(config: &Config, store: Store) -> Result<Built> {
    let modules = modules();
    crate::upgrade::upgrade(config, &store).await?;
    let secrets = Secrets::open(store.clone(), &config.data_dir.join("master.key")).await?;
    let sealer = Sealer::new(store.clone(), &secrets, anchor(&config.data_dir)).await?;
    let mut app = App {
        blobs: Blobs::open(&config.data_dir.join("blobs")).await?,
        store,
        secrets,
        ports: Ports::default(),
        texts: texts(&modules)?,
        permissions: permissions(&modules).into(),
        views: views(&modules).into(),
        nodes: Port::named("nodes"),
        consents: Port::named("consents"),
        people: Port::named("people"),
        money: Port::named("money"),
        parts: axum::http::Extensions::default(),
        settings: settings(config)?,
    };
    ports::parts(&mut app, config)?;
    let app = Arc::new(app);
    ports::connect(&app, config)?;
    ports::load(&app).await?;
    // What a restored backup brought back of erased people goes before anybody can ask for it.
    customers::privacy::erasure::apply(&app).await?;
    let mut registry = Registry::new();
    let (mut routes, mut public) = (http_kit::Routes::new(), Router::new());
    for module in modules {
        (module.jobs)(&mut registry);
        routes = routes.merge(module.routes);
        public = public.merge(module.public);
    }
    let (routes, document) = routes.split();
    Ok(Built {
        app,
        routes,
        public,
        openapi: crate::openapi(document),
        registry,
        sealer,
        pulse: Pulse::default(),
        workers: config.workers,
    })
}

/// Sentences of the crates that are no module.
const OWN_TEXTS: [(&str, &str); 3] =
    [("http-kit", http_kit::TEXTS), ("store", store::TEXTS), ("server", include_str!("../texts.yaml"))];

/// Returns every text as it is written, for commands that speak before the product is put together.
pub fn texts_in_print() -> Vec<&'static str> {
    OWN_TEXTS.iter().map(|(_, yaml)| *yaml).chain(modules().iter().map(|m| m.texts)).collect()
}

/// Returns the OpenAPI document, which needs no data.
pub fn document() -> serde_json::Result<String> {
    let routes =
        modules().into_iter().fold(http_kit::Routes::new(), |routes, module| routes.merge(module.routes));
    serde_json::to_string_pretty(&crate::openapi(routes.split().1))
}

/// Checks a company's own pack against what this product publishes; faults are `file:line: reason`.
pub fn check_pack(folder: &std::path::Path) -> std::result::Result<rulebook::pack::Contents, Vec<String>> {
    rulebook::check_folder(folder, &modules())
}

fn texts(modules: &[Module]) -> Result<TextBook> {
    let mut book = TextBook::default();
    for (name, yaml) in OWN_TEXTS.into_iter().chain(modules.iter().map(|m| (m.name, m.texts))) {
        let texts = read_texts(name, yaml).map_err(Problem::internal)?;
        book.extend(texts).map_err(Problem::internal)?;
    }
    Ok(book)
}

fn permissions(modules: &[Module]) -> Vec<Permission> {
    let mut all: Vec<Permission> = modules.iter().flat_map(|m| m.routes.permissions()).collect();
    all.extend(modules.iter().flat_map(|m| m.permissions));
    all.sort();
    all.dedup();
    all
}

fn views(modules: &[Module]) -> Vec<View> {
    modules.iter().flat_map(|m| m.views).copied().collect()
}

fn settings(config: &Config) -> Result<Settings> {
    let time_zone = jiff::tz::TimeZone::get(&config.company.time_zone).map_err(Problem::internal)?;
    Ok(Settings {
        data_dir: config.data_dir.clone(),
        admin_url: config.http.admin_url.clone().unwrap_or_else(|| format!("http://{}", config.http.listen)),
        public_url: config.http.public_url.clone(),
        sample: config.sample,
        reply_to: config.mail.reply_to.clone(),
        time_zone,
        currency: Currency::try_from(config.company.currency.clone()).map_err(Problem::internal)?,
    })
}
