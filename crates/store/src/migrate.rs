use kernel::{Problem, Result};
use sha2::{Digest, Sha256};

use crate::store::Pools;
use crate::tx::{Observation, Tx};
use crate::{Dialect, Store, args};

/// One step of the schema (迁移), written once for both databases.
///
/// The text is portable SQL with two places for what the databases spell differently:
/// `{bytes}` (BLOB or BYTEA) and `{autoid}` (a growing integer primary key).
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// `<domain>/<number>_<what>`; never changes once released.
    pub id: &'static str,
    /// The text.
    pub sql: &'static str,
}

/// Joins the steps of several domains into one list, in this order: `store::migrations![tabular::MIGRATIONS, &[OWN]]`.
#[macro_export]
macro_rules! migrations {
    ($($list:expr),+ $(,)?) => {{
        const LISTS: &[&[$crate::Migration]] = &[$($list),+];
        const ALL: [$crate::Migration; $crate::count_migrations(LISTS)] = $crate::join_migrations(LISTS);
        &ALL
    }};
}

/// Counts the steps of several lists; for [`migrations!`].
pub const fn count_migrations(lists: &[&[Migration]]) -> usize {
    let (mut count, mut list) = (0, 0);
    while list < lists.len() {
        count += lists[list].len();
        list += 1;
    }
    count
}

/// Joins lists whose steps are `N` together; for [`migrations!`].
pub const fn join_migrations<const N: usize>(lists: &[&[Migration]]) -> [Migration; N] {
    let mut all = [Migration { id: "", sql: "" }; N];
    let (mut place, mut list) = (0, 0);
    while list < lists.len() {
        let mut step = 0;
        while step < lists[list].len() {
            all[place] = lists[list][step];
            place += 1;
            step += 1;
        }
        list += 1;
    }
    all
}

/// The store's own tables come first.
const OWN: &[Migration] =
    &[Migration { id: "store/0001_init", sql: include_str!("../migrations/0001_init.sql") }];

const HISTORY: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    id TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";

impl Store {
    /// Brings the schema up to date, all steps in one transaction: a step that fails leaves nothing behind. A step that was
    /// edited after its release, or that this program does not know, is refused.
    pub async fn migrate(&self, domains: &[Migration]) -> Result<usize> {
        self.script(HISTORY.to_owned()).await?;
        let applied: Vec<(String, String)> =
            self.all("SELECT id, checksum FROM schema_migration ORDER BY id", args![]).await?;
        let wanted: Vec<&Migration> = OWN.iter().chain(domains).collect();
        if let Some((id, _)) = applied.iter().find(|(id, _)| wanted.iter().all(|m| m.id != id)) {
            return Err(Problem::unavailable("store.schema_from_the_future").with("migration", id));
        }
        let mut missing = Vec::new();
        for migration in wanted {
            let checksum = hex::encode(Sha256::digest(migration.sql));
            match applied.iter().find(|(id, _)| id == migration.id) {
                Some((_, sum)) if *sum == checksum => {}
                Some(_) => {
                    return Err(
                        Problem::unavailable("store.migration_edited").with("migration", migration.id)
                    );
                }
                None => missing.push((migration, checksum)),
            }
        }
        if missing.is_empty() {
            return Ok(0);
        }
        let mut tx = self.begin_observation(Observation::Upkeep).await?;
        for (migration, checksum) in &missing {
            self.apply(&mut tx, migration, checksum).await?;
        }
        tx.commit().await?;
        Ok(missing.len())
    }

    /// Makes the schema that an older or equal program had: exactly the steps of `wanted`, as `(id, checksum)`.
    pub(crate) async fn migrate_exactly(
        &self,
        domains: &[Migration],
        wanted: &[(String, String)],
    ) -> Result<()> {
        let known: Vec<&Migration> = OWN.iter().chain(domains).collect();
        if let Some((id, _)) = wanted.iter().find(|(id, _)| known.iter().all(|m| m.id != id)) {
            return Err(Problem::unprocessable("store.schema_from_the_future").with("migration", id));
        }
        self.script(HISTORY.to_owned()).await?;
        let mut tx = self.begin_observation(Observation::Upkeep).await?;
        for migration in known {
            let checksum = hex::encode(Sha256::digest(migration.sql));
            match wanted.iter().find(|(id, _)| id == migration.id) {
                None => {}
                Some((_, sum)) if *sum == checksum => self.apply(&mut tx, migration, &checksum).await?,
                Some(_) => {
                    return Err(
                        Problem::unprocessable("store.migration_edited").with("migration", migration.id)
                    );
                }
            }
        }
        tx.commit().await
    }

    /// Returns the steps that this program knows and the database has not seen.
    pub async fn missing_migrations(&self, domains: &[Migration]) -> Result<Vec<&'static str>> {
        let applied: Vec<String> = self.all("SELECT id FROM schema_migration", args![]).await?;
        let wanted = OWN.iter().chain(domains).map(|migration| migration.id);
        Ok(wanted.filter(|id| applied.iter().all(|known| known != id)).collect())
    }

    async fn apply(&self, tx: &mut Tx, migration: &Migration, checksum: &str) -> Result<()> {
        tx.script(self.spell(migration.sql))
            .await
            .map_err(|error| Problem::internal(format!("migration {}: {error:?}", migration.id)))?;
        tx.exec(
            "INSERT INTO schema_migration (id, checksum, applied_at) VALUES ($1, $2, $3)",
            args![migration.id, checksum, self.now()],
        )
        .await
        .map(drop)
    }

    fn spell(&self, sql: &str) -> String {
        let (bytes, autoid) = match self.dialect() {
            Dialect::Sqlite => ("BLOB", "INTEGER PRIMARY KEY AUTOINCREMENT"),
            Dialect::Postgres => ("BYTEA", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
        };
        sql.replace("{bytes}", bytes).replace("{autoid}", autoid)
    }

    /// Runs a script of several statements by itself.
    pub(crate) async fn script(&self, sql: String) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => writer.script(&sql).await,
            Pools::Postgres(pool) => {
                let script = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
                script.execute(pool).await.map(drop).map_err(crate::error::problem)
            }
        }
    }
}
