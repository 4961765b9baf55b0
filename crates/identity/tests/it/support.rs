use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use blob::Blobs;
use http_kit::{App, AppState, Authenticate, ImportantChanges, Peer, Settings, read_texts};
use identity::Authenticator;
use identity::first_admin::{self, FirstAdmin};
use identity::grant::{self, NewGrant, ScopeKind};
use identity::session::service::Opened;
use identity::session::{self, Client, SignIn};
use identity::user::{self, NewUser};
use kernel::ports::{MailOutcome, MailPort, OutgoingMail, Port, Ports};
use kernel::{Caller, Currency, Id, Language, ManualClock, Permission, Result, TextBook, View};
use rulebook::Rulebook;
use store::jobs::{Registry, Runner};
use store::testing::TestStore;
use store::{Migration, Store};

pub const MIGRATIONS: &[Migration] =
    store::migrations![tabular::MIGRATIONS, rulebook::MIGRATIONS, identity::MIGRATIONS, &[OWNED],];
pub const PASSWORD: &str = "correct horse battery";
pub const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
pub const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
pub const COST: Permission = Permission::company("catalog.cost.read");
pub const CONTENT: Permission = Permission::scoped("brand.content.read");

/// Another domain's noun whose rows have owners.
const OWNED: Migration = Migration {
    id: "test/0001_owned",
    sql: "CREATE TABLE thing (id TEXT PRIMARY KEY, owner_id TEXT NOT NULL);
          CREATE VIEW v_test_thing AS SELECT id, owner_id FROM thing;",
};
const THINGS: View = View {
    name: "v_test_thing",
    columns: &[
        kernel::Column::new("id", kernel::ColumnKind::Text),
        kernel::Column::new("owner_id", kernel::ColumnKind::Text),
    ],
    at: "id",
    permission: CONTENT.code,
    link: "/things/{id}",
};

/// Keeps what would have been sent.
#[derive(Debug, Default)]
pub struct Inbox(Mutex<Vec<OutgoingMail>>);

#[async_trait]
impl MailPort for Inbox {
    async fn send(&self, mail: &OutgoingMail) -> MailOutcome {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(mail.clone());
        MailOutcome::Accepted { reply: "250 ok".into() }
    }
}

impl Inbox {
    /// Takes all mails out.
    pub fn take(&self) -> Vec<OutgoingMail> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the only mail out and returns the secret of its link.
    pub fn only_secret(&self) -> String {
        let mails = self.take();
        assert_eq!(mails.len(), 1, "{mails:#?}");
        secret_of(&mails[0])
    }
}

/// Returns the secret of a mail's link.
pub fn secret_of(mail: &OutgoingMail) -> String {
    let line = mail.text.lines().find(|line| line.contains('#')).expect("a link");
    line.split('#').nth(1).expect("a secret").trim().to_owned()
}

/// The access door on a test database.
pub struct World {
    pub app: AppState,
    pub clock: ManualClock,
    pub inbox: Arc<Inbox>,
    door: Authenticator,
    runner: Runner<App>,
}

/// Puts the access door together.
pub async fn world(store: &TestStore) -> World {
    world_with(store, |_| ()).await
}

/// The same, with other settings.
pub async fn world_with(store: &TestStore, change: impl FnOnce(&mut Settings)) -> World {
    let module = identity::module();
    let mut texts = TextBook::default();
    for (name, yaml) in
        [("store", store::TEXTS), ("rulebook", rulebook::TEXTS), ("identity", identity::TEXTS)]
    {
        texts.extend(read_texts(name, yaml).expect("texts are complete")).expect("codes are unique");
    }
    let mut permissions = module.routes.permissions();
    permissions.extend(module.permissions);
    permissions.extend([COST, CONTENT, Permission::scoped("brand.content.write")]);
    permissions.sort();
    permissions.dedup();
    let views: Vec<View> = rulebook::VIEWS.iter().chain(identity::VIEWS).chain([&THINGS]).copied().collect();
    let mut parts = axum::http::Extensions::new();
    parts.insert(book(&views, &permissions));
    parts.insert(ImportantChanges::new(identity::important_changes()));
    let mut settings = Settings {
        data_dir: store.dir().to_owned(),
        admin_url: "https://b.example".into(),
        public_url: None,
        sample: false,
        reply_to: None,
        time_zone: jiff::tz::TimeZone::get("Asia/Shanghai").expect("a zone"),
        currency: Currency::try_from("CNY".to_owned()).expect("a currency"),
    };
    change(&mut settings);
    let records: Store = store.reopen().await;
    let app = Arc::new(App {
        blobs: Blobs::open(&store.dir().join("blobs")).await.expect("a directory"),
        secrets: store.secrets().await,
        ports: Ports::default(),
        texts,
        permissions: permissions.into(),
        views: views.into(),
        nodes: Port::named("nodes"),
        consents: Port::named("consents"),
        people: Port::named("people"),
        money: Port::named("money"),
        parts,
        settings,
        store: records,
    });
    rulebook::publish(&app).await.expect("packs are published");
    identity::ensure_built_in(&app).await.expect("roles are there");
    let inbox = Arc::new(Inbox::default());
    app.ports.mail.connect(inbox.clone());
    let mut registry = Registry::new();
    (module.jobs)(&mut registry);
    let runner = Runner::new(app.store.clone(), app.clone(), registry, 1);
    World { door: Authenticator::new(app.clone()), app, clock: store.clock.clone(), inbox, runner }
}

/// The clauses and parameters of the shipped packs: what else is in them needs other domains.
fn book(views: &[View], permissions: &[Permission]) -> Rulebook {
    const KEPT: [&str; 3] = ["pack.yaml", "clauses.yaml", "parameters.yaml"];
    let mut folders = rulebook::pack::shipped();
    for folder in &mut folders {
        folder.files.retain(|path, _| KEPT.contains(&path.as_str()));
    }
    Rulebook::from_folders(folders, views, permissions).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// A browser with its cookies.
#[derive(Clone, Debug)]
pub struct Browser {
    pub agent: &'static str,
    pub address: IpAddr,
    pub cookies: Vec<String>,
}

impl Browser {
    pub fn new(agent: &'static str, address: &str) -> Self {
        Self { agent, address: address.parse().expect("an address"), cookies: Vec::new() }
    }

    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let text = |text: &str| HeaderValue::from_str(text).expect("plain text");
        headers.insert(header::USER_AGENT, text(self.agent));
        headers.insert(header::ACCEPT_LANGUAGE, text("en"));
        headers.insert("x-brandwright", text("1"));
        if !self.cookies.is_empty() {
            headers.insert(header::COOKIE, text(&self.cookies.join("; ")));
        }
        headers
    }

    pub fn client(&self) -> Client {
        Client::read(&self.headers(), Some(Peer(self.address)))
    }

    /// Keeps the cookies of an answer, as browsers do.
    pub fn keep(&mut self, opened: &Opened) {
        for cookie in &opened.cookies {
            let pair = cookie.split(';').next().expect("a pair").to_owned();
            let name = pair.split('=').next().expect("a name").to_owned();
            self.cookies.retain(|kept| !kept.starts_with(&format!("{name}=")));
            self.cookies.push(pair);
        }
    }
}

pub fn stranger() -> Caller {
    Caller::anonymous(Language::En, "test".into())
}

impl World {
    /// Runs what is due.
    pub async fn work(&self) {
        self.runner.drain().await.expect("background work runs");
    }

    /// Makes the first administrator in this browser.
    pub async fn administrator(&self, browser: &mut Browser) -> Caller {
        let token = identity::bootstrap(&self.app).await.expect("starts").expect("nobody is there yet");
        let input = FirstAdmin {
            token,
            name: "管理员".into(),
            email: "root@b.example".into(),
            password: PASSWORD.into(),
            language: None,
        };
        let opened = first_admin::service::make(&self.app, &stranger(), &browser.client(), &input).await;
        let opened = opened.expect("the first administrator is made");
        browser.keep(&opened);
        opened.caller
    }

    /// Makes an active user who holds a role in the whole company.
    pub async fn user(&self, email: &str, role: &str) -> Id {
        identity::cli::create_user(&self.app, email, email, role, PASSWORD).await.expect("a user is made")
    }

    /// Makes an active user without roles in a department.
    pub async fn member(&self, admin: &Caller, email: &str, department_id: Option<Id>) -> Id {
        let new = NewUser {
            name: email.split('@').next().expect("a name").to_owned(),
            email: email.to_owned(),
            language: None,
            department_id,
            position_id: None,
            manager_id: None,
        };
        let user = user::service::invite(&self.app, admin, &new).await.expect("a user is invited");
        self.work().await;
        let secret = self.inbox.only_secret();
        let password = identity::link::NewPassword { token: secret, password: PASSWORD.into() };
        identity::link::service::activate(&self.app, &stranger(), &password).await.expect("activates");
        user.id
    }

    /// Gives a role.
    pub async fn give(&self, admin: &Caller, user_id: Id, role: &str, scope: ScopeKind, place: Option<Id>) {
        let new = self.grant(role, scope, place).await;
        grant::service::give(&self.app, admin, user_id, &new).await.expect("a role is given");
    }

    pub async fn grant(&self, role: &str, scope: ScopeKind, place: Option<Id>) -> NewGrant {
        NewGrant {
            role_id: identity::role::service::id_of(&self.app, role).await.expect("a role"),
            scope,
            brand_id: place.filter(|_| scope == ScopeKind::Brand),
            department_id: place.filter(|_| scope == ScopeKind::Department),
            expires_at: None,
            reason: None,
        }
    }

    pub async fn try_sign_in(
        &self,
        browser: &Browser,
        email: &str,
        password: &str,
        totp: Option<&str>,
    ) -> Result<Opened> {
        let input = SignIn { email: email.into(), password: password.into(), totp: totp.map(str::to_owned) };
        session::service::sign_in(&self.app, &stranger(), &browser.client(), &input).await
    }

    /// Signs in with the usual password and keeps the cookies.
    pub async fn sign_in(&self, browser: &mut Browser, email: &str) -> Caller {
        let opened = self.try_sign_in(browser, email, PASSWORD, None).await.expect("signs in");
        browser.keep(&opened);
        opened.caller
    }

    /// Returns who a request of this browser is by.
    pub async fn ask(&self, method: Method, headers: &HeaderMap, address: IpAddr) -> Result<Caller> {
        self.door.caller(&method, headers, Some(Peer(address)), stranger()).await
    }

    /// Returns who this browser is signed in as.
    pub async fn who(&self, browser: &Browser) -> Caller {
        self.ask(Method::GET, &browser.headers(), browser.address).await.expect("a request")
    }

    /// Returns who a token acts for.
    pub async fn by_token(&self, secret: &str) -> Result<Caller> {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_str(&format!("Bearer {secret}")).expect("plain text");
        headers.insert(header::AUTHORIZATION, value);
        self.ask(Method::POST, &headers, "203.0.113.9".parse().expect("an address")).await
    }

    /// Makes a department.
    pub async fn department(&self, admin: &Caller, code: &str, parent_id: Option<Id>) -> Id {
        let new = identity::department::NewDepartment {
            code: code.into(),
            names: kernel::LocalText { zh_hans: code.into(), ..Default::default() },
            parent_id,
            head_id: None,
            in_scope: None,
        };
        identity::department::service::create(&self.app, admin, &new).await.expect("a department").id
    }

    /// Returns the open tasks that wait for somebody.
    pub async fn tasks(&self, caller: &Caller) -> Vec<String> {
        let filter = rulebook::task::TaskFilter { mine: Some(true), ..Default::default() };
        let page = rulebook::task::list(&self.app, caller, &kernel::PageQuery::default(), &filter).await;
        page.expect("tasks").items.into_iter().map(|task| task.kind).collect()
    }
}

/// Returns the code of a refusal.
pub fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.expect_err("refused").code.into_owned()
}

/// Another node on the same database.
pub async fn world_again(store: &TestStore) -> World {
    world(store).await
}
