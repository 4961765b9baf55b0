use std::collections::BTreeSet;
use std::sync::Arc;

use blob::Blobs;
use brand::asset::{self, Asset, NewAsset};
use brand::brand::{Brand, NewBrand};
use brand::content::{self, ContentKind, ContentView, NewContent, NewVersion, Variant, version};
use brand::partial::{self, NewPartial, PartialView};
use brand::review::{self, Approving, Submission};
use brand::{permissions as p, release};
use http_kit::{App, AppState, Settings, read_texts};
use kernel::ports::{Port, Ports, ReleaseUse, Released};
use kernel::{
    Actor, Caller, Currency, Grant, GrantScope, Id, Label, Language, LocalText, Permission, Problem, Result,
    TextBook,
};
use store::Migration;
use store::testing::TestStore;

/// What of the access door the sample asks for.
const PEOPLE: Migration = Migration {
    id: "test/0001_people",
    sql: "CREATE TABLE test_person (id TEXT PRIMARY KEY, email TEXT, name TEXT, department_id TEXT); \
          CREATE TABLE v_campaigns_campaign (id TEXT PRIMARY KEY); \
          CREATE TABLE v_identity_session_refusal (id TEXT PRIMARY KEY, code TEXT, path TEXT, at BIGINT); \
          CREATE VIEW v_identity_user_address AS SELECT id, email, name FROM test_person; \
          CREATE VIEW v_identity_user AS SELECT id, department_id FROM test_person;",
};

pub const MIGRATIONS: &[Migration] =
    store::migrations![tabular::MIGRATIONS, rulebook::MIGRATIONS, &[PEOPLE], brand::MIGRATIONS,];

/// Permissions that the shipped packs name and other domains declare.
const FOREIGN: [Permission; 6] = [
    Permission::scoped("campaigns.campaign.write"),
    Permission::scoped("campaigns.campaign.launch"),
    Permission::scoped("governance.budget.write"),
    Permission::scoped("governance.budget.check"),
    Permission::scoped("governance.budget.approve"),
    Permission::scoped("governance.adjustment.create"),
];

/// Makes an app on a test database, with the shipped packs.
pub async fn app(store: &TestStore) -> AppState {
    app_with(store, Some("https://mail.daoting.example")).await
}

/// Makes an app with this public origin.
pub async fn app_with(store: &TestStore, public_url: Option<&str>) -> AppState {
    let module = brand::module();
    let mut texts = TextBook::default();
    for (name, yaml) in [("brand", module.texts), ("rulebook", rulebook::TEXTS), ("store", store::TEXTS)] {
        texts.extend(read_texts(name, yaml).expect("texts are complete")).expect("codes are unique");
    }
    let permissions: Vec<Permission> = module.routes.permissions().into_iter().chain(FOREIGN).collect();
    let views = [module.views, rulebook::VIEWS].concat();
    let mut app = App {
        store: store.reopen().await,
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
        parts: axum::http::Extensions::new(),
        settings: Settings {
            data_dir: store.dir().to_owned(),
            admin_url: "http://127.0.0.1:8080".into(),
            public_url: public_url.map(str::to_owned),
            sample: false,
            reply_to: None,
            time_zone: jiff::tz::TimeZone::UTC,
            currency: Currency::try_from("CNY".to_owned()).expect("a currency"),
        },
    };
    rulebook::install(&mut app, None).expect("the packs are sound");
    rulebook::publish(&app).await.expect("the packs are published");
    let app = Arc::new(app);
    brand::connect(&app);
    app
}

/// Makes somebody who holds permissions within a scope.
pub fn somebody(name: &str, permissions: &[Permission], scope: GrantScope) -> Caller {
    let permissions: BTreeSet<String> = permissions.iter().map(|p| p.code.to_owned()).collect();
    let mut caller = Caller::anonymous(Language::ZhHans, "test".into());
    caller.actor = Actor::User { id: Id::new(), name: name.into(), by_token: false };
    caller.grants = Arc::new([Grant { permissions: Arc::new(permissions), scope }]);
    caller.clearance = Label::Internal;
    caller
}

/// The people of the stories.
pub struct People {
    pub author: Caller,
    pub second: Caller,
    pub reviewer: Caller,
    pub keeper: Caller,
}

impl People {
    pub fn new() -> Self {
        let company = GrantScope::Company;
        let writing = [p::CONTENT_READ, p::CONTENT_WRITE, p::CONTENT_RELEASE, p::RELEASE_READ];
        // All rights at once: roles never help an author to approve.
        let all =
            [p::CONTENT_READ, p::CONTENT_WRITE, p::CONTENT_APPROVE, p::CONTENT_RELEASE, p::RELEASE_READ];
        let keeping =
            [p::BRAND_READ, p::BRAND_WRITE, p::ASSET_READ, p::ASSET_WRITE, p::PARTIAL_READ, p::PARTIAL_WRITE];
        Self {
            author: somebody("林悦", &all, company),
            second: somebody("陈一", &writing, company),
            reviewer: somebody("周品", &all, company),
            keeper: somebody("方言", &keeping, company),
        }
    }
}

/// A brand with a picture and a footer, and the people.
pub struct World {
    pub app: AppState,
    pub people: People,
    pub brand: Brand,
    pub hero: Asset,
    pub footer: PartialView,
}

pub async fn world(store: &TestStore) -> World {
    world_in(app(store).await).await
}

pub async fn world_in(app: AppState) -> World {
    let people = People::new();
    let brand =
        brand::brand::service::create(&app, &people.keeper, new_brand("chenqi")).await.expect("a brand");
    let hero = picture(&app, &people.keeper, brand.id, "hero").await.expect("a picture");
    let footer = new_partial(brand.id, "footer", FOOTER);
    let footer = partial::service::create(&app, &people.keeper, footer).await.expect("a partial");
    World { app, people, brand, hero, footer }
}

pub fn new_brand(key: &str) -> NewBrand {
    NewBrand {
        key: key.into(),
        names: same("晨畦"),
        sender_names: same("晨畦鲜食"),
        sender_address: format!("hello@{key}.example"),
        link_domains: vec!["chenqi.example".into()],
    }
}

pub const FOOTER: &str = "<mj-section><mj-column><mj-text><a href=\"{{ unsubscribe_url }}\">退订</a></mj-text>\
    </mj-column></mj-section>";

pub fn new_partial(brand_id: Id, key: &str, source: &str) -> NewPartial {
    NewPartial {
        brand_id, department_id: None, key: key.into(), title: "页脚".into(), sources: same(source)
    }
}

pub async fn picture(app: &App, keeper: &Caller, brand_id: Id, key: &str) -> Result<Asset> {
    let new = NewAsset {
        brand_id,
        department_id: None,
        key: key.into(),
        title: "主图".into(),
        alt_texts: same("一锅热汤"),
        rights_until: None,
        rights_note: String::new(),
    };
    asset::service::create(app, keeper, new, &png(600, 200, 1)).await
}

/// A PNG header of this size; `mark` makes other bytes.
pub fn png(width: u32, height: u32, mark: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0, mark, 0, 0, 0]);
    bytes
}

pub fn same(text: &str) -> LocalText {
    LocalText { zh_hans: text.into(), zh_hant: text.into(), en: text.into() }
}

/// A sound mail that says `words`.
pub fn mjml(words: &str) -> String {
    format!(
        "<mjml>\n  <mj-body>\n    <mj-section><mj-column>\n      <mj-image src=\"asset:hero\" />\n      \
         <mj-text>{{{{ customer.name }}}}，{words}</mj-text>\n      \
         <mj-button href=\"https://www.chenqi.example/list\">看清单</mj-button>\n    </mj-column></mj-section>\n    \
         {{% include \"footer\" %}}\n  </mj-body>\n</mjml>\n"
    )
}

pub fn variant(language: Language, words: &str) -> Variant {
    Variant {
        language,
        subject: "今晚煮一锅".into(),
        preheader: "都备好了".into(),
        sender_name: String::new(),
        sender_address: String::new(),
        mjml: mjml(words),
    }
}

impl World {
    /// Makes an item that says `words` in one language.
    pub async fn content(&self, words: &str) -> ContentView {
        self.content_by(&self.people.author, vec![variant(Language::ZhHans, words)]).await.expect("an item")
    }

    pub async fn content_by(&self, caller: &Caller, variants: Vec<Variant>) -> Result<ContentView> {
        let new = NewContent {
            brand_id: self.brand.id,
            department_id: None,
            kind: ContentKind::Email,
            title: "冬日暖锅节".into(),
            campaign_id: None,
            plan_id: None,
            languages: variants.iter().map(|variant| variant.language).collect(),
            variants,
        };
        content::service::create(&self.app, caller, new).await
    }

    pub async fn save(&self, caller: &Caller, seen: &ContentView, words: &str) -> Result<ContentView> {
        let new = NewVersion { variants: vec![variant(Language::ZhHans, words)], note: String::new() };
        let saved = version::save(&self.app, caller, seen.content.id, seen.content.version, new).await?;
        Ok(saved.0)
    }

    pub async fn submit(&self, caller: &Caller, seen: &ContentView) -> Result<ContentView> {
        let (id, version) = (seen.content.id, seen.content.version);
        review::service::submit(&self.app, caller, id, version, Submission::default()).await
    }

    pub async fn approve(&self, caller: &Caller, seen: &ContentView) -> Result<ContentView> {
        let (id, version) = (seen.content.id, seen.content.version);
        review::service::approve(&self.app, caller, id, version, Approving::default()).await
    }

    /// Makes an item and takes it through its review.
    pub async fn approved(&self, words: &str) -> ContentView {
        let made = self.content(words).await;
        let submitted = self.submit(&self.people.author, &made).await.expect("submitted");
        self.approve(&self.people.reviewer, &submitted).await.expect("approved")
    }

    pub async fn again(&self, id: Id) -> ContentView {
        content::service::get(&self.app, &self.people.author, id).await.expect("an item")
    }

    pub async fn token(&self, id: Id) -> Result<String> {
        Ok(brand::approval::service::with_token(&self.app, &self.people.author, id).await?.token)
    }

    /// Knocks at the release door as campaigns do: through the port.
    pub async fn release(&self, id: Id, token: &str) -> Result<Released> {
        let door = self.app.ports.release.get()?;
        door.release(&self.people.author, id, token, ReleaseUse { kind: "campaign", used_by: Id::new() })
            .await
    }

    /// Returns the door's decisions about an item, newest first.
    pub async fn decisions(&self, id: Id) -> Vec<release::ReleaseDecision> {
        let filter = release::ReleaseFilter { content_id: Some(id), ..Default::default() };
        let page = release::service::list(&self.app, &self.people.author, &Default::default(), &filter).await;
        page.expect("decisions").items
    }
}

/// Returns the code of a refusal.
pub fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Problem { code, .. }) => code.into_owned(),
        Ok(value) => panic!("let through: {value:?}"),
    }
}
