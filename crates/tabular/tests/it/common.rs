//! A product with one importable noun, kept in the importer's own tables' neighbour `thing`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use http_kit::{App, AppState, Settings};
use kernel::ports::{Port, Ports};
use kernel::{Caller, Currency, Id, Permission, Problem, Result, TextBook};
use store::jobs::{Registry, Runner};
use store::testing::TestStore;
use store::{Migration, Query, Tx, args};
use tabular::{FieldKind, FieldSpec, ImportRef, MappedRow, RowOutcome, Target, Targets, natural_id};

pub const MIGRATIONS: &[Migration] = &[
    tabular::MIGRATIONS[0],
    Migration {
        id: "test/0001_thing",
        sql: "CREATE TABLE thing (id TEXT PRIMARY KEY, name TEXT NOT NULL, price BIGINT, day TEXT, import_id TEXT NOT NULL);
              CREATE INDEX thing_import ON thing (import_id);",
    },
];

const FIELDS: &[FieldSpec] = &[
    FieldSpec::required("number", FieldKind::Key(40), &["No", "编号"]),
    FieldSpec::required("name", FieldKind::Text(200), &["名称"]),
    FieldSpec::optional("price", FieldKind::Money, &["价格"]),
    FieldSpec::optional("day", FieldKind::Date, &["日期"]),
];

/// Stores things; fails once after so many chunks when told to.
#[derive(Debug)]
pub struct Things {
    pub fails_after: AtomicI64,
}

#[async_trait]
impl Target for Things {
    fn noun(&self) -> &'static str {
        "things"
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn permission(&self) -> Permission {
        Permission::company("test.thing.import")
    }

    async fn store(
        &self,
        _: &App,
        tx: &mut Tx,
        import: &ImportRef,
        rows: Vec<MappedRow>,
    ) -> Result<Vec<RowOutcome>> {
        if self.fails_after.fetch_sub(1, Ordering::SeqCst) == 0 {
            return Err(Problem::internal("the power went"));
        }
        let ids: Vec<Id> =
            rows.iter().map(|row| natural_id(&[&import.source, row.text(0).expect("required")])).collect();
        let mut known: Vec<String> = Vec::new();
        for part in ids.chunks(500) {
            let mut query = Query::new("SELECT id FROM thing WHERE TRUE", args![]);
            query.and_in("id", part);
            known.extend(tx.list::<String>(query).await?);
        }
        let known: BTreeSet<String> = known.into_iter().collect();
        let (mut outcomes, mut new) = (Vec::new(), Vec::new());
        for (row, id) in rows.iter().zip(ids) {
            if known.contains(&id.to_string()) {
                outcomes.push(RowOutcome::Unchanged);
                continue;
            }
            new.push(args![id, row.text(1), row.integer(2), row.day(3), import.id]);
            outcomes.push(RowOutcome::Stored);
        }
        tx.insert_many("INSERT INTO thing (id, name, price, day, import_id) VALUES", new, "").await?;
        Ok(outcomes)
    }

    async fn undo(&self, _: &App, tx: &mut Tx, import_id: Id, limit: u32) -> Result<u64> {
        let sql = "DELETE FROM thing WHERE id IN (SELECT id FROM thing WHERE import_id = $1 LIMIT $2)";
        tx.exec(sql, args![import_id, limit]).await
    }
}

pub struct World {
    pub app: AppState,
    pub things: Arc<Things>,
    pub caller: Caller,
}

pub async fn world(store: &TestStore) -> World {
    let things = Arc::new(Things { fails_after: AtomicI64::new(i64::MAX) });
    let mut parts = axum::http::Extensions::new();
    parts.insert(Targets::new(vec![things.clone()]));
    let mut texts = TextBook::default();
    texts
        .extend(http_kit::read_texts("tabular", tabular::module().texts).expect("complete texts"))
        .expect("once each");
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
    World { app: Arc::new(app), things, caller: Caller::system("test") }
}

impl World {
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.app.settings.data_dir.join(name);
        std::fs::write(&path, bytes).expect("the test's own directory");
        path
    }

    pub async fn import(&self, path: &Path) -> Result<tabular::cli::Summary> {
        tabular::cli::import(&self.app, &self.caller, "things", path, Default::default(), |_| ()).await
    }

    pub async fn import_as(&self, noun: &str) -> Problem {
        let path = self.write("some.csv", table(1));
        tabular::cli::import(&self.app, &self.caller, noun, &path, Default::default(), |_| ())
            .await
            .expect_err("unknown")
    }

    pub async fn count(&self) -> i64 {
        self.app.store.get("SELECT CAST(COUNT(*) AS BIGINT) FROM thing", args![]).await.expect("a count")
    }

    /// Runs background work to its end.
    pub async fn work(&self) -> usize {
        let mut registry = Registry::new();
        (tabular::module().jobs)(&mut registry);
        Runner::new(self.app.store.clone(), self.app.clone(), registry, 1).run_due().await
    }

    /// Calls an operation as `caller` does.
    pub async fn call(&self, request: axum::http::Request<axum::body::Body>) -> (u16, Vec<u8>) {
        use tower::ServiceExt;
        let (router, _) = tabular::module().routes.split();
        let mut request = request;
        request.extensions_mut().insert(self.caller.clone());
        let response = router.with_state(self.app.clone()).oneshot(request).await.expect("infallible");
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (status, body.to_vec())
    }

    pub async fn json(
        &self,
        method: &str,
        path: &str,
        version: Option<i64>,
        body: Option<serde_json::Value>,
    ) -> (u16, serde_json::Value) {
        let mut request = axum::http::Request::builder().method(method).uri(path);
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or(axum::body::Body::empty(), |json| axum::body::Body::from(json.to_string()));
        let (status, bytes) = self.call(request.body(body).expect("a request")).await;
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }
}

/// A table of `count` things as CSV.
pub fn table(count: usize) -> String {
    let mut text = String::from("No,Name,Price,日期\n");
    for number in 1..=count {
        text.push_str(&format!(
            "{number}.0,thing {number},{}.50,{:02}-07-2026\n",
            number % 100,
            number % 28 + 1
        ));
    }
    text
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}
