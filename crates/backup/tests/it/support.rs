//! A data directory with rows of every kind, and what is done with it.

use std::path::{Path, PathBuf};

use backup::archive::Manifest;
use backup::archive::key::BackupKey;
use backup::archive::restore::{Restored, Target, restore};
use backup::archive::take::{Source, take};
use blob::Blobs;
use kernel::{Caller, Result};
use store::testing::TestStore;
use store::{Audit, Config, Migration, Store, args};

pub const MIGRATIONS: &[Migration] = store::migrations![
    tabular::MIGRATIONS,
    rulebook::MIGRATIONS,
    identity::MIGRATIONS,
    &[ODD],
    backup::MIGRATIONS,
];

/// Rows that are hard to carry over: every kind of value, rows that point at each other, a row that a migration
/// brings, and numbers that the database gives out.
const ODD: Migration = Migration {
    id: "test/0001_odd",
    sql: "CREATE TABLE odd (
              id {autoid}, name TEXT, share DOUBLE PRECISION, yes BOOLEAN NOT NULL, raw {bytes},
              other_id BIGINT REFERENCES odd (id));
          CREATE TABLE odd_left (id TEXT PRIMARY KEY, right_id TEXT);
          CREATE TABLE odd_right (id TEXT PRIMARY KEY, left_id TEXT NOT NULL REFERENCES odd_left (id));
          INSERT INTO odd_left (id, right_id) VALUES ('brought', NULL);",
};

/// A data directory on a test's database.
pub struct Data {
    pub store: Store,
    pub blobs: Blobs,
    pub dir: PathBuf,
    pub key: BackupKey,
}

impl Data {
    /// Fills it with odd rows, files and a sealed audit log.
    pub async fn new(test: &TestStore) -> Self {
        let dir = test.dir().join("data");
        let blobs = Blobs::open(&dir.join("blobs")).await.expect("a directory");
        blobs.put("一份文件".as_bytes()).await.expect("a file");
        blobs.put(&vec![7; 200_000]).await.expect("a large file");
        let data = Self {
            store: test.reopen().await,
            blobs,
            key: BackupKey::read_or_make(&dir.join("backup.key")).expect("a key"),
            dir,
        };
        data.odd(Some("品匠 \"quoted\"\n[line]"), Some(0.1 + 0.2), true, Some(vec![0, 255, 10])).await;
        data.odd(None, None, false, None).await;
        let secrets = test.secrets().await;
        let sealer =
            store::audit::Sealer::new(data.store.clone(), &secrets, data.dir.join("anchors/audit.jsonl"));
        sealer.await.expect("a sealer").close().await.expect("seals");
        data
    }

    /// Stores a row that points at itself, with its audit row.
    pub async fn odd(&self, name: Option<&str>, share: Option<f64>, yes: bool, raw: Option<Vec<u8>>) {
        let mut tx = self.store.begin(&Caller::system("test")).await.expect("begins");
        let id: i64 = tx
            .get(
                "INSERT INTO odd (name, share, yes, raw) VALUES ($1, $2, $3, $4) RETURNING id",
                args![name, share, yes, raw],
            )
            .await
            .expect("a row");
        tx.exec_one("UPDATE odd SET other_id = $1 WHERE id = $1", args![id]).await.expect("itself");
        tx.audit(Audit::new("create", "test.odd", id)).await.expect("audited");
        tx.commit().await.expect("commits");
    }

    /// Takes a backup.
    pub async fn take(&self, path: &Path) -> Result<Manifest> {
        let source = Source {
            store: &self.store,
            blobs: &self.blobs,
            data_dir: &self.dir,
            product: "test",
            master_key: false,
        };
        take(&source, path, &self.key).await.map(|(manifest, _)| manifest)
    }

    /// Restores a backup into a directory.
    pub async fn restore(
        &self,
        file: &Path,
        dir: &Path,
        database: Option<&Config>,
    ) -> Result<(Manifest, Restored)> {
        let database_url = database.map(|config| match config {
            Config::Postgres { url } => url.clone(),
            Config::Sqlite { .. } => panic!("a PostgreSQL database is meant"),
        });
        let target = Target { dir: dir.to_owned(), database_url, master_key: None };
        restore(file, &self.key, &target, MIGRATIONS, self.store.clock()).await
    }
}

/// Opens what was restored.
pub async fn open(dir: &Path, like: &Store) -> Store {
    let config = Config::Sqlite { file: dir.join("brandwright.db") };
    Store::open(&config, like.clock()).await.expect("what was restored opens")
}

/// Returns the names in a directory.
pub fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).expect("a directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Returns an empty PostgreSQL database, which lives as long as its handle.
pub async fn empty_postgres() -> TestStore {
    let test = TestStore::postgres().await;
    test.tamper("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    test
}
