use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use blob::Blobs;
use kernel::{Clock, Id, Problem, Result};
use serde::{Deserialize, Serialize};
use store::snapshot::{Filling, Table};
use store::{Config, Migration, Store};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;
use utoipa::ToSchema;

use super::key::BackupKey;
use super::read::{Entry, Reader};
use super::take::count;
use super::{ERASURES, Head, Manifest, TableCount};

/// Name of SQLite's file in a data directory.
pub const DATABASE_FILE: &str = "brandwright.db";
const MASTER_KEY: &str = "master.key";
const BACKUP_KEY: &str = "backup.key";

/// Where a backup is restored to: never where something is.
#[derive(Clone, Debug)]
pub struct Target {
    /// The new data directory; absent or empty.
    pub dir: PathBuf,
    /// An empty PostgreSQL database instead of SQLite in the directory.
    pub database_url: Option<String>,
    /// A copy of the master key, where the backup does not hold it.
    pub master_key: Option<PathBuf>,
}

/// What a restore brought back (恢复结果), measured and compared with the backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Restored {
    /// The new data directory.
    pub dir: String,
    /// Rows that are there.
    pub rows: i64,
    /// Files that are there.
    pub files: i64,
    /// Milliseconds from the first byte to the last comparison.
    pub took_ms: i64,
    /// Tables and files that are not as the backup has them; empty where all is well.
    pub differences: Vec<String>,
    /// True where the secrets open: the master key is there.
    pub master_key: bool,
}

/// Restores a backup into an empty place, then reads everything there again and compares.
pub async fn restore(
    file: &Path,
    key: &BackupKey,
    target: &Target,
    migrations: &[Migration],
    clock: Arc<dyn Clock>,
) -> Result<(Manifest, Restored)> {
    let began = Instant::now();
    require_empty(&target.dir).await?;
    let work = target.dir.join(format!("restoring-{}", Id::new()));
    fs::create_dir_all(&work).await.map_err(|error| unusable(&target.dir, &error))?;
    let made = bring_back(file, key, target, &work, migrations, clock).await;
    let (manifest, mut restored) = match made {
        Ok(made) => made,
        Err(problem) => {
            // Best effort: half a restore is of no use to anybody.
            let _ = fs::remove_dir_all(&work).await;
            return Err(problem);
        }
    };
    settle(&work, &target.dir).await.map_err(|error| unusable(&target.dir, &error))?;
    restored.took_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    Ok((manifest, restored))
}

async fn bring_back(
    file: &Path,
    key: &BackupKey,
    target: &Target,
    work: &Path,
    migrations: &[Migration],
    clock: Arc<dyn Clock>,
) -> Result<(Manifest, Restored)> {
    let config = match &target.database_url {
        Some(url) => Config::Postgres { url: url.clone() },
        None => Config::Sqlite { file: work.join(DATABASE_FILE) },
    };
    let mut reader = Reader::open(file, key);
    let Some(Entry::Head(head)) = reader.next().await? else {
        return Err(Problem::internal("a backup begins with its head"));
    };
    let store = Store::open(&config, clock).await?;
    let manifest = load(&mut reader, &head, &store, &config, work, migrations).await?;
    let mut differences = differences(&manifest.tables, &count(&store).await?);
    let blobs = Blobs::open(&work.join("blobs")).await?;
    let verification = blobs.verify_all().await?;
    // What was damaged in the original was said when the backup was taken.
    let damaged = verification.damaged.iter().map(ToString::to_string);
    differences.extend(damaged.filter(|hash| !manifest.files.damaged.contains(hash)));
    store.close().await;
    let master_key = place_keys(target, key, work).await?;
    carry_erasures(file, work).await?;
    let restored = Restored {
        dir: target.dir.display().to_string(),
        rows: manifest.rows(),
        files: manifest.files.count,
        took_ms: 0,
        differences,
        master_key,
    };
    Ok((manifest, restored))
}

/// Puts rows and files where they belong.
async fn load(
    reader: &mut Reader,
    head: &Head,
    store: &Store,
    config: &Config,
    work: &Path,
    migrations: &[Migration],
) -> Result<Manifest> {
    let mut filling = Filling::begin(store, config, migrations, &head.migrations).await?;
    let (mut tables, mut open): (Vec<Table>, Option<File>) = (Vec::new(), None);
    while let Some(entry) = reader.next().await? {
        match entry {
            Entry::Head(_) => {}
            Entry::Table(table) => tables.push(table),
            Entry::Rows(rows) => {
                let table = tables.last().ok_or_else(|| Problem::internal("rows without a table"))?;
                filling.add(table, rows).await?;
            }
            Entry::File(path) => open = Some(create(&work.join(path)).await?),
            Entry::Bytes(bytes) => {
                let file = open.as_mut().ok_or_else(|| Problem::internal("bytes without a file"))?;
                file.write_all(&bytes).await.map_err(full_or_internal)?;
            }
            Entry::FileEnd => {
                if let Some(file) = open.take() {
                    file.sync_all().await.map_err(full_or_internal)?;
                }
            }
            Entry::Manifest(manifest) => {
                filling.finish(&tables).await?;
                return Ok(manifest);
            }
        }
    }
    Err(Problem::internal("a backup ends with its manifest"))
}

async fn create(path: &Path) -> Result<File> {
    let folder = path.parent().expect("a file of a backup lies in a directory");
    fs::create_dir_all(folder).await.map_err(full_or_internal)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    if path.file_name().is_some_and(|name| name == MASTER_KEY) {
        options.mode(0o600);
    }
    options.open(path).await.map_err(full_or_internal)
}

/// Names tables whose rows are not those of the backup.
fn differences(wanted: &[TableCount], found: &[TableCount]) -> Vec<String> {
    let differs = |table: &&TableCount| !found.contains(table);
    let extra = |table: &&TableCount| wanted.iter().all(|other| other.name != table.name);
    let missing = wanted.iter().filter(differs).map(|table| table.name.clone());
    missing.chain(found.iter().filter(extra).map(|table| table.name.clone())).collect()
}

/// Puts the keys beside the data; returns whether the master key is there.
async fn place_keys(target: &Target, key: &BackupKey, work: &Path) -> Result<bool> {
    key.write(&work.join(BACKUP_KEY))?;
    let place = work.join(MASTER_KEY);
    if let Some(master_key) = &target.master_key {
        let text = fs::read(master_key).await.map_err(|error| unusable(master_key, &error))?;
        let mut file = fs::OpenOptions::new();
        let mut file = file.write(true).create(true).truncate(true).mode(0o600).open(&place).await;
        let file = file.as_mut().map_err(|error| unusable(&place, error))?;
        file.write_all(&text).await.map_err(full_or_internal)?;
        file.sync_all().await.map_err(full_or_internal)?;
    }
    Ok(fs::try_exists(&place).await.unwrap_or(false))
}

/// Brings the list of erased people along that lies beside the backup: who starts what came back erases them again.
async fn carry_erasures(file: &Path, work: &Path) -> Result<()> {
    let beside = file.parent().unwrap_or(Path::new(".")).join(ERASURES);
    let text = match fs::read(&beside).await {
        Ok(text) => text,
        // Nobody was erased, or the backup lies alone.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unusable(&beside, &error)),
    };
    let mut options = fs::OpenOptions::new();
    let mut list = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(work.join(ERASURES))
        .await
        .map_err(full_or_internal)?;
    list.write_all(&text).await.map_err(full_or_internal)?;
    list.sync_all().await.map_err(full_or_internal)
}

/// Moves everything to its place, the database last: a directory with one is whole.
async fn settle(work: &Path, dir: &Path) -> std::io::Result<()> {
    let mut names = Vec::new();
    let mut entries = fs::read_dir(work).await?;
    while let Some(entry) = entries.next_entry().await? {
        names.push(entry.file_name());
    }
    names.sort_by_key(|name| name == DATABASE_FILE);
    for name in names {
        fs::rename(work.join(&name), dir.join(&name)).await?;
    }
    fs::remove_dir(work).await?;
    File::open(dir).await?.sync_all().await
}

/// Refuses a directory in which something is.
async fn require_empty(dir: &Path) -> Result<()> {
    let mut entries = match fs::read_dir(dir).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unusable(dir, &error)),
    };
    match entries.next_entry().await.map_err(|error| unusable(dir, &error))? {
        None => Ok(()),
        Some(entry) => Err(Problem::conflict("backup.target_not_empty")
            .with("dir", dir.display().to_string())
            .with("found", entry.file_name().to_string_lossy().into_owned())),
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::unprocessable("backup.target_unusable")
        .with("dir", path.display().to_string())
        .with("reason", error.to_string())
}

fn full_or_internal(error: std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::StorageFull => Problem::new(507, "store.disk_full"),
        _ => Problem::internal(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_differ_are_named() {
        let table =
            |name: &str, digest: &str| TableCount { name: name.into(), rows: 1, digest: digest.into() };
        let wanted = [table("a", "1"), table("b", "1")];
        assert!(differences(&wanted, &wanted).is_empty());
        assert_eq!(differences(&wanted, &[table("a", "2"), table("b", "1"), table("c", "1")]), ["a", "c"]);
        assert_eq!(differences(&wanted, &[table("a", "1")]), ["b"]);
    }
}
