//! Helpers for tests: databases that live as long as a test, on both kinds.

mod cluster;
mod prepare;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use kernel::{ManualClock, Timestamp};
use tempfile::TempDir;

pub use self::cluster::Cluster;
pub use self::prepare::assert_statements_prepare;
use crate::{Config, Migration, Secrets, Store};

/// When tests begin, by their clock: 2026-11-22T08:00:00Z.
pub const START: Timestamp = Timestamp::from_ms(1_795_334_400_000);

/// A fresh database with a clock that the test moves; gone with the test.
#[derive(Debug)]
pub struct TestStore {
    store: Store,
    /// The clock of the database.
    pub clock: ManualClock,
    config: Config,
    dir: TempDir,
    /// Name of the PostgreSQL database to drop.
    database: Option<String>,
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl TestStore {
    /// Makes a SQLite database with the store's own tables.
    pub async fn sqlite() -> Self {
        Self::sqlite_with(&[]).await
    }

    /// Makes a PostgreSQL database with the store's own tables.
    pub async fn postgres() -> Self {
        Self::postgres_with(&[]).await
    }

    /// Makes a SQLite database with the tables of domains, too.
    pub async fn sqlite_with(domains: &[Migration]) -> Self {
        let dir = tempdir();
        let config = Config::Sqlite { file: dir.path().join("test.db") };
        let test = Self::open(config, dir, None).await;
        test.store.migrate(domains).await.expect("migrations run on SQLite");
        test
    }

    /// Makes a PostgreSQL database with the tables of domains, too: a copy of one that was migrated once.
    pub async fn postgres_with(domains: &[Migration]) -> Self {
        let cluster = Cluster::shared();
        let template = template_name(domains);
        cluster
            .template(&template, async |config| {
                let test = Self::open(config, tempdir(), None).await;
                test.store.migrate(domains).await.expect("migrations run on PostgreSQL");
                test.store.close().await;
            })
            .await;
        let database = cluster.create(&template).await;
        Self::open(cluster.config(&database), tempdir(), Some(database)).await
    }

    async fn open(config: Config, dir: TempDir, database: Option<String>) -> Self {
        let clock = ManualClock::starting_at(START);
        let store = Store::open(&config, Arc::new(clock.clone())).await.expect("a test database opens");
        Self { store, clock, config, dir, database }
    }

    /// Opens the same database once more, as another node or a restart would.
    pub async fn reopen(&self) -> Store {
        Store::open(&self.config, Arc::new(self.clock.clone())).await.expect("a test database opens")
    }

    /// Returns where the database is, for programs that open it themselves.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Returns a directory that is gone with the test.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Opens the secrets under a key file in [`Self::dir`].
    pub async fn secrets(&self) -> Secrets {
        Secrets::open(self.store.clone(), &self.dir().join("master.key")).await.expect("a key file is made")
    }

    /// Runs SQL as somebody would who has the database to himself.
    pub async fn tamper(&self, sql: &str) {
        self.store.script(sql.to_owned()).await.expect("tampering is valid SQL");
    }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        if let Some(database) = &self.database {
            Cluster::shared().drop_later(database);
        }
    }
}

fn tempdir() -> TempDir {
    tempfile::Builder::new().prefix("store-test-").tempdir().expect("the temporary directory can be written")
}

fn template_name(domains: &[Migration]) -> String {
    let mut hasher = DefaultHasher::new();
    for migration in domains {
        (migration.id, migration.sql).hash(&mut hasher);
    }
    format!("template_{:016x}", hasher.finish())
}

/// Makes one test per database of each function: `on_both! { async fn name(store: TestStore) { … } }`.
///
/// Begin with `migrations = MIGRATIONS;` to have the tables of a domain.
#[macro_export]
macro_rules! on_both {
    (migrations = $migrations:expr; $(
        $(#[$meta:meta])* async fn $name:ident($store:ident: TestStore) $body:block
    )+) => { $(
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn story($store: $crate::testing::TestStore) $body

            #[tokio::test]
            async fn sqlite() {
                story($crate::testing::TestStore::sqlite_with($migrations).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                story($crate::testing::TestStore::postgres_with($migrations).await).await;
            }
        }
    )+ };
    ($($stories:tt)+) => { $crate::on_both! { migrations = &[]; $($stories)+ } };
}
