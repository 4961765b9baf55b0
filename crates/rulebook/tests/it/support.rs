use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use blob::Blobs;
use http_kit::{App, Settings, read_texts};
use kernel::ports::{Port, Ports};
use kernel::{
    Actor, Caller, Column, ColumnKind, Currency, Grant, GrantScope, Id, Label, Language, Permission,
    TextBook, View,
};
use rulebook::Rulebook;
use rulebook::pack::{Fault, Folder};
use store::Migration;
use store::testing::TestStore;

pub const REVIEW_READ: Permission = Permission::scoped("test.review.read");
pub const WRITE: Permission = Permission::scoped("brand.content.write");
pub const APPROVE: Permission = Permission::scoped("brand.content.approve");

/// Permissions that the shipped machines name, beside those of the tests.
pub const PERMISSIONS: &[Permission] = &[
    REVIEW_READ,
    WRITE,
    APPROVE,
    Permission::scoped("campaigns.campaign.write"),
    Permission::scoped("campaigns.campaign.launch"),
    Permission::scoped("governance.budget.write"),
    Permission::scoped("governance.budget.check"),
    Permission::scoped("governance.budget.approve"),
    Permission::scoped("governance.adjustment.create"),
    rulebook::permissions::EVIDENCE_GIVE,
    rulebook::permissions::CLAUSE_READ,
];

/// A small domain that publishes one view.
pub const REVIEWS: View = View {
    name: "v_test_review",
    columns: &[
        Column::new("id", ColumnKind::Text),
        Column::new("brand_id", ColumnKind::Text),
        Column::new("state", ColumnKind::Text),
        Column::new("same_person", ColumnKind::Boolean),
        Column::new("score", ColumnKind::Real),
        Column::new("rounds", ColumnKind::Integer),
        Column::personal("author_name", ColumnKind::Text),
        Column::new("submitted_at", ColumnKind::Time),
        Column::new("decided_at", ColumnKind::Time),
    ],
    at: "submitted_at",
    permission: REVIEW_READ.code,
    link: "/reviews/{id}",
};

const REVIEW_TABLE: Migration = Migration {
    id: "test/0001_review",
    sql: "CREATE TABLE review (id TEXT PRIMARY KEY, brand_id TEXT, state TEXT, author TEXT, decider TEXT, \
            score DOUBLE PRECISION, rounds BIGINT, author_name TEXT, submitted_at BIGINT, decided_at BIGINT); \
          CREATE VIEW v_test_review AS SELECT id, brand_id, state, (author = decider) AS same_person, score, \
            rounds, author_name, submitted_at, decided_at FROM review;",
};

/// The rulebook's own tables, then those of the importer and of the small domain.
pub const MIGRATIONS: &[Migration] =
    store::migrations![rulebook::MIGRATIONS, tabular::MIGRATIONS, &[REVIEW_TABLE]];

/// Makes an app on a test database with these packs.
pub async fn app(store: &TestStore, folders: Vec<Folder>) -> App {
    try_app(store, folders).await.expect("the packs are published")
}

/// Makes an app on a test database with these packs, unless they cannot be published there.
pub async fn try_app(store: &TestStore, folders: Vec<Folder>) -> kernel::Result<App> {
    let mut texts = TextBook::default();
    texts
        .extend(read_texts("rulebook", rulebook::TEXTS).expect("texts are complete"))
        .expect("codes are unique");
    let views: Vec<View> = rulebook::VIEWS.iter().copied().chain([REVIEWS]).collect();
    let book =
        Rulebook::from_folders(folders, &views, PERMISSIONS).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let permissions: Vec<Permission> =
        PERMISSIONS.iter().copied().chain(book.record_types().flat_map(|t| t.permissions.clone())).collect();
    let mut parts = axum::http::Extensions::new();
    parts.insert(book);
    let app = App {
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
        parts,
        settings: Settings {
            data_dir: store.dir().to_owned(),
            admin_url: "http://127.0.0.1:8080".into(),
            public_url: None,
            sample: false,
            reply_to: None,
            time_zone: jiff::tz::TimeZone::UTC,
            currency: Currency::try_from("CNY".to_owned()).expect("a currency"),
        },
    };
    rulebook::publish(&app).await?;
    Ok(app)
}

/// Makes somebody who holds permissions within a scope.
pub fn somebody(permissions: &[Permission], scope: GrantScope) -> Caller {
    let permissions: BTreeSet<String> = permissions.iter().map(|p| p.code.to_owned()).collect();
    let mut caller = Caller::anonymous(Language::En, "test".into());
    caller.actor = Actor::User { id: Id::new(), name: "Somebody".into(), by_token: false };
    caller.grants = Arc::new([Grant { permissions: Arc::new(permissions), scope }]);
    caller.clearance = Label::Internal;
    caller
}

/// Makes a pack folder from its files.
pub fn folder(name: &str, files: &[(&str, &str)]) -> Folder {
    let manifest = format!(
        "id: {name}\nversion: 1.0.0\ndocument: TT\ndefault_language: en\ntexts:\n  title: {{en: Test}}\n\
         chapters:\n  - id: TT-1\n    texts: {{title: {{en: One}}}}\n"
    );
    let mut all = BTreeMap::from([("pack.yaml".to_owned(), manifest)]);
    all.extend(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    Folder { name: name.to_owned(), files: all }
}

/// Returns the faults of a pack as `file:line code`.
pub fn faults(files: &[(&str, &str)]) -> Vec<String> {
    let views = [REVIEWS];
    let found = Rulebook::from_folders(vec![folder("test", files)], &views, PERMISSIONS);
    let shown = |fault: &Fault| format!("{}:{} {}", fault.file, fault.line, fault.code);
    found.err().unwrap_or_default().iter().map(shown).collect()
}
