//! A company with a budget, on a test's database: an author, finance, management and the owner of a line.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use blob::Blobs;
use http_kit::{App, AppState, Settings, read_texts, render_problems};
use kernel::ports::{Port, Ports};
use kernel::{Actor, Caller, Currency, Grant, GrantScope, Id, Label, Language, Permission, TextBook};
use rulebook::Rulebook;
use rulebook::pack::Folder;
use serde_json::{Value as Json, json};
use store::testing::TestStore;
use store::{Migration, Registry, Runner, args};
use tower::ServiceExt;

pub const MIGRATIONS: &[Migration] =
    store::migrations![tabular::MIGRATIONS, rulebook::MIGRATIONS, &[NEIGHBOURS], governance::MIGRATIONS];

/// What identity publishes, as a table of the tests.
const NEIGHBOURS: Migration = Migration {
    id: "test/0001_neighbours",
    sql: "CREATE TABLE v_identity_user_address (id TEXT PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL);",
};

const PARAMETERS: &str = "
- {key: budget.alert_first, kind: percent, default: 80, title: {en: First}}
- {key: budget.alert_second, kind: percent, default: 90, title: {en: Second}}
- {key: budget.alert_third, kind: percent, default: 100, title: {en: Third}}
- {key: budget.tolerance, kind: percent, default: 10, title: {en: Tolerance}}
- {key: budget.answer_days, kind: days, default: 5, title: {en: Answer}}
- {key: budget.report_days, kind: days, default: 7, title: {en: Report}}
";

/// The company of one test.
pub struct World {
    pub store: TestStore,
    pub app: AppState,
    pub author: Caller,
    pub finance: Caller,
    pub management: Caller,
}

/// An approved budget with two lines and a reserve, each 1,200.00 a year.
pub struct Approved {
    pub budget: Id,
    pub ads: Id,
    pub events: Id,
    pub reserve: Id,
}

/// Makes somebody who holds permissions within a scope.
pub fn somebody(name: &str, permissions: &[&str], scope: GrantScope) -> Caller {
    let permissions: BTreeSet<String> = permissions.iter().map(|code| (*code).to_owned()).collect();
    let mut caller = Caller::anonymous(Language::En, "test".into());
    caller.actor = Actor::User { id: Id::new(), name: name.to_owned(), by_token: false };
    caller.grants = Arc::new([Grant { permissions: Arc::new(permissions), scope }]);
    caller.clearance = Label::Internal;
    caller
}

pub const AUTHOR: &[&str] = &[
    "governance.budget.read",
    "governance.budget.write",
    "governance.adjustment.create",
    "governance.commitment.create",
    "governance.alert.answer",
];

fn all() -> Vec<Permission> {
    governance::module().routes.permissions()
}

impl World {
    pub async fn new(store: TestStore) -> Self {
        let app = app(&store).await;
        rulebook::publish(&app).await.expect("the pack is published");
        let codes: Vec<&str> = all().iter().map(|permission| permission.code).collect();
        let everything = |name: &str| somebody(name, &codes, GrantScope::Company);
        Self {
            app,
            author: somebody("Author", AUTHOR, GrantScope::Company),
            finance: everything("Finance"),
            management: everything("Management"),
            store,
        }
    }

    /// Opens the same database as another node does.
    pub async fn node(&self) -> AppState {
        app(&self.store).await
    }

    pub async fn call(
        &self,
        caller: &Caller,
        method: Method,
        path: &str,
        version: Option<i64>,
        body: Option<Json>,
    ) -> (u16, Json) {
        call(&self.app, caller, method, path, version, body).await
    }

    pub async fn get(&self, caller: &Caller, path: &str) -> Json {
        let (status, body) = self.call(caller, Method::GET, path, None, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub async fn post(&self, caller: &Caller, path: &str, version: Option<i64>, body: Json) -> Json {
        let (status, answer) = self.call(caller, Method::POST, path, version, Some(body)).await;
        assert!(status < 300, "{path}: {status} {answer}");
        answer
    }

    pub async fn refused(
        &self,
        caller: &Caller,
        path: &str,
        version: Option<i64>,
        body: Json,
        code: &str,
    ) -> Json {
        let (status, answer) = self.call(caller, Method::POST, path, version, Some(body)).await;
        assert!(status >= 400 && answer["code"] == code, "{path}: {status} {answer}");
        answer
    }

    /// Writes a budget of the running year.
    pub async fn draft(&self, more: Json) -> Approved {
        let mut new = json!({ "year": 2026, "name": "2026 年度营销预算" });
        for (name, value) in more.as_object().expect("fields") {
            new[name] = value.clone();
        }
        let made = self.post(&self.author, "/budgets", None, new).await;
        let budget = id(&made["budget"]);
        let line = async |code: &str, group: &str, contingency: bool| {
            let new = json!({
                "code": code, "names": { "zh-Hans": code }, "cost_group": group, "contingency": contingency,
                "annual_minor": 120_000,
            });
            id(&self.post(&self.author, &format!("/budgets/{budget}/lines"), None, new).await)
        };
        Approved {
            budget,
            ads: line("ads", "channels", false).await,
            events: line("events", "campaigns", false).await,
            reserve: line("reserve", "other", true).await,
        }
    }

    /// Has a budget approved by the two who must.
    pub async fn approve(&self, budget: Id) -> Json {
        let path = format!("/budgets/{budget}");
        for (caller, verb) in
            [(&self.author, "submit"), (&self.finance, "check"), (&self.management, "approve")]
        {
            let version = self.get(caller, &path).await["budget"]["version"].as_i64();
            self.post(caller, &format!("{path}/{verb}"), version, json!({})).await;
        }
        self.get(&self.finance, &path).await
    }

    pub async fn approved(&self) -> Approved {
        let made = self.draft(json!({})).await;
        self.approve(made.budget).await;
        made
    }

    /// Returns one balance of a budget.
    pub async fn balance(&self, budget: Id, line: Id, month: i64) -> Json {
        let shown = self.get(&self.finance, &format!("/budgets/{budget}")).await;
        let lines = shown["lines"].as_array().expect("lines");
        let found = lines.iter().find(|one| one["line"]["id"] == json!(line)).expect("the line");
        found["months"][usize::try_from(month - 1).expect("a month")].clone()
    }

    pub async fn number(&self, sql: &'static str) -> i64 {
        self.app.store.get(sql, args![]).await.expect("a number")
    }

    /// Does what the calendar asks, at least an hour later.
    pub async fn calendar(&self) {
        let mut registry = Registry::new();
        (governance::module().jobs)(&mut registry);
        let runner = Runner::new(self.app.store.clone(), self.app.clone(), registry, 1);
        runner.run_due().await;
        self.store.clock.advance_ms(3_600_000);
        runner.run_due().await;
    }

    pub async fn holds(&self) -> bool {
        self.post(&self.finance, "/ledger-proof", None, json!({})).await["holds"] == true
    }
}

/// Calls an operation of governance or of the importer.
pub async fn call(
    app: &AppState,
    caller: &Caller,
    method: Method,
    path: &str,
    version: Option<i64>,
    body: Option<Json>,
) -> (u16, Json) {
    let path = if path.starts_with("/api") { path.to_owned() } else { format!("/api/v1/governance{path}") };
    let mut request =
        Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(version) = version {
        request = request.header(header::IF_MATCH, format!("\"{version}\""));
    }
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let router: Router<AppState> = governance::module().routes.merge(tabular::module().routes).split().0;
    let router = router
        .layer(axum::middleware::from_fn_with_state(app.clone(), render_problems))
        .layer(axum::Extension(caller.clone()))
        .with_state(app.clone());
    let response =
        router.oneshot(request.body(body).expect("a request")).await.expect("a router always answers");
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 4_000_000).await.expect("a body");
    (status, serde_json::from_slice(&bytes).unwrap_or(Json::Null))
}

#[track_caller]
pub fn id(row: &Json) -> Id {
    row["id"].as_str().unwrap_or_else(|| panic!("no id in {row}")).parse().expect("an id")
}

async fn app(store: &TestStore) -> AppState {
    let mut texts = TextBook::default();
    for (name, yaml) in [
        ("http-kit", http_kit::TEXTS),
        ("rulebook", rulebook::TEXTS),
        ("tabular", tabular::module().texts),
        ("governance", governance::module().texts),
    ] {
        texts.extend(read_texts(name, yaml).expect("texts are complete")).expect("codes are unique");
    }
    let manifest = "id: test\nversion: 1.0.0\ndefault_language: en\ntexts: {title: {en: Test}}\n";
    let files = [
        ("pack.yaml", manifest),
        ("parameters.yaml", PARAMETERS),
        ("machines/budget.yaml", include_str!("../../../../packs/core/machines/budget.yaml")),
        (
            "machines/budget_adjustment.yaml",
            include_str!("../../../../packs/core/machines/budget_adjustment.yaml"),
        ),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    let folder = Folder { name: "test".to_owned(), files };
    let book =
        Rulebook::from_folders(vec![folder], &[], &all()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let mut parts = axum::http::Extensions::new();
    parts.insert(book);
    parts.insert(tabular::Targets::new(vec![Arc::new(governance::ExpenseTarget)]));
    let app = App {
        store: store.reopen().await,
        blobs: Blobs::open(&store.dir().join("blobs")).await.expect("a directory"),
        secrets: store.secrets().await,
        ports: Ports::default(),
        texts,
        permissions: all().into(),
        views: Vec::new().into(),
        nodes: Port::named("nodes"),
        consents: Port::named("consents"),
        people: Port::named("people"),
        money: Port::named("money"),
        parts,
        settings: Settings {
            data_dir: store.dir().to_owned(),
            admin_url: "http://127.0.0.1:8080".into(),
            public_url: None,
            sample: false,
            reply_to: None,
            time_zone: jiff::tz::TimeZone::get("Asia/Shanghai").expect("known"),
            currency: Currency::try_from("CNY".to_owned()).expect("a currency"),
        },
    };
    let app = Arc::new(app);
    governance::connect(&app);
    app
}
